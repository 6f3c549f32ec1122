-- Projections of the carbon registry's second version and of the market.
--
-- A database belongs to one deployment, and the registry of 0001 had neither classes nor projects, so
-- its tables are made anew and its rows are not carried over: its raw events stay in `events`.

drop table carbon_balances;
drop table carbon_batches;

-- ---------------------------------------------------------------- carbon: what there is

-- Classes of units, allowances first.
create table carbon_classes (
    class bigint not null
        constraint carbon_classes_pkey primary key
        constraint carbon_classes_class_from_one check (class >= 1),
    -- Who may make projects and batches in it and issue.
    issuer account_id,
    -- Commitment to the documents of the standard behind it.
    metadata hash256 not null,
    -- The last serial number that a batch of it took; 0: none.
    last_serial amount not null default 0,
    block_number bigint not null
        constraint carbon_classes_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_classes_allowances_have_no_issuer check ((class = 1) = (issuer is null))
);

create table carbon_projects (
    project bigint not null
        constraint carbon_projects_pkey primary key
        constraint carbon_projects_project_from_one check (project >= 1),
    class bigint not null
        constraint carbon_projects_class_fkey references carbon_classes (class),
    -- Who runs it.
    owner account_id not null,
    -- Commitment to its documents.
    metadata hash256 not null,
    block_number bigint not null
        constraint carbon_projects_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_projects_not_of_allowances check (class > 1),
    -- What the batches refer to, so that a batch is of its project's class.
    constraint carbon_projects_project_class_key unique (project, class)
);
create index carbon_projects_by_class on carbon_projects (class, project);

-- Compliance periods. Amounts are units, the tariff token base units per credit.
create table carbon_periods (
    period bigint not null
        constraint carbon_periods_pkey primary key
        constraint carbon_periods_period_from_one check (period >= 1),
    -- The batch of its allowances; its foreign key stands below the batches.
    batch bigint not null
        constraint carbon_periods_batch_key unique,
    -- First moment, first moment after it, and first moment at which it may be settled, ms since 1970.
    start_ms u64 not null,
    end_ms u64 not null,
    settle_from_ms u64 not null,
    -- Allowances that there may be.
    cap amount not null
        constraint carbon_periods_cap_not_zero check (cap > 0),
    -- Penalty for each credit that is missing, as it was set when the period was.
    tariff amount not null
        constraint carbon_periods_tariff_not_zero check (tariff > 0),
    block_number bigint not null
        constraint carbon_periods_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_periods_not_empty check (end_ms > start_ms),
    constraint carbon_periods_settled_afterwards check (settle_from_ms > end_ms),
    constraint carbon_periods_disjoint
        exclude using gist (numrange(start_ms, end_ms) with &&)
);

-- Batches with the sums over their holders. A unit is one thousandth of a credit and has one serial
-- number.
create table carbon_batches (
    batch bigint not null
        constraint carbon_batches_pkey primary key
        constraint carbon_batches_batch_from_one check (batch >= 1),
    class bigint not null
        constraint carbon_batches_class_fkey references carbon_classes (class),
    -- null: allowances.
    project bigint,
    -- The compliance period of allowances; null: credits, or its event follows in the same block.
    period bigint
        constraint carbon_batches_period_key unique
        constraint carbon_batches_period_fkey references carbon_periods (period),
    -- Both inclusive.
    serial_start amount not null,
    serial_end amount not null,
    -- The end is exclusive, ms since 1970.
    vintage_start_ms u64 not null,
    vintage_end_ms u64 not null,
    -- Whether no more units of it will be issued.
    sealed boolean not null default false,
    -- Units ever issued, and where they are.
    issued amount not null default 0,
    tradable amount not null default 0,
    escrowed amount not null default 0,
    retired amount not null default 0,
    surrendered amount not null default 0,
    cancelled amount not null default 0,
    block_number bigint not null
        constraint carbon_batches_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_batches_project_fkey
        foreign key (project, class) references carbon_projects (project, class),
    constraint carbon_batches_only_allowances_have_no_project
        check ((class = 1) = (project is null)),
    constraint carbon_batches_only_allowances_have_a_period
        check (period is null or class = 1),
    constraint carbon_batches_serials_from_one check (serial_start >= 1),
    constraint carbon_batches_serials_in_order check (serial_end >= serial_start),
    constraint carbon_batches_vintage_not_empty check (vintage_end_ms > vintage_start_ms),
    constraint carbon_batches_issued_within_serials
        check (issued <= serial_end - serial_start + 1),
    constraint carbon_batches_issued_is_the_sum
        check (issued = tradable + escrowed + retired + surrendered + cancelled),
    constraint carbon_batches_only_allowances_are_surrendered
        check (surrendered = 0 or class = 1),
    -- Two batches of a class never share a serial number. Serial numbers are below 2^128, so moving
    -- each class by that much keeps the classes apart; (class with =) would need an extension.
    constraint carbon_batches_serials_disjoint exclude using gist (
        numrange(
            class * 340282366920938463463374607431768211456 + serial_start,
            class * 340282366920938463463374607431768211456 + serial_end,
            '[]'
        ) with &&
    )
);
create index carbon_batches_by_class on carbon_batches (class, batch);
create index carbon_batches_by_project on carbon_batches (project, batch);
alter table carbon_periods
    add constraint carbon_periods_batch_fkey foreign key (batch) references carbon_batches (batch);

