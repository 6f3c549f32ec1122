-- Grants, denials, restrictions, delegates, emergencies, and the log of every decision.
--
-- A table whose rows change is followed by its history: what a row said from block_number on, until
-- until_block, exclusive.

-- Whenever an owner revoked everything: an epoch began, and with it ended what was given in the one
-- before. Every owner is in epoch 0 at first.
create table owner_epochs (
    owner account_id not null,
    epoch bigint not null
        constraint owner_epochs_epoch_is_u32 check (epoch between 1 and 4294967295),
    -- When the epoch began, ms since 1970, and who revoked then: the owner or a guardian of his.
    began_at_ms bigint not null
        constraint owner_epochs_began_at_not_negative check (began_at_ms >= 0),
    began_by account_id not null,
    block_number bigint not null,
    event_index integer not null,
    constraint owner_epochs_pkey primary key (owner, epoch)
);

-- Whenever an owner removed a delegate with the grants that he had given: those with a number in the range
-- ended. A delegate who is set again starts clean, for later grants have higher numbers.
create table delegate_revocations (
    owner account_id not null,
    delegate account_id not null,
    -- The highest number of a grant then, of whomever.
    revoked_up_to bigint not null,
    -- What an earlier removal had revoked already: the number up to which it did; 0: nothing.
    revoked_after bigint not null
        constraint delegate_revocations_after_not_negative check (revoked_after >= 0),
    -- Time of the block, ms since 1970, and who removed him: the owner or a guardian of his.
    revoked_at_ms bigint not null
        constraint delegate_revocations_at_not_negative check (revoked_at_ms >= 0),
    revoked_by account_id not null,
    block_number bigint not null,
    event_index integer not null,
    constraint delegate_revocations_pkey primary key (owner, delegate, revoked_up_to),
    constraint delegate_revocations_not_empty check (revoked_up_to > revoked_after)
);

-- Not whether a grant ended with its epoch, or with the delegate who gave it: that says grants_now.
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
    -- Commitment to the record that it is for. null: it is for all records, unless link_erased.
    record hash256,
    -- It was for one record, and the owner had that link forgotten once the grant was over.
    link_erased boolean not null,
    -- Hash of the policy that both parties agreed to.
    policy hash256 not null,
    -- Number of the terms: each amendment replaces them.
    version bigint not null
        constraint grants_version_is_u32_from_one check (version between 1 and 4294967295),
    -- The owner's epoch in which it was granted.
    epoch bigint not null
        constraint grants_epoch_is_u32 check (epoch between 0 and 4294967295),
    -- Who granted it: the owner, a guardian of his or a delegate.
    granted_by account_id not null,
    -- The owner's guardianship in which a guardian granted it, and in which alone it counts; null: no
    -- guardian did. Whether the next one has begun is another projection's: that says guardianships.
    guardianship bigint
        constraint grants_guardianship_is_u32 check (guardianship between 0 and 4294967295),
    -- The last amendment; null: never amended.
    amended_by account_id,
    amended_at_ms bigint,
    -- When and by whom it was revoked alone: the owner, a guardian of his or a delegate.
    revoked_at_ms bigint,
    revoked_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint grants_parties_differ check (owner <> grantee),
    constraint grants_guardian_is_another
        check (guardianship is null or granted_by not in (owner, grantee)),
    constraint grants_no_record_once_erased check (not link_erased or record is null),
    constraint grants_period_not_empty check (valid_until_ms > valid_from_ms),
    constraint grants_uses_within_max check (max_uses is null or uses <= max_uses),
    constraint grants_revoked_by_somebody
        check ((revoked_at_ms is null) = (revoked_by is null)),
    constraint grants_amended_if_later_version
        check ((amended_at_ms is null) = (version = 1) and (amended_by is null) = (version = 1))
);
create index grants_by_owner on grants (owner, id);
create index grants_by_grantee on grants (grantee, id);
create index grants_by_pair on grants (owner, grantee, id);
-- Not by `uses`: a permit, which counts them, leaves all indexes as they are.
create index grants_live on grants (owner, grantee, epoch, valid_until_ms) where revoked_at_ms is null;

create table grants_history (
    like grants,
    until_block bigint not null,
    constraint grants_history_pkey primary key (id, block_number)
) partition by range (block_number);

