-- Tariffs, budgets and pots, what accesses earned, who paid for it and who was paid.
--
-- A table whose rows change is followed by its history: what a row said from block_number on, until
-- until_block, exclusive. Sums of all time may exceed a u128, since what was withdrawn can be paid in
-- again: they are numeric(78, 0).

-- As the contract holds it: what is due stays the next one until another tariff is set.
create table tariffs (
    purpose smallint not null
        constraint tariffs_pkey primary key
        constraint tariffs_purpose_index check (purpose between 0 and 31),
    -- What a permitted access earns, token base units, unless the next tariff holds; 0: nothing.
    amount amount not null,
    -- Whether an access that nobody can pay is refused.
    required boolean not null,
    -- The tariff that was set last, if it replaces that, and the first moment at which it does, ms since
    -- 1970.
    next_amount amount,
    next_required boolean,
    next_from_ms u64,
    block_number bigint not null,
    event_index integer not null,
    constraint tariffs_next_waits check (
        (next_amount is null) = (next_from_ms is null)
        and (next_required is null) = (next_from_ms is null)
    ),
    -- Purpose 0 is treatment.
    constraint tariffs_care_never_waits_for_money
        check (purpose <> 0 or (not required and next_required is not true))
);

create table tariffs_history (
    like tariffs,
    until_block bigint not null,
    constraint tariffs_history_pkey primary key (purpose, block_number)
) partition by range (block_number);

