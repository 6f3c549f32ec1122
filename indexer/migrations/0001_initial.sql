-- The mirror of the contracts' events, and the projections that the API reads.
--
-- Every row that an event changed carries the position (block_number, event_index) of the last
-- event that changed it; event_index is the index of the record in System.Events of that block.
-- u64 values that anybody may choose exceed bigint, so they are numeric(20, 0); those that count
-- from 1 or come from the clock of the chain are bigint.

-- An account or a contract's address: 32 raw bytes.
create domain account_id as bytea
    constraint account_id_length check (octet_length(value) = 32);

-- A hash or a commitment: 32 raw bytes.
create domain hash256 as bytea
    constraint hash256_length check (octet_length(value) = 32);

-- An amount in base units: a u128 of the chain.
create domain amount as numeric(39, 0)
    constraint amount_range check (value >= 0 and value <= 340282366920938463463374607431768211455);

-- A u64 of the chain that may exceed bigint.
create domain u64 as numeric(20, 0)
    constraint u64_range check (value >= 0 and value <= 18446744073709551615);

-- ---------------------------------------------------------------- chain and place

-- The chain that this database mirrors; written once, compared at every start.
create table network (
    singleton boolean not null default true
        constraint network_pkey primary key
        constraint network_one_row check (singleton),
    genesis_hash hash256 not null,
    name text not null
);

-- Blocks that hold at least one event of our contracts.
create table blocks (
    number bigint not null
        constraint blocks_pkey primary key
        constraint blocks_number_not_negative check (number >= 0),
    hash hash256 not null
        constraint blocks_hash_key unique,
    parent_hash hash256 not null,
    -- Timestamp.Now after the block, ms since 1970.
    time_ms bigint not null
        constraint blocks_time_not_negative check (time_ms >= 0)
);

-- The last block whose events are in this database; no row before the first one.
create table watermark (
    singleton boolean not null default true
        constraint watermark_pkey primary key
        constraint watermark_one_row check (singleton),
    block_number bigint not null
        constraint watermark_number_not_negative check (block_number >= 0),
    block_hash hash256 not null,
    block_time_ms bigint not null
        constraint watermark_time_not_negative check (block_time_ms >= 0),
    -- When the indexer last moved on, by the database's clock: it stands still when finality does.
    updated_at timestamptz not null default now()
);

-- The contracts of the manifest whose events are followed.
create table contracts (
    address account_id not null
        constraint contracts_pkey primary key,
    -- The projections hold one contract a name, so a second deployment needs a second database.
    name text not null
        constraint contracts_name_key unique,
    code_hash hash256 not null,
    deployment_block bigint not null
        constraint contracts_deployment_block_not_negative check (deployment_block >= 0)
);

-- Every event as it stands on chain. name and fields are null when it could not be decoded.
create table events (
    block_number bigint not null
        constraint events_block_fkey references blocks (number),
    event_index integer not null
        constraint events_index_not_negative check (event_index >= 0),
    contract account_id not null
        constraint events_contract_fkey references contracts (address),
    contract_name text not null,
    topics bytea[] not null,
    data bytea not null,
    name text,
    fields jsonb,
    decode_error text,
    constraint events_pkey primary key (block_number, event_index),
    constraint events_decoded_or_error check (
        (name is null) = (fields is null) and (name is null) = (decode_error is not null)
    )
);
create index events_by_contract on events (contract_name, block_number, event_index);
create index events_undecoded on events (block_number, event_index) where decode_error is not null;

-- ---------------------------------------------------------------- participants

create table participants (
    account account_id not null
        constraint participants_pkey primary key,
    profile hash256 not null,
    -- Bit mask of the roles; kept while suspended.
    roles integer not null
        constraint participants_roles_are_u16 check (roles between 0 and 65535),
    status text not null
        constraint participants_status_known check (status in ('pending', 'active', 'suspended')),
    -- Commitment to the reason; only while suspended.
    suspension_reason hash256,
    block_number bigint not null
        constraint participants_block_fkey references blocks (number),
    event_index integer not null,
    constraint participants_active_has_roles check (status <> 'active' or roles > 0),
    constraint participants_reason_while_suspended
        check ((status = 'suspended') = (suspension_reason is not null))
);

-- ---------------------------------------------------------------- consent

create table grants (
    id bigint not null
        constraint grants_pkey primary key
        constraint grants_id_from_one check (id >= 1),
    owner account_id not null,
    grantee account_id not null,
    -- u32 masks.
    purposes bigint not null
        constraint grants_purposes_mask check (purposes between 1 and 4294967295),
    categories bigint not null
        constraint grants_categories_mask check (categories between 1 and 4294967295),
    -- First valid moment and first moment at which it is no longer valid, ms since 1970.
    valid_from_ms u64 not null,
    valid_until_ms u64 not null,
    -- null: no limit.
    max_uses bigint
        constraint grants_max_uses_from_one check (max_uses >= 1),
    -- Permits given so far.
    uses bigint not null default 0
        constraint grants_uses_not_negative check (uses >= 0),
    record hash256 not null,
    revoked_at_ms bigint,
    block_number bigint not null
        constraint grants_block_fkey references blocks (number),
    event_index integer not null,
    constraint grants_parties_differ check (owner <> grantee),
    constraint grants_period_not_empty check (valid_until_ms > valid_from_ms),
    constraint grants_uses_within_max check (max_uses is null or uses <= max_uses)
);
create index grants_by_owner on grants (owner, id);
create index grants_by_grantee on grants (grantee, id);

