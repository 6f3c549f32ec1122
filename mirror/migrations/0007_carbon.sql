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
    -- The compliance period of allowances; null: credits, or its event follows in the same block. Its
    -- foreign key stands with the periods, in 0008.
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