-- Grants as they stand: revoked alone; with all others of their epoch; or with all that the same delegate had
-- given. Of several the first one counts. What a guardian gave also ends with its guardianship, as by its
-- date, and may still be revoked then. The position is that of the last event that changed the grant, which
-- may be the one that began the next epoch or removed the delegate.
create view grants_now as
select
    g.id,
    g.owner,
    g.grantee,
    g.purposes,
    g.categories,
    g.valid_from_ms,
    g.valid_until_ms,
    g.max_uses,
    g.uses,
    g.record,
    g.link_erased,
    g.policy,
    g.version,
    g.epoch,
    g.granted_by,
    g.guardianship,
    g.amended_by,
    g.amended_at_ms,
    coalesce(g.revoked_at_ms, r.at_ms) as revoked_at_ms,
    coalesce(g.revoked_by, r.by) as revoked_by,
    e.owner is not null and not f.removal_first as revoked_with_all,
    f.removal_first as revoked_with_delegate,
    -- The link to the record can be forgotten afterwards.
    case
        when (r.block_number, r.event_index) > (g.block_number, g.event_index) then r.block_number
        else g.block_number
    end as block_number,
    case
        when (r.block_number, r.event_index) > (g.block_number, g.event_index) then r.event_index
        else g.event_index
    end as event_index
from grants g
    left join owner_epochs e
        on e.owner = g.owner and e.epoch = g.epoch + 1 and g.revoked_at_ms is null
    left join delegate_revocations d
        -- What he gave as a guardian is none of it.
        on d.owner = g.owner and d.delegate = g.granted_by and g.guardianship is null
            and g.id > d.revoked_after and g.id <= d.revoked_up_to and g.revoked_at_ms is null
    cross join lateral (
        select coalesce(
            (d.block_number, d.event_index) < (e.block_number, e.event_index), d.owner is not null
        ) as removal_first
    ) as f
    cross join lateral (
        select
            case when f.removal_first then d.revoked_at_ms else e.began_at_ms end as at_ms,
            case when f.removal_first then d.revoked_by else e.began_by end as by,
            case when f.removal_first then d.block_number else e.block_number end as block_number,
            case when f.removal_first then d.event_index else e.event_index end as event_index
    ) as r;

-- What owners, or guardians for them, denied explicitly: for each requester and purpose the categories.
create table denials (
    owner account_id not null,
    requester account_id not null,
    purpose smallint not null
        constraint denials_purpose_index check (purpose between 0 and 31),
    -- u32 masks of what the owner denies, and of what guardians deny for him, which binds no emergency; both
    -- 0: all of it was lifted.
    categories bigint not null
        constraint denials_categories_mask check (categories between 0 and 4294967295),
    by_guardians bigint not null
        constraint denials_by_guardians_mask check (by_guardians between 0 and 4294967295),
    -- When a category was added last, to either.
    denied_at_ms bigint not null
        constraint denials_denied_at_not_negative check (denied_at_ms >= 0),
    -- When the last category was lifted; null: it holds.
    lifted_at_ms bigint,
    block_number bigint not null,
    event_index integer not null,
    constraint denials_pkey primary key (owner, requester, purpose),
    constraint denials_parties_differ check (owner <> requester),
    constraint denials_lifted_when_empty
        check ((categories = 0 and by_guardians = 0) = (lifted_at_ms is not null)),
    constraint denials_lifted_afterwards check (lifted_at_ms >= denied_at_ms)
);
create index denials_by_requester on denials (requester, owner, purpose);

create table denials_history (
    like denials,
    until_block bigint not null,
    constraint denials_history_pkey primary key (owner, requester, purpose, block_number)
) partition by range (block_number);