create table access_log (
    access bigint not null
        constraint access_log_pkey primary key
        constraint access_log_access_from_one check (access >= 1),
    owner account_id not null,
    requester account_id not null,
    -- Number of the entry in the log of this owner.
    sequence bigint not null
        constraint access_log_sequence_from_one check (sequence >= 1),
    purpose smallint not null
        constraint access_log_purpose_index check (purpose between 0 and 31),
    category smallint not null
        constraint access_log_category_index check (category between 0 and 31),
    -- The grant that was applied; null when there was none.
    grant_id bigint,
    permitted boolean not null,
    deny_reason text,
    at_ms bigint not null
        constraint access_log_at_not_negative check (at_ms >= 0),
    -- Hash of the owner's previous entry; zero for the first.
    previous_hash hash256 not null,
    entry_hash hash256 not null,
    block_number bigint not null
        constraint access_log_block_fkey references blocks (number),
    event_index integer not null,
    constraint access_log_owner_sequence_key unique (owner, sequence),
    constraint access_log_reason_if_denied check (permitted = (deny_reason is null)),
    constraint access_log_permit_has_grant check (not permitted or grant_id is not null)
);
create index access_log_by_owner on access_log (owner, access);
create index access_log_by_requester on access_log (requester, access);

-- ---------------------------------------------------------------- reports

create table reports (
    series hash256 not null,
    -- Number of the version within the series.
    sequence bigint not null
        constraint reports_sequence_from_one check (sequence >= 1),
    owner account_id not null,
    -- Digest of the previous version; zero for the first.
    previous hash256 not null,
    digest hash256 not null,
    byte_length u64 not null
        constraint reports_not_empty check (byte_length >= 1),
    at_ms bigint not null
        constraint reports_at_not_negative check (at_ms >= 0),
    block_number bigint not null
        constraint reports_block_fkey references blocks (number),
    event_index integer not null,
    constraint reports_pkey primary key (series, sequence)
);

-- ---------------------------------------------------------------- rewards

create table rewards (
    account account_id not null
        constraint rewards_pkey primary key,
    owed amount not null,
    accrued amount not null,
    withdrawn amount not null,
    block_number bigint not null
        constraint rewards_block_fkey references blocks (number),
    event_index integer not null,
    constraint rewards_owed_is_the_rest check (owed = accrued - withdrawn)
);

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
    block_number bigint not null
        constraint reward_accruals_block_fkey references blocks (number),
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
    funded amount not null default 0,
    unspent amount not null default 0,
    owed amount not null default 0,
    accrued amount not null default 0,
    withdrawn amount not null default 0,
    block_number bigint not null
        constraint reward_totals_block_fkey references blocks (number),
    event_index integer not null,
    constraint reward_totals_unspent_is_the_rest check (unspent = funded - accrued),
    constraint reward_totals_owed_is_the_rest check (owed = accrued - withdrawn)
);

create table tariffs (
    purpose smallint not null
        constraint tariffs_pkey primary key
        constraint tariffs_purpose_index check (purpose between 0 and 31),
    -- Token base units per permitted access; 0: earns nothing.
    amount amount not null,
    block_number bigint not null
        constraint tariffs_block_fkey references blocks (number),
    event_index integer not null
);

-- ---------------------------------------------------------------- token

create table token_balances (
    account account_id not null
        constraint token_balances_pkey primary key,
    balance amount not null,
    block_number bigint not null
        constraint token_balances_block_fkey references blocks (number),
    event_index integer not null
);

create table token_allowances (
    owner account_id not null,
    spender account_id not null,
    amount amount not null,
    block_number bigint not null
        constraint token_allowances_block_fkey references blocks (number),
    event_index integer not null,
    constraint token_allowances_pkey primary key (owner, spender)
);

-- What the treasury minted, by the bank receipt that each mint names: a receipt is used once.
create table token_mints (
    receipt hash256 not null
        constraint token_mints_pkey primary key,
    account account_id not null,
    amount amount not null,
    block_number bigint not null
        constraint token_mints_block_fkey references blocks (number),
    event_index integer not null
);

-- ---------------------------------------------------------------- carbon

create table carbon_batches (
    batch bigint not null
        constraint carbon_batches_pkey primary key
        constraint carbon_batches_batch_from_one check (batch >= 1),
    project hash256 not null,
    -- Both inclusive.
    serial_start amount not null,
    serial_end amount not null,
    vintage_start_ms u64 not null,
    vintage_end_ms u64 not null,
    issued amount not null
        constraint carbon_batches_issued_something check (issued > 0),
    retired amount not null default 0,
    issued_to account_id not null,
    block_number bigint not null
        constraint carbon_batches_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_batches_retired_within_issued check (retired <= issued),
    constraint carbon_batches_serials_match check (serial_end - serial_start + 1 = issued),
    constraint carbon_batches_vintage_not_empty check (vintage_end_ms > vintage_start_ms),
    -- Two batches never share a serial number.
    constraint carbon_batches_serials_disjoint
        exclude using gist (numrange(serial_start, serial_end, '[]') with &&)
);

create table carbon_balances (
    batch bigint not null
        constraint carbon_balances_batch_fkey references carbon_batches (batch),
    owner account_id not null,
    tradable amount not null default 0,
    retired amount not null default 0,
    block_number bigint not null
        constraint carbon_balances_block_fkey references blocks (number),
    event_index integer not null,
    constraint carbon_balances_pkey primary key (batch, owner)
);
create index carbon_balances_by_owner on carbon_balances (owner, batch);