-- ---------------------------------------------------------------- carbon: who holds what

-- What became of the units of each batch that came to each account.
create table carbon_balances (
    batch bigint not null
        constraint carbon_balances_batch_fkey references carbon_batches (batch),
    owner account_id not null,
    tradable amount not null default 0,
    escrowed amount not null default 0,
    retired amount not null default 0,
    surrendered amount not null default 0,
    cancelled amount not null default 0,
    block_number bigint not null
        constraint carbon_balances_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_balances_pkey primary key (batch, owner)
);
create index carbon_balances_by_owner on carbon_balances (owner, batch);

-- How many units of a batch an operator may still move for their owner; 0 once it is used up.
create table carbon_approvals (
    owner account_id not null,
    operator account_id not null,
    batch bigint not null
        constraint carbon_approvals_batch_fkey references carbon_batches (batch),
    amount amount not null,
    block_number bigint not null
        constraint carbon_approvals_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_approvals_pkey primary key (owner, operator, batch),
    constraint carbon_approvals_parties_differ check (owner <> operator)
);
create index carbon_approvals_by_operator on carbon_approvals (operator, owner, batch);

-- How many units of an owner an operator holds in escrow; 0 once none is left.
create table carbon_escrows (
    operator account_id not null,
    owner account_id not null,
    batch bigint not null
        constraint carbon_escrows_batch_fkey references carbon_batches (batch),
    amount amount not null,
    block_number bigint not null
        constraint carbon_escrows_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_escrows_pkey primary key (operator, owner, batch),
    constraint carbon_escrows_parties_differ check (owner <> operator)
);
create index carbon_escrows_by_owner on carbon_escrows (owner, operator, batch);
create index carbon_escrows_by_batch on carbon_escrows (batch, operator, owner);

-- Every retirement, by the position of its event.
create table carbon_retirements (
    block_number bigint not null
        constraint carbon_retirements_block_fkey references blocks (number),
    event_index integer not null,
    batch bigint not null
        constraint carbon_retirements_batch_fkey references carbon_batches (batch),
    owner account_id not null,
    -- On whose behalf.
    beneficiary account_id not null,
    amount amount not null
        constraint carbon_retirements_something check (amount > 0),
    -- Salted commitment to what they offset.
    reason hash256 not null,
    constraint carbon_retirements_pkey primary key (block_number, event_index)
);
create index carbon_retirements_by_owner
    on carbon_retirements (owner, block_number, event_index);
create index carbon_retirements_by_beneficiary
    on carbon_retirements (beneficiary, block_number, event_index);
create index carbon_retirements_by_batch
    on carbon_retirements (batch, block_number, event_index);