-- What an owner, or a guardian for him, denies everybody except those that he names: the last restriction of
-- each owner, for he has one at a time.
create table restrictions (
    owner account_id not null
        constraint restrictions_pkey primary key,
    -- Number of the owner's restriction.
    number bigint not null
        constraint restrictions_number_from_one check (number >= 1),
    -- u32 masks: denied is what has both its purpose and its category in them.
    purposes bigint not null
        constraint restrictions_purposes_mask check (purposes between 1 and 4294967295),
    categories bigint not null
        constraint restrictions_categories_mask check (categories between 1 and 4294967295),
    restricted_at_ms bigint not null
        constraint restrictions_restricted_at_not_negative check (restricted_at_ms >= 0),
    -- The owner, or a guardian of his: then it binds no emergency.
    restricted_by account_id not null,
    -- When and by which of them it was lifted; null: it holds.
    lifted_at_ms bigint,
    lifted_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint restrictions_lifted_by_somebody
        check ((lifted_at_ms is null) = (lifted_by is null)),
    -- A guardian lifts no restriction of the owner's own.
    constraint restrictions_own_lifted_by_the_owner
        check (restricted_by <> owner or lifted_by = owner),
    constraint restrictions_lifted_afterwards check (lifted_at_ms >= restricted_at_ms)
);

create table restrictions_history (
    like restrictions,
    until_block bigint not null,
    constraint restrictions_history_pkey primary key (owner, block_number)
) partition by range (block_number);

-- Whom a restriction does not concern: one of the number in restrictions, in the order of the events. Of
-- an account it is the last that named it.
create table restriction_exceptions (
    owner account_id not null,
    account account_id not null,
    -- Number of the owner's restriction.
    restriction bigint not null
        constraint restriction_exceptions_restriction_from_one check (restriction >= 1),
    block_number bigint not null,
    event_index integer not null,
    constraint restriction_exceptions_pkey primary key (owner, account)
);

create table restriction_exceptions_history (
    like restriction_exceptions,
    until_block bigint not null,
    constraint restriction_exceptions_history_pkey primary key (owner, account, block_number)
) partition by range (block_number);

