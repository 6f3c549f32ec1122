-- Who is admitted, with which roles, which of them are suspended, and who acts for whom.

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

-- Who acts for whom: the last mandate of each agent from each subject. It says what the agent may do, not
-- whether the subject may: that say its roles.
create table mandates (
    subject account_id not null,
    -- The key of one of the subject's staff; it need not be a participant.
    agent account_id not null,
    -- Bit mask of what it may do for the subject.
    powers integer not null
        constraint mandates_powers_are_u16 check (powers between 1 and 65535),
    -- First moment at which it no longer counts, ms since 1970.
    valid_until_ms bigint not null,
    -- Salted commitment to the person who holds the key.
    person hash256 not null,
    -- Times of blocks, ms since 1970: when it was given, and when it was ended before its time; null: it
    -- was not.
    admitted_at_ms bigint not null
        constraint mandates_admitted_at_not_negative check (admitted_at_ms >= 0),
    ended_at_ms bigint,
    -- Which of the two ended it.
    ended_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint mandates_pkey primary key (subject, agent),
    constraint mandates_parties_differ check (subject <> agent),
    constraint mandates_counts_at_first check (valid_until_ms > admitted_at_ms),
    constraint mandates_ended_by_a_party
        check ((ended_at_ms is null) = (ended_by is null) and ended_by in (subject, agent)),
    constraint mandates_ended_afterwards check (ended_at_ms >= admitted_at_ms)
);
create index mandates_by_agent on mandates (agent, subject);

create table mandates_history (
    like mandates,
    until_block bigint not null,
    constraint mandates_history_pkey primary key (subject, agent, block_number)
) partition by range (block_number);
