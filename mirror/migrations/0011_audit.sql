-- What the audit in the background knows, which is the indexer's own and not of the chain: no row before
-- the first one.
create table audit (
    singleton boolean not null default true
        constraint audit_pkey primary key
        constraint audit_one_row check (singleton),
    -- Every block up to this one was compared with the node's, and was right.
    block_number bigint not null
        constraint audit_number_not_negative check (block_number >= 0),
    -- How many rows of each table the contracts are asked for, chosen by chance.
    sample integer not null
        constraint audit_sample_not_negative check (sample >= 0),
    -- When the first audit of this mirror began, and when one last found nothing wrong.
    began_at timestamptz not null,
    passed_at timestamptz,
    -- What is wrong, by check: `says` in words, and in `row` the contract and the arguments of the view that
    -- was asked.
    findings jsonb not null default '{}',
    -- What the last audit did not look at, by check, and why.
    left_out jsonb not null default '{}'
);