-- Every cancellation, by the position of its event.
create table carbon_cancellations (
    block_number bigint not null
        constraint carbon_cancellations_block_fkey references blocks (number),
    event_index integer not null,
    batch bigint not null
        constraint carbon_cancellations_batch_fkey references carbon_batches (batch),
    owner account_id not null,
    amount amount not null
        constraint carbon_cancellations_something check (amount > 0),
    -- Salted commitment to the reason.
    reason hash256 not null,
    constraint carbon_cancellations_pkey primary key (block_number, event_index)
);
create index carbon_cancellations_by_owner
    on carbon_cancellations (owner, block_number, event_index);
create index carbon_cancellations_by_batch
    on carbon_cancellations (batch, block_number, event_index);

-- Accounts that a regulator ever froze.
create table carbon_accounts (
    account account_id not null
        constraint carbon_accounts_pkey primary key,
    frozen boolean not null,
    -- Salted commitment to the reason, and the regulator; only while frozen.
    freeze_reason hash256,
    frozen_by account_id,
    block_number bigint not null
        constraint carbon_accounts_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_accounts_reason_while_frozen
        check (frozen = (freeze_reason is not null) and frozen = (frozen_by is not null))
);
create index carbon_accounts_frozen on carbon_accounts (account) where frozen;

-- ---------------------------------------------------------------- carbon: compliance

-- What a missing credit costs in periods that are set from now on; no row before it is set.
create table carbon_penalty (
    singleton boolean not null default true
        constraint carbon_penalty_pkey primary key
        constraint carbon_penalty_one_row check (singleton),
    -- Token base units per credit.
    tariff amount not null
        constraint carbon_penalty_tariff_not_zero check (tariff > 0),
    -- Who is paid.
    collector account_id not null,
    block_number bigint not null
        constraint carbon_penalty_block_fkey references blocks (number),
    event_index integer not null
);

-- What each account owes for each period, in units; no row before it took part in it.
create table carbon_duties (
    period bigint not null
        constraint carbon_duties_period_fkey references carbon_periods (period),
    account account_id not null,
    -- Allowances that it got.
    allocated amount not null default 0,
    -- Versions of the report so far.
    reports bigint not null default 0
        constraint carbon_duties_reports_are_u32 check (reports between 0 and 4294967295),
    -- When the first version came, by the chain's clock; null: none yet.
    reported_at_ms bigint,
    -- Emissions of the latest version.
    verified amount not null default 0,
    -- Allowances surrendered for it, and when the last ones were.
    surrendered amount not null default 0,
    surrendered_at_ms bigint,
    -- The settlement; all null: not settled.
    settled_at_ms bigint,
    -- Units missing from or left over from the period before.
    brought_deficit amount,
    brought_surplus amount,
    -- Units missing or left over, which the next period begins with.
    deficit amount,
    surplus amount,
    -- Whether it was reported before settlement began, and covered by then.
    timely boolean,
    -- Token base units owed for the deficit; null: no penalty. It never erases the deficit.
    penalty amount
        constraint carbon_duties_penalty_not_zero check (penalty > 0),
    -- When the penalty was paid, by whom and to whom; all null: not paid.
    paid_at_ms bigint,
    payer account_id,
    collector account_id,
    block_number bigint not null
        constraint carbon_duties_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_duties_pkey primary key (period, account),
    constraint carbon_duties_verified_is_u64 check (verified <= 18446744073709551615),
    constraint carbon_duties_verified_if_reported check (reports > 0 or verified = 0),
    constraint carbon_duties_reported_at_some_time
        check ((reports = 0) = (reported_at_ms is null)),
    constraint carbon_duties_surrendered_at_some_time
        check ((surrendered = 0) = (surrendered_at_ms is null)),
    constraint carbon_duties_settled_whole check (
        num_nonnulls(
            settled_at_ms, brought_deficit, brought_surplus, deficit, surplus, timely
        ) in (0, 6)
    ),
    constraint carbon_duties_settled_if_reported check (settled_at_ms is null or reports > 0),
    constraint carbon_duties_brought_one check (brought_deficit = 0 or brought_surplus = 0),
    constraint carbon_duties_left_one check (deficit = 0 or surplus = 0),
    constraint carbon_duties_settled_exactly check (
        verified + brought_deficit + surplus = surrendered + brought_surplus + deficit
    ),
    constraint carbon_duties_timely_if_covered check (not timely or deficit = 0),
    constraint carbon_duties_penalty_for_a_deficit
        check (penalty is null or (deficit is not null and deficit > 0)),
    constraint carbon_duties_paid_whole
        check (num_nonnulls(paid_at_ms, payer, collector) in (0, 3)),
    constraint carbon_duties_paid_a_penalty check (paid_at_ms is null or penalty is not null)
);
create index carbon_duties_by_account on carbon_duties (account, period);
create index carbon_duties_penalties on carbon_duties (period, account)
    where penalty is not null;