-- What is owed to an account comes from accesses to its data or, when it was a sponsor, from its pot.
create table rewards (
    account account_id not null
        constraint rewards_pkey primary key,
    owed amount not null,
    accrued numeric(78, 0) not null
        constraint rewards_accrued_not_negative check (accrued >= 0),
    -- What its pots held when it was replaced as a sponsor.
    returned numeric(78, 0) not null
        constraint rewards_returned_not_negative check (returned >= 0),
    paid numeric(78, 0) not null
        constraint rewards_paid_not_negative check (paid >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint rewards_owed_is_the_rest check (owed = accrued + returned - paid)
);

create table rewards_history (
    like rewards,
    until_block bigint not null,
    constraint rewards_history_pkey primary key (account, block_number)
) partition by range (block_number);

-- What a requester's accesses are paid from, unless a sponsor pays.
create table reward_budgets (
    requester account_id not null
        constraint reward_budgets_pkey primary key,
    balance amount not null,
    funded numeric(78, 0) not null
        constraint reward_budgets_funded_not_negative check (funded >= 0),
    spent numeric(78, 0) not null
        constraint reward_budgets_spent_not_negative check (spent >= 0),
    withdrawn numeric(78, 0) not null
        constraint reward_budgets_withdrawn_not_negative check (withdrawn >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint reward_budgets_balance_is_the_rest check (balance = funded - spent - withdrawn)
);

create table reward_budgets_history (
    like reward_budgets,
    until_block bigint not null,
    constraint reward_budgets_history_pkey primary key (requester, block_number)
) partition by range (block_number);

-- Every payment into a budget and out of it, by the position of its event.
create table reward_budget_movements (
    block_number bigint not null,
    event_index integer not null,
    requester account_id not null,
    kind text not null
        constraint reward_budget_movements_kind_known check (kind in ('funded', 'withdrawn')),
    -- Who paid, or who was paid: the requester himself.
    account account_id not null,
    amount amount not null
        constraint reward_budget_movements_something check (amount > 0),
    constraint reward_budget_movements_pkey primary key (block_number, event_index),
    constraint reward_budget_movements_to_the_requester
        check (kind = 'funded' or account = requester)
);
create index reward_budget_movements_by_requester
    on reward_budget_movements (requester, block_number, event_index);

-- What the sponsor of a purpose pays for its accesses; a row once there was one. The sums are of this
-- sponsor.
create table reward_pots (
    purpose smallint not null
        constraint reward_pots_pkey primary key
        constraint reward_pots_purpose_index check (purpose between 0 and 31),
    -- How often a sponsor was set: each time the pot begins anew.
    sponsorship bigint not null
        constraint reward_pots_sponsorship_from_one check (sponsorship >= 1),
    -- Null: nobody.
    sponsor account_id,
    balance amount not null,
    -- What it pays for one requester in one period at most.
    cap amount not null,
    sponsored numeric(78, 0) not null
        constraint reward_pots_sponsored_not_negative check (sponsored >= 0),
    spent numeric(78, 0) not null
        constraint reward_pots_spent_not_negative check (spent >= 0),
    withdrawn numeric(78, 0) not null
        constraint reward_pots_withdrawn_not_negative check (withdrawn >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint reward_pots_balance_is_the_rest check (balance = sponsored - spent - withdrawn),
    constraint reward_pots_of_nobody_is_empty
        check (sponsor is not null or (balance = 0 and cap = 0))
);

create table reward_pots_history (
    like reward_pots,
    until_block bigint not null,
    constraint reward_pots_history_pkey primary key (purpose, block_number)
) partition by range (block_number);

-- Every payment into a pot and out of it, by the position of its event. What was left when the sponsor
-- was replaced was not paid to him, but is owed to him from then on.
create table reward_pot_movements (
    block_number bigint not null,
    event_index integer not null,
    purpose smallint not null
        constraint reward_pot_movements_purpose_index check (purpose between 0 and 31),
    sponsorship bigint not null,
    kind text not null
        constraint reward_pot_movements_kind_known
        check (kind in ('sponsored', 'withdrawn', 'returned')),
    sponsor account_id not null,
    -- 0 when only the cap was set, or nothing was left.
    amount amount not null,
    -- The cap that was set with it; only when sponsored.
    cap amount,
    constraint reward_pot_movements_pkey primary key (block_number, event_index),
    constraint reward_pot_movements_cap_if_sponsored
        check ((kind = 'sponsored') = (cap is not null)),
    constraint reward_pot_movements_something check (kind <> 'withdrawn' or amount > 0)
);
create index reward_pot_movements_by_purpose
    on reward_pot_movements (purpose, block_number, event_index);
create index reward_pot_movements_by_sponsor
    on reward_pot_movements (sponsor, block_number, event_index);

-- What each access earned: one row an access, so it pays once.
create table reward_accruals (
    access bigint not null
        constraint reward_accruals_pkey primary key
        constraint reward_accruals_access_from_one check (access >= 1),
    owner account_id not null,
    requester account_id not null,
    purpose smallint not null
        constraint reward_accruals_purpose_index check (purpose between 0 and 31),
    amount amount not null
        constraint reward_accruals_something check (amount > 0),
    -- Who paid it from the purpose's pot, and in which sponsorship; null: the requester's budget.
    sponsor account_id,
    sponsorship bigint,
    at_ms bigint not null
        constraint reward_accruals_at_not_negative check (at_ms >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint reward_accruals_sponsor_in_a_sponsorship
        check ((sponsor is null) = (sponsorship is null))
);
create index reward_accruals_by_owner on reward_accruals (owner, access);
create index reward_accruals_by_requester on reward_accruals (requester, access);
create index reward_accruals_by_sponsor on reward_accruals (sponsor, access)
    where sponsor is not null;

-- Accesses that earned nothing though there is a tariff: nobody could pay it, or the contract was paused.
create table reward_unfunded (
    access bigint not null
        constraint reward_unfunded_pkey primary key
        constraint reward_unfunded_access_from_one check (access >= 1),
    owner account_id not null,
    requester account_id not null,
    purpose smallint not null
        constraint reward_unfunded_purpose_index check (purpose between 0 and 31),
    -- The tariff that was missed.
    amount amount not null
        constraint reward_unfunded_something check (amount > 0),
    -- Whether the access was refused for it.
    required boolean not null,
    block_number bigint not null,
    event_index integer not null,
    constraint reward_unfunded_care_is_not_refused check (purpose <> 0 or not required)
);
create index reward_unfunded_by_owner on reward_unfunded (owner, access);
create index reward_unfunded_by_requester on reward_unfunded (requester, access);

-- Sums over all accounts; no row before the first event of the rewards contract.
create table reward_totals (
    singleton boolean not null default true
        constraint reward_totals_pkey primary key
        constraint reward_totals_one_row check (singleton),
    -- The contract that may accrue; null before it is set.
    consent account_id,
    -- What is in budgets, what is in pots, and what is owed.
    budgets amount not null default 0,
    pots amount not null default 0,
    owed amount not null default 0,
    accrued numeric(78, 0) not null default 0
        constraint reward_totals_accrued_not_negative check (accrued >= 0),
    returned numeric(78, 0) not null default 0
        constraint reward_totals_returned_not_negative check (returned >= 0),
    paid numeric(78, 0) not null default 0
        constraint reward_totals_paid_not_negative check (paid >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint reward_totals_owed_is_the_rest check (owed = accrued + returned - paid)
);

create table reward_totals_history (
    like reward_totals,
    until_block bigint not null,
    constraint reward_totals_history_pkey primary key (singleton, block_number)
) partition by range (block_number);

-- Every withdrawal of what was owed, by the position of its event.
create table reward_withdrawals (
    block_number bigint not null,
    event_index integer not null,
    -- To whom it was owed, and who was paid.
    owner account_id not null,
    paid_to account_id not null,
    amount amount not null,
    constraint reward_withdrawals_pkey primary key (block_number, event_index)
);
create index reward_withdrawals_by_owner on reward_withdrawals (owner, block_number, event_index);
