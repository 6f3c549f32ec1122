-- Who has to give up how many allowances, and whether they did.

-- Compliance periods. Amounts are units, the tariff token base units per credit.
create table carbon_periods (
    period bigint not null
        constraint carbon_periods_pkey primary key
        constraint carbon_periods_period_from_one check (period >= 1),
    -- The batch of its allowances.
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
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_periods_not_empty check (end_ms > start_ms),
    constraint carbon_periods_settled_afterwards check (settle_from_ms > end_ms),
    constraint carbon_periods_disjoint
        exclude using gist (numrange(start_ms, end_ms) with &&)
);

-- What a missing credit costs in periods as they are set; no row before it is set.
create table carbon_penalty (
    singleton boolean not null default true
        constraint carbon_penalty_pkey primary key
        constraint carbon_penalty_one_row check (singleton),
    -- Token base units per credit, and who is paid, unless the next ones hold; null: nothing held when the
    -- last one was set.
    tariff amount
        constraint carbon_penalty_tariff_not_zero check (tariff > 0),
    collector account_id,
    -- What was set last, if it replaces that, and the first moment at which it does, ms since 1970. What is
    -- due stays here until another one is set.
    next_tariff amount
        constraint carbon_penalty_next_tariff_not_zero check (next_tariff > 0),
    next_collector account_id,
    next_from_ms u64,
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_penalty_both check ((tariff is null) = (collector is null)),
    constraint carbon_penalty_next_waits check (
        (next_tariff is null) = (next_from_ms is null)
        and (next_collector is null) = (next_from_ms is null)
    ),
    constraint carbon_penalty_says_something check (tariff is not null or next_tariff is not null)
);
-- What a row said from block_number on, until until_block, exclusive. Every table whose rows change
-- has such a history.
create table carbon_penalty_history (
    like carbon_penalty,
    until_block bigint not null,
    constraint carbon_penalty_history_pkey primary key (singleton, block_number)
) partition by range (block_number);

-- What each account owes for each period, in units; no row before it took part in it.
create table carbon_duties (
    period bigint not null,
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
    block_number bigint not null,
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
create table carbon_duties_history (
    like carbon_duties,
    until_block bigint not null,
    constraint carbon_duties_history_pkey primary key (period, account, block_number)
) partition by range (block_number);

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
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_emission_reports_pkey primary key (period, account, version),
    constraint carbon_emission_reports_by_another check (verifier <> account)
);
create index carbon_emission_reports_by_account
    on carbon_emission_reports (account, period, version);

-- Every surrender, by the position of its event.
create table carbon_surrenders (
    block_number bigint not null,
    event_index integer not null,
    -- The period that the allowances count for; they are of it or of an earlier one.
    period bigint not null,
    batch bigint not null,
    account account_id not null,
    amount amount not null
        constraint carbon_surrenders_something check (amount > 0),
    constraint carbon_surrenders_pkey primary key (block_number, event_index)
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
    block_number bigint not null,
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
create table carbon_standings_history (
    like carbon_standings,
    until_block bigint not null,
    constraint carbon_standings_history_pkey primary key (account, block_number)
) partition by range (block_number);
