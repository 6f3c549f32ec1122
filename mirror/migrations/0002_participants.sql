-- Who is admitted, with which roles.

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
    block_number bigint not null,
    event_index integer not null,
    -- Who left, or was never approved, holds no role.
    constraint participants_pending_has_no_roles check (status <> 'pending' or roles = 0),
    constraint participants_active_has_roles check (status <> 'active' or roles > 0),
    constraint participants_reason_while_suspended
        check ((status = 'suspended') = (suspension_reason is not null))
);

-- What a row of participants said from block_number on, until until_block, exclusive.
create table participants_history (
    like participants,
    until_block bigint not null,
    constraint participants_history_pkey primary key (account, block_number)
) partition by range (block_number);
