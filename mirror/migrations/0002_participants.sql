-- Who is admitted, with which roles, which of them are suspended, who acts for whom, and by which key.

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
    -- Number of its guardianship, from 0: what its guardians grant counts only in the one in which they did.
    guardianship bigint not null
        constraint participants_guardianship_is_u32 check (guardianship between 0 and 4294967295),
    -- The key that acts for it in place of its own; null: its own does. It stays the party to everything.
    key account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint participants_key_is_another check (key <> account),
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
    p.guardianship,
    p.key,
    case
        when p.roles = 0 then 'pending'
        when p.roles & ~p.suspended <> 0 then 'active'
        else 'suspended'
    end as status,
    p.block_number,
    p.event_index
from participants p;

-- Whenever a guardian was dismissed before his time, or his time was cut short: a guardianship of the ward
-- began, and with it ended what guardians had granted in the one before. Everybody is in guardianship 0 at
-- first.
create table guardianships (
    ward account_id not null,
    guardianship bigint not null
        constraint guardianships_guardianship_is_u32 check (guardianship between 1 and 4294967295),
    -- Time of the block, ms since 1970.
    began_at_ms bigint not null
        constraint guardianships_began_at_not_negative check (began_at_ms >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint guardianships_pkey primary key (ward, guardianship)
);

-- Who acts for whom: the last mandate of each agent from each subject, as one of its staff or as a guardian.
-- It says what the agent may do, not whether the subject may: that say its roles.
create table mandates (
    subject account_id not null,
    -- The key of one of the subject's staff, or of a guardian; it need not be a participant.
    agent account_id not null,
    -- Bit mask of what it may do for the subject.
    powers integer not null
        constraint mandates_powers_are_u16 check (powers between 1 and 65535),
    -- First moment at which it no longer counts, ms since 1970.
    valid_until_ms bigint not null,
    -- Salted commitment to the person who holds the key.
    person hash256 not null,
    -- The regulator who appointed the agent as a guardian; null: the subject admitted him to its staff.
    appointed_by account_id,
    -- Times of blocks, ms since 1970: when it was given, and when it was ended before its time; null: it
    -- was not.
    admitted_at_ms bigint not null
        constraint mandates_admitted_at_not_negative check (admitted_at_ms >= 0),
    ended_at_ms bigint,
    -- Who ended it: a member's one of the two, a guardian's the agent or a regulator.
    ended_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint mandates_pkey primary key (subject, agent),
    constraint mandates_parties_differ check (subject <> agent),
    constraint mandates_counts_at_first check (valid_until_ms > admitted_at_ms),
    constraint mandates_appointed_by_another check (appointed_by not in (subject, agent)),
    constraint mandates_ended_by_somebody check ((ended_at_ms is null) = (ended_by is null)),
    constraint mandates_ended_by_a_party
        check (appointed_by is not null or ended_by in (subject, agent)),
    -- A ward does not rid himself of his guardian.
    constraint mandates_guardian_ended_by_another
        check (appointed_by is null or ended_by <> subject),
    constraint mandates_ended_afterwards check (ended_at_ms >= admitted_at_ms)
);
create index mandates_by_agent on mandates (agent, subject);

create table mandates_history (
    like mandates,
    until_block bigint not null,
    constraint mandates_history_pkey primary key (subject, agent, block_number)
) partition by range (block_number);

-- Keys that replaced another, and those that were replaced. An account that is in no row acts for itself.
create table participant_keys (
    key account_id not null
        constraint participant_keys_pkey primary key,
    -- The participant for whom it acts, or acted.
    subject account_id not null,
    -- Times of blocks, ms since 1970: when it accepted; null: it is the subject's own account, which acted from
    -- the beginning. And when another key took its place; null: none did.
    accepted_at_ms bigint
        constraint participant_keys_accepted_at_not_negative check (accepted_at_ms >= 0),
    replaced_at_ms bigint,
    block_number bigint not null,
    event_index integer not null,
    constraint participant_keys_own_is_first check ((accepted_at_ms is null) = (key = subject)),
    -- A subject's own account is here since it was replaced.
    constraint participant_keys_own_was_replaced check (key <> subject or replaced_at_ms is not null),
    constraint participant_keys_replaced_afterwards check (replaced_at_ms >= accepted_at_ms)
);
create index participant_keys_by_subject on participant_keys (subject, key);

create table participant_keys_history (
    like participant_keys,
    until_block bigint not null,
    constraint participant_keys_history_pkey primary key (key, block_number)
) partition by range (block_number);

-- What was said last of who shall act for a participant: a key that it named, or by which a regulator replaces
-- one that was lost or stolen.
create table successions (
    subject account_id not null
        constraint successions_pkey primary key,
    successor account_id not null,
    -- The regulator, and a salted commitment to what shows it; null: the participant named the key itself.
    proposed_by account_id,
    evidence hash256,
    -- Time of the block, ms since 1970.
    named_at_ms bigint not null
        constraint successions_named_at_not_negative check (named_at_ms >= 0),
    -- From when on and until when, exclusive, the key may accept; what has expired stays.
    not_before_ms u64 not null,
    until_ms u64 not null,
    -- Times of blocks, ms since 1970. When the key that is to be replaced objected; when a second regulator
    -- confirmed the replacement all the same, and who; and when it ended.
    objected_at_ms bigint,
    confirmed_at_ms bigint,
    confirmed_by account_id,
    ended_at_ms bigint,
    -- How: the key accepted, the participant took it back, or a regulator rejected it, be there an objection
    -- or not, and who.
    ending text
        constraint successions_ending_known check (ending in ('accepted', 'cancelled', 'rejected')),
    rejected_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint successions_successor_is_another check (successor <> subject),
    constraint successions_proposed_by_another check (proposed_by <> subject),
    constraint successions_evidence_of_a_regulator
        check ((proposed_by is null) = (evidence is null)),
    constraint successions_expire_later check (until_ms >= not_before_ms),
    constraint successions_objected_to_a_regulator
        check (objected_at_ms is null or proposed_by is not null),
    constraint successions_confirmed_in_spite check (confirmed_at_ms >= objected_at_ms),
    constraint successions_confirmed_after_objection
        check (confirmed_at_ms is null or objected_at_ms is not null),
    constraint successions_confirmed_by_somebody
        check ((confirmed_at_ms is null) = (confirmed_by is null)),
    -- Who proposed it only takes it back, which any other regulator may, too.
    constraint successions_confirmed_by_a_second check (confirmed_by not in (subject, proposed_by)),
    constraint successions_ended_somehow check ((ended_at_ms is null) = (ending is null)),
    constraint successions_rejected_by_somebody
        check ((ending is not distinct from 'rejected') = (rejected_by is not null)),
    constraint successions_rejected_of_a_regulator
        check (ending <> 'rejected' or proposed_by is not null),
    constraint successions_cancelled_of_his_own check (ending <> 'cancelled' or proposed_by is null),
    constraint successions_accepted_if_confirmed
        check (ending <> 'accepted' or objected_at_ms is null or confirmed_at_ms is not null)
);
create index successions_by_successor on successions (successor);

create table successions_history (
    like successions,
    until_block bigint not null,
    constraint successions_history_pkey primary key (subject, block_number)
) partition by range (block_number);
