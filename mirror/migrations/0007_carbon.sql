-- Carbon units: what there is, and who holds what.

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
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_classes_allowances_have_no_issuer check ((class = 1) = (issuer is null))
);
-- What a row said from block_number on, until until_block, exclusive. Every table whose rows change
-- has such a history.
create table carbon_classes_history (
    like carbon_classes,
    until_block bigint not null,
    constraint carbon_classes_history_pkey primary key (class, block_number)
) partition by range (block_number);

create table carbon_projects (
    project bigint not null
        constraint carbon_projects_pkey primary key
        constraint carbon_projects_project_from_one check (project >= 1),
    class bigint not null,
    -- Who runs it.
    owner account_id not null,
    -- Commitment to its documents.
    metadata hash256 not null,
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_projects_not_of_allowances check (class > 1)
);
create index carbon_projects_by_class on carbon_projects (class, project);

-- Batches with the sums over their holders. A unit is one thousandth of a credit and has one serial
-- number.
create table carbon_batches (
    batch bigint not null
        constraint carbon_batches_pkey primary key
        constraint carbon_batches_batch_from_one check (batch >= 1),
    class bigint not null,
    -- null: allowances.
    project bigint,
    -- The compliance period of allowances; null: credits, or its event follows in the same block.
    period bigint
        constraint carbon_batches_period_key unique,
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
    block_number bigint not null,
    event_index integer not null,
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
create table carbon_batches_history (
    like carbon_batches,
    until_block bigint not null,
    constraint carbon_batches_history_pkey primary key (batch, block_number)
) partition by range (block_number);

-- What became of the units of each batch that came to each account.
create table carbon_balances (
    batch bigint not null,
    owner account_id not null,
    tradable amount not null default 0,
    escrowed amount not null default 0,
    retired amount not null default 0,
    surrendered amount not null default 0,
    cancelled amount not null default 0,
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_balances_pkey primary key (batch, owner)
);
create index carbon_balances_by_owner on carbon_balances (owner, batch);
create table carbon_balances_history (
    like carbon_balances,
    until_block bigint not null,
    constraint carbon_balances_history_pkey primary key (batch, owner, block_number)
) partition by range (block_number);

-- How many units of a batch an operator may still move for their owner; 0 once it is used up.
create table carbon_approvals (
    owner account_id not null,
    operator account_id not null,
    batch bigint not null,
    amount amount not null,
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_approvals_pkey primary key (owner, operator, batch),
    constraint carbon_approvals_parties_differ check (owner <> operator)
);
create index carbon_approvals_by_operator on carbon_approvals (operator, owner, batch);
create table carbon_approvals_history (
    like carbon_approvals,
    until_block bigint not null,
    constraint carbon_approvals_history_pkey primary key (owner, operator, batch, block_number)
) partition by range (block_number);

-- How many units of an owner an operator holds in escrow; 0 once none is left.
create table carbon_escrows (
    operator account_id not null,
    owner account_id not null,
    batch bigint not null,
    amount amount not null,
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_escrows_pkey primary key (operator, owner, batch),
    constraint carbon_escrows_parties_differ check (owner <> operator)
);
create index carbon_escrows_by_owner on carbon_escrows (owner, operator, batch);
create index carbon_escrows_by_batch on carbon_escrows (batch, operator, owner);
create table carbon_escrows_history (
    like carbon_escrows,
    until_block bigint not null,
    constraint carbon_escrows_history_pkey primary key (operator, owner, batch, block_number)
) partition by range (block_number);

-- Every retirement, by the position of its event.
create table carbon_retirements (
    block_number bigint not null,
    event_index integer not null,
    batch bigint not null,
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
    block_number bigint not null,
    event_index integer not null,
    batch bigint not null,
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
    block_number bigint not null,
    event_index integer not null,
    constraint carbon_accounts_reason_while_frozen
        check (frozen = (freeze_reason is not null) and frozen = (frozen_by is not null))
);
create index carbon_accounts_frozen on carbon_accounts (account) where frozen;
create table carbon_accounts_history (
    like carbon_accounts,
    until_block bigint not null,
    constraint carbon_accounts_history_pkey primary key (account, block_number)
) partition by range (block_number);
