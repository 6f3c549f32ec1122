-- Who is admitted, with which roles, and which of them are suspended.

create table participants (
    account account_id not null
        constraint participants_pkey primary key,
    profile hash256 not null,
    -- The profile that a regulator checked last; null: none was, so it was never approved.
    confirmed hash256,
    -- Bit mask of the roles that it holds, suspended ones among them.
    roles integer not null
        constraint participants_roles_are_u16 check (roles between 0 and 65535),
    -- Bit mask of the roles that pass no check, whether it holds them or not.
    suspended integer not null
        constraint participants_suspended_are_u16 check (suspended between 0 and 65535),
    -- Commitment to the reason of the last suspension; only while a role is suspended.
    suspension_reason hash256,
    block_number bigint not null,
    event_index integer not null,
    -- Roles come with an approval, which names the profile that was checked.
    constraint participants_roles_after_approval check (roles = 0 or confirmed is not null),
    -- Role 0: nobody is suspended from being cared for.
    constraint participants_data_owner_never_suspended check (suspended & 1 = 0),
    constraint participants_reason_while_suspended
        check ((suspended <> 0) = (suspension_reason is not null))
);

-- What a row of participants said from block_number on, until until_block, exclusive.
create table participants_history (
    like participants,
    until_block bigint not null,
    constraint participants_history_pkey primary key (account, block_number)
) partition by range (block_number);

-- Participants with what follows from their masks: who holds no role waits for an approval or has left;
-- of the roles that one holds, those count that are not suspended.
create view participants_now as
select
    p.account,
    p.profile,
    p.confirmed,
    p.confirmed is not distinct from p.profile as profile_confirmed,
    p.roles,
    p.suspended,
    p.suspension_reason,
    case
        when p.roles = 0 then 'pending'
        when p.roles & ~p.suspended <> 0 then 'active'
        else 'suspended'
    end as status,
    p.block_number,
    p.event_index
from participants p;
