-- Proposals of grants, and requests for erasure.
--
-- A table whose rows change is followed by its history: what a row said from block_number on, until
-- until_block, exclusive.

create table proposals (
    id bigint not null
        constraint proposals_pkey primary key
        constraint proposals_id_from_one check (id >= 1),
    owner account_id not null,
    requester account_id not null,
    -- The key that proposed it: the requester's own, or that of one of its staff, with the commitment to
    -- the person who holds it.
    proposed_by account_id not null,
    person hash256,
    -- u32 masks.
    purposes bigint not null
        constraint proposals_purposes_mask check (purposes between 1 and 4294967295),
    categories bigint not null
        constraint proposals_categories_mask check (categories between 1 and 4294967295),
    -- First moment at which the grant would be valid and first at which it would be valid no longer, ms
    -- since 1970.
    valid_from_ms u64 not null,
    valid_until_ms u64 not null,
    -- null: no limit.
    max_uses bigint
        constraint proposals_max_uses_from_one check (max_uses >= 1),
    -- Commitment to the record that the grant would be for; null: all records, or the proposal has ended,
    -- and with it that was forgotten.
    record hash256,
    -- Hash of the policy that accepting agrees to.
    policy hash256 not null,
    -- Time of the block, and first moment at which it can be accepted no longer, ms since 1970.
    proposed_at_ms bigint not null
        constraint proposals_proposed_at_not_negative check (proposed_at_ms >= 0),
    expires_at_ms bigint not null,
    -- When and by which key it was taken back; or when it was accepted, and the grant that carries its
    -- terms; or when it was declined, and the commitment to the reason if one was given.
    withdrawn_at_ms bigint,
    withdrawn_by account_id,
    accepted_at_ms bigint,
    grant_id bigint
        constraint proposals_grant_from_one check (grant_id >= 1),
    declined_at_ms bigint,
    decline_reason hash256,
    -- Who accepted or declined it: the owner, or a guardian of his who did not make it.
    answered_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint proposals_parties_differ check (owner <> requester),
    constraint proposals_person_if_by_staff
        check ((proposed_by = requester) = (person is null)),
    constraint proposals_period_not_empty check (valid_until_ms > valid_from_ms),
    constraint proposals_open_at_first check (expires_at_ms > proposed_at_ms),
    constraint proposals_do_not_outlast_their_terms check (expires_at_ms <= valid_until_ms),
    constraint proposals_end_once
        check (num_nonnulls(withdrawn_at_ms, accepted_at_ms, declined_at_ms) <= 1),
    constraint proposals_withdrawn_by_somebody
        check ((withdrawn_at_ms is null) = (withdrawn_by is null)),
    constraint proposals_accepted_with_a_grant
        check ((accepted_at_ms is null) = (grant_id is null)),
    constraint proposals_reason_if_declined
        check (decline_reason is null or declined_at_ms is not null),
    constraint proposals_answered_by_somebody check (
        (num_nonnulls(accepted_at_ms, declined_at_ms) = 0) = (answered_by is null)
    ),
    constraint proposals_answered_by_another check (answered_by not in (requester, proposed_by)),
    constraint proposals_no_record_once_ended check (
        record is null or num_nonnulls(withdrawn_at_ms, accepted_at_ms, declined_at_ms) = 0
    ),
    constraint proposals_end_while_open check (
        coalesce(withdrawn_at_ms, accepted_at_ms, declined_at_ms) >= proposed_at_ms
        and coalesce(withdrawn_at_ms, accepted_at_ms, declined_at_ms) < expires_at_ms
    )
);
create index proposals_by_owner on proposals (owner, id);
create index proposals_by_requester on proposals (requester, id);

create table proposals_history (
    like proposals,
    until_block bigint not null,
    constraint proposals_history_pkey primary key (id, block_number)
) partition by range (block_number);

create table erasures (
    id bigint not null
        constraint erasures_pkey primary key
        constraint erasures_id_from_one check (id >= 1),
    -- Who asks, and who shall erase.
    owner account_id not null,
    requester account_id not null,
    -- Who asks for him: he himself, or a guardian of his.
    requested_by account_id not null,
    -- Time of the block, and first moment at which a missing answer is overdue, ms since 1970.
    requested_at_ms bigint not null
        constraint erasures_requested_at_not_negative check (requested_at_ms >= 0),
    due_ms bigint not null,
    -- What the requester answered; all null: nothing yet.
    answered_at_ms bigint,
    -- First moment at which the law no longer has it retain the data, ms since 1970; null: they are erased.
    retained_until_ms bigint,
    -- Salted commitment to the evidence.
    evidence hash256,
    -- The key that answered: the requester's own, or that of one of its staff, with the commitment to the
    -- person who holds it.
    answered_by account_id,
    person hash256,
    block_number bigint not null,
    event_index integer not null,
    constraint erasures_parties_differ check (owner <> requester),
    constraint erasures_requested_by_another check (requested_by <> requester),
    constraint erasures_time_to_answer check (due_ms > requested_at_ms),
    constraint erasures_answered_whole check (
        (evidence is null) = (answered_at_ms is null)
        and (answered_by is null) = (answered_at_ms is null)
    ),
    constraint erasures_answered_afterwards check (answered_at_ms >= requested_at_ms),
    constraint erasures_retained_if_answered
        check (retained_until_ms is null or answered_at_ms is not null),
    constraint erasures_retained_beyond_the_answer check (retained_until_ms > answered_at_ms),
    constraint erasures_person_if_by_staff check (
        case when answered_at_ms is null then person is null
            else (answered_by = requester) = (person is null) end
    )
);
create index erasures_by_owner on erasures (owner, id);
create index erasures_by_requester on erasures (requester, id);
-- What requesters still have to answer, the most urgent first.
create index erasures_unanswered on erasures (due_ms, id) where answered_at_ms is null;

create table erasures_history (
    like erasures,
    until_block bigint not null,
    constraint erasures_history_pkey primary key (id, block_number)
) partition by range (block_number);