-- Every version of every report on emissions.
create table carbon_emission_reports (
    period bigint not null,
    account account_id not null,
    version bigint not null
        constraint carbon_emission_reports_version_is_u32_from_one
        check (version between 1 and 4294967295),
    -- Units emitted in the period.
    emissions amount not null
        constraint carbon_emission_reports_emissions_are_u64
        check (emissions <= 18446744073709551615),
    -- Commitment to the verified report.
    report hash256 not null,
    verifier account_id not null,
    block_number bigint not null
        constraint carbon_emission_reports_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_emission_reports_pkey primary key (period, account, version),
    constraint carbon_emission_reports_duty_fkey
        foreign key (period, account) references carbon_duties (period, account),
    constraint carbon_emission_reports_by_another check (verifier <> account)
);
create index carbon_emission_reports_by_account
    on carbon_emission_reports (account, period, version);

-- Every surrender, by the position of its event.
create table carbon_surrenders (
    block_number bigint not null
        constraint carbon_surrenders_block_fkey references blocks (number),
    event_index integer not null,
    -- The period that the allowances count for; they are of it or of an earlier one.
    period bigint not null,
    batch bigint not null
        constraint carbon_surrenders_batch_fkey references carbon_batches (batch),
    account account_id not null,
    amount amount not null
        constraint carbon_surrenders_something check (amount > 0),
    constraint carbon_surrenders_pkey primary key (block_number, event_index),
    constraint carbon_surrenders_duty_fkey
        foreign key (period, account) references carbon_duties (period, account)
);
create index carbon_surrenders_by_account
    on carbon_surrenders (account, block_number, event_index);
create index carbon_surrenders_by_period
    on carbon_surrenders (period, block_number, event_index);

-- What each account's settled periods say of it; no row before it took part in one.
create table carbon_standings (
    account account_id not null
        constraint carbon_standings_pkey primary key,
    -- The period to settle next.
    next bigint not null
        constraint carbon_standings_next_from_one check (next >= 1),
    -- Periods settled, those without a deficit, and those without one in time.
    settled bigint not null default 0,
    compliant bigint not null default 0,
    timely bigint not null default 0,
    -- Penalties imposed, one for each deficit, and paid.
    penalties bigint not null default 0,
    paid bigint not null default 0,
    -- Units missing or left over after the last settled period.
    deficit amount not null default 0,
    surplus amount not null default 0,
    -- As the last event said that gave one; 500 before the first.
    rating smallint not null default 500,
    block_number bigint not null
        constraint carbon_standings_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_standings_settled_in_order check (settled < next),
    constraint carbon_standings_timely_among_compliant check (timely between 0 and compliant),
    constraint carbon_standings_compliant_or_penalised check (settled = compliant + penalties),
    constraint carbon_standings_paid_among_penalties check (paid between 0 and penalties),
    constraint carbon_standings_left_one check (deficit = 0 or surplus = 0),
    -- The rating is a function of recorded history, the same one as the contract's.
    constraint carbon_standings_rating_is_earned check (
        rating = case
            when settled = 0 then 500
            when penalties = 0 then 600 * compliant / settled + 250 * timely / settled + 150
            else 600 * compliant / settled + 250 * timely / settled + 150 * paid / penalties
        end
    )
);

-- ---------------------------------------------------------------- market

