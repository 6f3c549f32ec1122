-- How each contract is governed.

-- How each contract is governed. No row before the first such event of a contract: then it is not
-- paused, nothing is proposed, and its administrator is who deployed it.
create table contract_governance (
    contract account_id not null
        constraint contract_governance_pkey primary key,
    paused boolean not null default false,
    -- Every event of the government names him.
    administrator account_id not null,
    -- Who is proposed to follow the administrator, and from when on and until when, exclusive, he may
    -- accept; what has expired stays.
    successor account_id,
    successor_not_before_ms u64,
    successor_until_ms u64,
    -- The code that is announced, and from when on and until when, exclusive, it may take effect; what
    -- has expired stays.
    announced_code_hash hash256,
    announced_not_before_ms u64,
    announced_until_ms u64,
    -- The code that runs; null: the one of the deployment, which contracts.code_hash names.
    code_hash hash256,
    block_number bigint not null,
    event_index integer not null,
    constraint contract_governance_successor_waits
        check ((successor is null) = (successor_not_before_ms is null)
            and (successor is null) = (successor_until_ms is null)),
    constraint contract_governance_successor_expires_later
        check (successor_until_ms > successor_not_before_ms),
    constraint contract_governance_announced_code_waits
        check ((announced_code_hash is null) = (announced_not_before_ms is null)
            and (announced_code_hash is null) = (announced_until_ms is null)),
    constraint contract_governance_announced_code_expires_later
        check (announced_until_ms > announced_not_before_ms),
    constraint contract_governance_successor_is_another check (successor <> administrator)
);
-- What it said from block_number on, until until_block, exclusive.
create table contract_governance_history (
    like contract_governance,
    until_block bigint not null,
    constraint contract_governance_history_pkey primary key (contract, block_number)
) partition by range (block_number);
