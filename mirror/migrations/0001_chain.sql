-- Chain and place: what is mirrored, how far, and the raw events.
--
-- Every row that an event changed carries the position (block_number, event_index) of the last
-- event that changed it; event_index is the index of the record in System.Events of that block.
-- u64 values that anybody may choose exceed bigint, so they are numeric(20, 0); those that count
-- from 1 or come from the clock of the chain are bigint.
--
-- No foreign keys: rows are written in bulk, and what they would say is among the invariants.

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

-- The chain that this database mirrors; written once, compared at every start.
create table network (
    singleton boolean not null default true
        constraint network_pkey primary key
        constraint network_one_row check (singleton),
    genesis_hash hash256 not null,
    name text not null,
    -- A reader that knows another version does not understand these tables, and says so.
    reader_version integer not null default 1
);

-- Every finalized block from the first one with a contract on, so that none is left out can be seen.
create table blocks (
    number bigint not null
        constraint blocks_pkey primary key
        constraint blocks_number_not_negative check (number >= 0),
    hash hash256 not null,
    parent_hash hash256 not null,
    -- Timestamp.Now after the block, ms since 1970.
    time_ms bigint not null
        constraint blocks_time_not_negative check (time_ms >= 0),
    -- How many events of contracts outside the manifest it has above the limit: they are not in `events`.
    left_out integer not null default 0
        constraint blocks_left_out_not_negative check (left_out >= 0)
) partition by range (number);
create index blocks_by_hash on blocks (hash);

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

-- The codes of which the metadata is known: those of the manifest, and those that were registered.
create table codes (
    code_hash hash256 not null
        constraint codes_pkey primary key,
    -- The contract's name in its metadata; any code may carry any.
    name text not null,
    -- ink!'s metadata, without the code.
    metadata json not null
);

-- Which code each contract on the chain runs from where on, whether somebody registered it or not: made
-- (Contracts.Instantiated), or replaced (Contracts.ContractCodeUpdated). What was there before the first
-- block stands one block below it.
create table contract_codes (
    address account_id not null,
    from_block bigint not null
        constraint contract_codes_block_not_negative check (from_block >= 0),
    -- Index of that record. A constructor's events come before it.
    from_index integer not null
        constraint contract_codes_index_not_negative check (from_index >= 0),
    code_hash hash256 not null,
    constraint contract_codes_pkey primary key (address, from_block, from_index)
);
create index contract_codes_by_code on contract_codes (code_hash);

-- Every event of a contract as it stands on chain. name and fields are null when it could not be decoded.
create table events (
    block_number bigint not null,
    event_index integer not null
        constraint events_index_not_negative check (event_index >= 0),
    -- The extrinsic that it belongs to: its index in the block and the hash of its bytes; null when it
    -- belongs to none.
    extrinsic_index integer
        constraint events_extrinsic_not_negative check (extrinsic_index >= 0),
    extrinsic_hash hash256,
    contract account_id not null,
    -- Null when the contract is not of the manifest.
    contract_name text,
    topics bytea[] not null,
    data bytea not null,
    name text,
    -- Not jsonb, which has no place for the character NUL.
    fields json,
    decode_error text,
    constraint events_pkey primary key (block_number, event_index),
    constraint events_extrinsic_index_and_hash check (
        (extrinsic_index is null) = (extrinsic_hash is null)
    ),
    constraint events_decoded_or_error check (
        (name is null) = (fields is null) and (name is null) = (decode_error is not null)
    )
) partition by range (block_number);
create index events_by_contract on events (contract_name, block_number, event_index)
    where contract_name is not null;
create index events_of_others on events (contract, block_number, event_index)
    where contract_name is null;
create index events_undecoded on events (block_number, event_index) where decode_error is not null;

-- How far each projection is; one of them may stand still while the others go on.
create table projections (
    name text not null
        constraint projections_pkey primary key,
    -- Its rows are what this version of it makes of the events.
    version integer not null,
    -- How often they were replaced by others, so that whoever knows some of them notices.
    generation bigint not null default 0,
    -- The last block that is folded into its rows; the one below the first before that.
    block_number bigint not null
        constraint projections_number_not_negative check (block_number >= 0),
    -- The event that it cannot make sense of, in a later block, and why; null: it goes on.
    stopped_block bigint,
    stopped_index integer,
    stopped_reason text,
    constraint projections_stopped_for_a_reason check (
        (stopped_block is null) = (stopped_reason is null)
        and (stopped_block is null) = (stopped_index is null)
    ),
    constraint projections_stopped_above check (stopped_block > block_number)
);

-- Makes the partitions of this block's range in every partitioned table of the schema. Whoever writes a
-- block calls it before the first one of a range.
create function add_partitions(block bigint) returns void language plpgsql as $$
declare
    size constant bigint := 10000000;
    low constant bigint := block / size * size;
    parent text;
begin
    for parent in
        select relname from pg_class
        where relkind = 'p' and relnamespace = current_schema()::regnamespace
    loop
        execute format(
            'create table if not exists %I partition of %I for values from (%s) to (%s)',
            parent || '_from_' || low, parent, low, low + size
        );
    end loop;
end $$;