-- What the deployer and then the administrator set. The market is made with two events, one for the
-- fee and one for the limits: between them, which no reader sees, the limits are null.
create table market_settings (
    singleton boolean not null default true
        constraint market_settings_pkey primary key
        constraint market_settings_one_row check (singleton),
    -- Part of a payment that is the fee of orders placed or updated from now on, in hundredths of a
    -- percent, and who gets it.
    fee_bps smallint not null
        constraint market_settings_fee_within_max check (fee_bps between 0 and 500),
    collector account_id not null,
    -- Units that an order may have at a rating of 0 and of 1,000.
    floor amount
        constraint market_settings_floor_not_zero check (floor > 0),
    ceiling amount
        constraint market_settings_ceiling_within_max
        check (ceiling <= 340282366920938463463374607431768211),
    block_number bigint not null
        constraint market_settings_block_fkey references blocks (number),
    event_index integer not null,
    constraint market_settings_both_limits check ((floor is null) = (ceiling is null)),
    constraint market_settings_limits_in_order check (floor <= ceiling)
);

create table market_orders (
    order_id bigint not null
        constraint market_orders_pkey primary key
        constraint market_orders_id_from_one check (order_id >= 1),
    seller account_id not null,
    batch bigint not null
        constraint market_orders_batch_fkey references carbon_batches (batch),
    status text not null default 'open'
        constraint market_orders_status_known
        check (status in ('open', 'filled', 'cancelled', 'expired')),
    -- Units still offered; 0 once it is closed.
    amount amount not null,
    -- Units delivered so far, which may exceed a u128, since an update can offer again what was bought
    -- back; and units that came back from escrow when it was closed.
    filled numeric(78, 0) not null default 0,
    released amount not null default 0,
    -- Token base units per credit.
    price amount not null
        constraint market_orders_price_not_zero check (price > 0),
    -- First moment at which it is over, ms since 1970.
    expiry_ms u64 not null,
    -- Part of a payment that is the fee, in hundredths of a percent.
    fee_bps smallint not null
        constraint market_orders_fee_within_max check (fee_bps between 0 and 500),
    -- Who closed it once it was over; only then.
    expired_by account_id,
    block_number bigint not null
        constraint market_orders_block_fkey references blocks (number),
    event_index integer not null,
    constraint market_orders_open_offers_something check ((status = 'open') = (amount > 0)),
    constraint market_orders_released_if_withdrawn
        check ((status in ('cancelled', 'expired')) = (released > 0)),
    constraint market_orders_filled_something check (status <> 'filled' or filled > 0),
    constraint market_orders_expired_by_somebody
        check ((status = 'expired') = (expired_by is not null)),
    -- What a buyer pays for all of it fits a u128.
    constraint market_orders_value_is_u128
        check (amount * price <= 340282366920938463463374607431768211455)
);
create index market_orders_by_seller on market_orders (seller, order_id);
create index market_orders_by_batch on market_orders (batch, order_id);
create index market_orders_by_status on market_orders (status, order_id);

-- Every fill, by the position of its event.
create table market_fills (
    block_number bigint not null
        constraint market_fills_block_fkey references blocks (number),
    event_index integer not null,
    order_id bigint not null
        constraint market_fills_order_fkey references market_orders (order_id),
    batch bigint not null
        constraint market_fills_batch_fkey references carbon_batches (batch),
    seller account_id not null,
    buyer account_id not null,
    -- Units delivered, and units that the order still offered.
    amount amount not null
        constraint market_fills_something check (amount > 0),
    remaining amount not null,
    -- The order's price then, token base units per credit.
    price amount not null,
    -- Token base units: what the buyer paid, what of it was the fee, and what the seller got.
    payment amount not null
        constraint market_fills_cost_something check (payment > 0),
    fee amount not null,
    proceeds amount not null,
    constraint market_fills_pkey primary key (block_number, event_index),
    constraint market_fills_parties_differ check (seller <> buyer),
    constraint market_fills_shared_exactly check (fee + proceeds = payment),
    -- Rounded up, so that no fill is free.
    constraint market_fills_paid_the_price
        check (payment = div(amount * price + 999, 1000))
);
create index market_fills_by_order on market_fills (order_id, block_number, event_index);
create index market_fills_by_seller on market_fills (seller, block_number, event_index);
create index market_fills_by_buyer on market_fills (buyer, block_number, event_index);
