-- Tariffs, what accesses earned, who paid for it and who was paid.
--
-- A table whose rows change is followed by its history: what a row said from block_number on, until
-- until_block, exclusive. Sums of all time may exceed a u128, since what was withdrawn can be paid in
-- again: they are numeric(78, 0).

create table tariffs (
    purpose smallint not null
        constraint tariffs_pkey primary key
        constraint tariffs_purpose_index check (purpose between 0 and 31),
    -- Token base units per permitted access; 0: earns nothing.
    amount amount not null,
    block_number bigint not null,
    event_index integer not null
);

create table tariffs_history (
    like tariffs,
    until_block bigint not null,
    constraint tariffs_history_pkey primary key (purpose, block_number)
) partition by range (block_number);

-- What is owed to an account comes from its accesses or, when it had paid in, from a refund.
create table rewards (
    account account_id not null
        constraint rewards_pkey primary key,
    owed amount not null,
    accrued numeric(78, 0) not null
        constraint rewards_accrued_not_negative check (accrued >= 0),
    refunded numeric(78, 0) not null
        constraint rewards_refunded_not_negative check (refunded >= 0),
    withdrawn numeric(78, 0) not null
        constraint rewards_withdrawn_not_negative check (withdrawn >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint rewards_owed_is_the_rest check (owed = accrued + refunded - withdrawn)
);

create table rewards_history (
    like rewards,
    until_block bigint not null,
    constraint rewards_history_pkey primary key (account, block_number)
) partition by range (block_number);

-- What became of each permitted access that has a tariff: one row an access, so it pays once.
create table reward_accruals (
    access bigint not null
        constraint reward_accruals_pkey primary key
        constraint reward_accruals_access_from_one check (access >= 1),
    owner account_id not null,
    purpose smallint not null
        constraint reward_accruals_purpose_index check (purpose between 0 and 31),
    amount amount not null,
    -- false: the fund did not hold the tariff, so nothing is owed for this access.
    funded boolean not null,
    block_number bigint not null,
    event_index integer not null
);
create index reward_accruals_by_owner on reward_accruals (owner, access);

-- Sums over all accounts; no row before the first event of the rewards contract.
create table reward_totals (
    singleton boolean not null default true
        constraint reward_totals_pkey primary key
        constraint reward_totals_one_row check (singleton),
    -- The contract that may accrue; null before it is set.
    consent account_id,
    funded numeric(78, 0) not null default 0
        constraint reward_totals_funded_not_negative check (funded >= 0),
    unspent amount not null default 0,
    owed amount not null default 0,
    accrued numeric(78, 0) not null default 0
        constraint reward_totals_accrued_not_negative check (accrued >= 0),
    refunded numeric(78, 0) not null default 0
        constraint reward_totals_refunded_not_negative check (refunded >= 0),
    withdrawn numeric(78, 0) not null default 0
        constraint reward_totals_withdrawn_not_negative check (withdrawn >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint reward_totals_unspent_is_the_rest check (unspent = funded - accrued - refunded),
    constraint reward_totals_owed_is_the_rest check (owed = accrued + refunded - withdrawn)
);

create table reward_totals_history (
    like reward_totals,
    until_block bigint not null,
    constraint reward_totals_history_pkey primary key (singleton, block_number)
) partition by range (block_number);

-- What each funder paid in, and what of it was credited back; no more than the rest can be.
create table reward_contributions (
    funder account_id not null
        constraint reward_contributions_pkey primary key,
    funded numeric(78, 0) not null
        constraint reward_contributions_funded_not_negative check (funded >= 0),
    refunded numeric(78, 0) not null default 0
        constraint reward_contributions_refunded_not_negative check (refunded >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint reward_contributions_refunded_within_funded check (refunded <= funded)
);

create table reward_contributions_history (
    like reward_contributions,
    until_block bigint not null,
    constraint reward_contributions_history_pkey primary key (funder, block_number)
) partition by range (block_number);

-- Every refund, by the position of its event.
create table reward_refunds (
    block_number bigint not null,
    event_index integer not null,
    funder account_id not null,
    amount amount not null,
    -- The administrator.
    refunded_by account_id not null,
    constraint reward_refunds_pkey primary key (block_number, event_index)
);
create index reward_refunds_by_funder on reward_refunds (funder, block_number, event_index);

-- Every withdrawal, by the position of its event.
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