-- Who may grant, amend and revoke for an owner, the last delegation for each delegate; not whether it
-- ended with its epoch: that says delegations_now.
create table delegations (
    owner account_id not null,
    delegate account_id not null,
    -- u32 masks of what is in scope.
    purposes bigint not null
        constraint delegations_purposes_mask check (purposes between 1 and 4294967295),
    categories bigint not null
        constraint delegations_categories_mask check (categories between 1 and 4294967295),
    -- First moment at which it no longer counts, ms since 1970.
    valid_until_ms u64 not null,
    -- The owner's epoch in which it was given.
    epoch bigint not null
        constraint delegations_epoch_is_u32 check (epoch between 0 and 4294967295),
    -- How it ended by itself before its time: it was taken back; null: it did not.
    ended text
        constraint delegations_ended_known check (ended in ('removed')),
    -- The grants that the delegate ever gave for the owner are revoked up to this number; null: none were
    -- with a removal.
    revoked_up_to bigint
        constraint delegations_revoked_up_to_not_negative check (revoked_up_to >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint delegations_pkey primary key (owner, delegate),
    constraint delegations_parties_differ check (owner <> delegate)
);
create index delegations_by_delegate on delegations (delegate, owner);

create table delegations_history (
    like delegations,
    until_block bigint not null,
    constraint delegations_history_pkey primary key (owner, delegate, block_number)
) partition by range (block_number);

-- Delegations as they stand: 'removed', or 'voided' with all others of their epoch. The position is
-- that of the last event that changed it, which may be the one that began the next epoch.
create view delegations_now as
select
    d.owner,
    d.delegate,
    d.purposes,
    d.categories,
    d.valid_until_ms,
    d.epoch,
    case when e.owner is not null then 'voided' else d.ended end as ended,
    coalesce(e.block_number, d.block_number) as block_number,
    coalesce(e.event_index, d.event_index) as event_index
from delegations d
    left join owner_epochs e
        on e.owner = d.owner and e.epoch = d.epoch + 1 and d.ended is null;

-- Emergencies: a provider opened a patient's data without a grant ("broke the glass").
create table emergency_windows (
    id bigint not null
        constraint emergency_windows_pkey primary key
        constraint emergency_windows_id_from_one check (id >= 1),
    patient account_id not null,
    provider account_id not null,
    -- The key that opened it: the provider's own, or that of one of its staff, with the commitment to the
    -- person who holds it.
    opened_by account_id not null,
    person hash256,
    -- Salted commitment to the justification.
    justification hash256 not null,
    opened_at_ms bigint not null
        constraint emergency_windows_opened_at_not_negative check (opened_at_ms >= 0),
    -- First moment at which it is over by itself, and first moment at which a missing review is
    -- overdue, ms since 1970.
    until_ms bigint not null,
    review_by_ms bigint not null,
    -- When and by whom it was closed before its time; null: it was not.
    closed_at_ms bigint,
    -- The patient or a guardian of his, the provider or one of its staff, or the reviewer who found it
    -- unjustified.
    closed_by account_id,
    -- The review; null: there was none yet.
    outcome text
        constraint emergency_windows_outcome_known check (outcome in ('justified', 'unjustified')),
    reviewed_at_ms bigint,
    reviewed_by account_id,
    -- Permits given in it so far.
    uses bigint not null default 0
        constraint emergency_windows_uses_not_negative check (uses >= 0),
    block_number bigint not null,
    event_index integer not null,
    constraint emergency_windows_parties_differ check (patient <> provider),
    constraint emergency_windows_opened_by_another check (opened_by <> patient),
    constraint emergency_windows_person_if_by_staff
        check ((opened_by = provider) = (person is null)),
    constraint emergency_windows_not_empty check (until_ms > opened_at_ms),
    constraint emergency_windows_review_after_end check (review_by_ms >= until_ms),
    constraint emergency_windows_closed_by_somebody
        check ((closed_at_ms is null) = (closed_by is null)),
    constraint emergency_windows_closed_while_open
        check (closed_at_ms >= opened_at_ms and closed_at_ms < until_ms),
    constraint emergency_windows_over_when_reviewed
        check (reviewed_at_ms >= coalesce(closed_at_ms, until_ms)),
    constraint emergency_windows_reviewed_by_somebody check (
        (outcome is null) = (reviewed_at_ms is null) and (outcome is null) = (reviewed_by is null)
    ),
    constraint emergency_windows_reviewed_by_another
        check (reviewed_by not in (patient, provider, opened_by))
);
create index emergency_windows_by_patient on emergency_windows (patient, id);
create index emergency_windows_by_provider on emergency_windows (provider, id);
create index emergency_windows_by_pair on emergency_windows (patient, provider, id);
-- What reviewers still have to do, the most urgent first.
create index emergency_windows_unreviewed on emergency_windows (review_by_ms, id)
    where outcome is null;

create table emergency_windows_history (
    like emergency_windows,
    until_block bigint not null,
    constraint emergency_windows_history_pkey primary key (id, block_number)
) partition by range (block_number);

-- Suspensions of providers that the consent contract proposed to the regulator: at most one a window.
create table sanctions (
    window_id bigint not null
        constraint sanctions_pkey primary key,
    provider account_id not null,
    -- A reviewer found the emergency access unjustified, or nobody reviewed it in time.
    reason text not null
        constraint sanctions_reason_known check (reason in ('unjustified', 'unreviewed')),
    proposed_at_ms bigint not null
        constraint sanctions_proposed_at_not_negative check (proposed_at_ms >= 0),
    block_number bigint not null,
    event_index integer not null
);
create index sanctions_by_provider on sanctions (provider, window_id);

-- Keys that may open no window, for whichever provider: the last bar of each, which an unjustified window
-- brought that it had opened.
create table emergency_bars (
    key account_id not null
        constraint emergency_bars_pkey primary key,
    window_id bigint not null,
    barred_at_ms bigint not null
        constraint emergency_bars_barred_at_not_negative check (barred_at_ms >= 0),
    -- When and by which regulator it was lifted; null: it holds.
    lifted_at_ms bigint,
    lifted_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint emergency_bars_lifted_by_somebody
        check ((lifted_at_ms is null) = (lifted_by is null)),
    constraint emergency_bars_lifted_by_another check (lifted_by <> key),
    constraint emergency_bars_lifted_afterwards check (lifted_at_ms >= barred_at_ms)
);

create table emergency_bars_history (
    like emergency_bars,
    until_block bigint not null,
    constraint emergency_bars_history_pkey primary key (key, block_number)
) partition by range (block_number);

-- Owners who want no emergency access, the last refusal of each: while it holds no window on them is
-- opened, and none that is open permits anything.
create table emergency_refusals (
    owner account_id not null
        constraint emergency_refusals_pkey primary key,
    refused_at_ms bigint not null
        constraint emergency_refusals_refused_at_not_negative check (refused_at_ms >= 0),
    -- When it was taken back, by the owner or a guardian of his; null: it holds.
    allowed_at_ms bigint,
    allowed_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint emergency_refusals_allowed_by_somebody
        check ((allowed_at_ms is null) = (allowed_by is null)),
    constraint emergency_refusals_allowed_afterwards check (allowed_at_ms >= refused_at_ms)
);

create table emergency_refusals_history (
    like emergency_refusals,
    until_block bigint not null,
    constraint emergency_refusals_history_pkey primary key (owner, block_number)
) partition by range (block_number);

-- The log of an owner is a chain of heads: head = BLAKE2b-256(previous_head, content), so that whoever
-- knows a head can follow it to a later one by the contents alone.
create table access_log (
    access bigint not null
        constraint access_log_pkey primary key
        constraint access_log_access_from_one check (access >= 1),
    owner account_id not null,
    requester account_id not null,
    -- The key that asked: the requester's own, or that of one of its staff, with the commitment to the
    -- person who holds it.
    asked_by account_id not null,
    person hash256,
    -- Number of the entry in the log of this owner.
    sequence bigint not null
        constraint access_log_sequence_from_one check (sequence >= 1),
    purpose smallint not null
        constraint access_log_purpose_index check (purpose between 0 and 31),
    category smallint not null
        constraint access_log_category_index check (category between 0 and 31),
    -- Commitment to the record that was asked for; null: none in particular.
    record hash256,
    -- The grant that was applied; null when there was none.
    grant_id bigint,
    -- The emergency window that permitted it; null when none did.
    window_id bigint,
    permitted boolean not null,
    deny_reason text,
    at_ms bigint not null
        constraint access_log_at_not_negative check (at_ms >= 0),
    -- Head of the owner's previous entry; zero for the first.
    previous_head hash256 not null,
    -- BLAKE2b-256 over the SCALE tuple of the domain, which says which contract on which chain it is, and
    -- the entry's fields.
    content hash256 not null,
    head hash256 not null,
    block_number bigint not null,
    event_index integer not null,
    constraint access_log_owner_sequence_key unique (owner, sequence),
    constraint access_log_person_if_by_staff check (asked_by <> requester or person is null),
    constraint access_log_reason_if_denied check (permitted = (deny_reason is null)),
    constraint access_log_permit_has_one_basis
        check (not permitted or (grant_id is null) <> (window_id is null)),
    -- The one that would have permitted it, had anybody paid.
    constraint access_log_unfunded_by_a_grant
        check (deny_reason <> 'Unfunded' or grant_id is not null),
    constraint access_log_window_only_permits check (window_id is null or permitted)
);
create index access_log_by_owner on access_log (owner, access);
create index access_log_by_requester on access_log (requester, access);
-- What a key asked itself is found by the requester.
create index access_log_by_agent on access_log (asked_by, access) where person is not null;
create index access_log_by_window on access_log (window_id, access) where window_id is not null;

-- The last entry of each owner's log, which the next one follows.
create table log_heads (
    owner account_id not null
        constraint log_heads_pkey primary key,
    sequence bigint not null
        constraint log_heads_sequence_from_one check (sequence >= 1),
    head hash256 not null,
    block_number bigint not null,
    event_index integer not null
);

create table log_heads_history (
    like log_heads,
    until_block bigint not null,
    constraint log_heads_history_pkey primary key (owner, block_number)
) partition by range (block_number);

-- The refusals of accounts that were never admitted: one chain of heads for the contract. No owner's log
-- shows them, and of each only the raw event is kept.
create table outsider_refusals (
    singleton boolean not null default true
        constraint outsider_refusals_pkey primary key
        constraint outsider_refusals_one_row check (singleton),
    -- How many there were, which is the number of the last one.
    sequence bigint not null
        constraint outsider_refusals_sequence_from_one check (sequence >= 1),
    -- Head after the last one.
    head hash256 not null,
    at_ms bigint not null
        constraint outsider_refusals_at_not_negative check (at_ms >= 0),
    block_number bigint not null,
    event_index integer not null
);

create table outsider_refusals_history (
    like outsider_refusals,
    until_block bigint not null,
    constraint outsider_refusals_history_pkey primary key (singleton, block_number)
) partition by range (block_number);
