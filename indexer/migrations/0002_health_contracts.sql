-- Projections of the health contracts' second version: government of every contract, roles that
-- change, versions and epochs of grants, denials, delegates, emergencies, countersigned and revoked
-- reports, refunds.
--
-- A database belongs to one deployment, and the contracts of 0001 emit none of what is new here, so
-- the backfills below only keep a mirror of those contracts readable. What they could not know is
-- the zero hash.

-- ---------------------------------------------------------------- government

-- How each contract is governed. No row before the first such event of a contract: then it is not
-- paused, nothing is proposed, and its administrator is who deployed it.
create table contract_governance (
    contract account_id not null
        constraint contract_governance_pkey primary key
        constraint contract_governance_contract_fkey references contracts (address),
    paused boolean not null default false,
    -- Every event of the government names him.
    administrator account_id not null,
    -- Who is proposed to follow the administrator, and the first moment at which he may accept.
    successor account_id,
    successor_not_before_ms u64,
    -- The code that is announced, and the first moment at which it may take effect.
    announced_code_hash hash256,
    announced_not_before_ms u64,
    -- The code that runs; null: the one of the deployment, which contracts.code_hash names.
    code_hash hash256,
    block_number bigint not null
        constraint contract_governance_block_fkey references blocks (number),
    event_index integer not null,
    constraint contract_governance_successor_waits
        check ((successor is null) = (successor_not_before_ms is null)),
    constraint contract_governance_announced_code_waits
        check ((announced_code_hash is null) = (announced_not_before_ms is null)),
    constraint contract_governance_successor_is_another check (successor <> administrator)
);

-- ---------------------------------------------------------------- participants

-- Who left, or was never approved, holds no role.
alter table participants
    add constraint participants_pending_has_no_roles check (status <> 'pending' or roles = 0);

-- ---------------------------------------------------------------- consent

-- The epoch of each owner who ever revoked everything; no row: epoch 0. Grants and delegations of
-- earlier epochs do not count.
create table owner_epochs (
    owner account_id not null
        constraint owner_epochs_pkey primary key,
    epoch bigint not null
        constraint owner_epochs_epoch_is_u32 check (epoch between 1 and 4294967295),
    -- When the epoch began, ms since 1970.
    began_at_ms bigint not null
        constraint owner_epochs_began_at_not_negative check (began_at_ms >= 0),
    block_number bigint not null
        constraint owner_epochs_block_fkey references blocks (number),
    event_index integer not null
);

alter table grants
    -- Hash of the policy that both parties agreed to.
    add column policy hash256 not null default decode(repeat('00', 32), 'hex'),
    -- Number of the terms: each amendment replaces them.
    add column version bigint not null default 1
        constraint grants_version_is_u32_from_one check (version between 1 and 4294967295),
    -- The owner's epoch in which it was granted.
    add column epoch bigint not null default 0
        constraint grants_epoch_is_u32 check (epoch between 0 and 4294967295),
    -- Who granted it: the owner or a delegate.
    add column granted_by account_id,
    -- The last amendment; null: never amended.
    add column amended_by account_id,
    add column amended_at_ms bigint,
    -- Who revoked it: the owner or a delegate; the owner too when all were revoked at once.
    add column revoked_by account_id,
    -- Whether it was revoked with all others of its epoch.
    add column revoked_with_all boolean not null default false;

-- Before there were delegates, only the owner granted and revoked.
update grants
set granted_by = owner, revoked_by = case when revoked_at_ms is not null then owner end;

alter table grants
    alter column policy drop default,
    alter column version drop default,
    alter column epoch drop default,
    alter column granted_by set not null,
    -- null: the owner had the link to the record forgotten, or never made one (the zero hash).
    alter column record drop not null,
    add constraint grants_revoked_by_somebody
        check ((revoked_at_ms is null) = (revoked_by is null)),
    add constraint grants_revoked_with_all_is_revoked
        check (not revoked_with_all or revoked_at_ms is not null),
    add constraint grants_amended_if_later_version
        check ((amended_at_ms is null) = (version = 1) and (amended_by is null) = (version = 1));

-- What owners denied explicitly, the last denial for each requester.
create table denials (
    owner account_id not null,
    requester account_id not null,
    -- u32 masks; an access is denied when both its purpose and its category are in them.
    purposes bigint not null
        constraint denials_purposes_mask check (purposes between 1 and 4294967295),
    categories bigint not null
        constraint denials_categories_mask check (categories between 1 and 4294967295),
    denied_at_ms bigint not null
        constraint denials_denied_at_not_negative check (denied_at_ms >= 0),
    -- null: it holds.
    lifted_at_ms bigint,
    block_number bigint not null
        constraint denials_block_fkey references blocks (number),
    event_index integer not null,
    constraint denials_pkey primary key (owner, requester),
    constraint denials_parties_differ check (owner <> requester),
    constraint denials_lifted_afterwards check (lifted_at_ms >= denied_at_ms)
);
create index denials_by_requester on denials (requester, owner);

-- Who may grant, amend and revoke for an owner, the last delegation for each delegate.
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
    -- How it ended before its time: taken back, or with the owner's epoch; null: it did not.
    ended text
        constraint delegations_ended_known check (ended in ('removed', 'voided')),
    block_number bigint not null
        constraint delegations_block_fkey references blocks (number),
    event_index integer not null,
    constraint delegations_pkey primary key (owner, delegate),
    constraint delegations_parties_differ check (owner <> delegate)
);
create index delegations_by_delegate on delegations (delegate, owner);

-- Emergencies: a provider opened a patient's data without a grant ("broke the glass").
create table emergency_windows (
    id bigint not null
        constraint emergency_windows_pkey primary key
        constraint emergency_windows_id_from_one check (id >= 1),
    patient account_id not null,
    provider account_id not null,
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
    closed_by account_id,
    -- The review; null: there was none yet.
    outcome text
        constraint emergency_windows_outcome_known check (outcome in ('justified', 'unjustified')),
    reviewed_at_ms bigint,
    reviewed_by account_id,
    -- Permits given in it so far.
    uses bigint not null default 0
        constraint emergency_windows_uses_not_negative check (uses >= 0),
    block_number bigint not null
        constraint emergency_windows_block_fkey references blocks (number),
    event_index integer not null,
    constraint emergency_windows_parties_differ check (patient <> provider),
    constraint emergency_windows_not_empty check (until_ms > opened_at_ms),
    constraint emergency_windows_review_after_end check (review_by_ms >= until_ms),
    constraint emergency_windows_closed_by_somebody
        check ((closed_at_ms is null) = (closed_by is null)),
    constraint emergency_windows_closed_while_open
        check (closed_at_ms >= opened_at_ms and closed_at_ms < until_ms),
    constraint emergency_windows_closed_by_a_party check (closed_by in (patient, provider)),
    constraint emergency_windows_reviewed_by_somebody check (
        (outcome is null) = (reviewed_at_ms is null) and (outcome is null) = (reviewed_by is null)
    ),
    constraint emergency_windows_reviewed_by_another
        check (reviewed_by not in (patient, provider))
);
create index emergency_windows_by_patient on emergency_windows (patient, id);
create index emergency_windows_by_provider on emergency_windows (provider, id);
-- What reviewers still have to do, the most urgent first.
create index emergency_windows_unreviewed on emergency_windows (review_by_ms, id)
    where outcome is null;

-- Suspensions of providers that the consent contract proposed to the regulator: at most one a window.
create table sanctions (
    window_id bigint not null
        constraint sanctions_pkey primary key
        constraint sanctions_window_fkey references emergency_windows (id),
    provider account_id not null,
    -- A reviewer found the emergency access unjustified, or nobody reviewed it in time.
    reason text not null
        constraint sanctions_reason_known check (reason in ('unjustified', 'unreviewed')),
    proposed_at_ms bigint not null
        constraint sanctions_proposed_at_not_negative check (proposed_at_ms >= 0),
    block_number bigint not null
        constraint sanctions_block_fkey references blocks (number),
    event_index integer not null
);
create index sanctions_by_provider on sanctions (provider, window_id);

-- The log of an owner is a chain of heads now: head = BLAKE2b-256(previous_head, content), so that
-- whoever knows a head can follow it to a later one by the contents alone.
alter table access_log rename column previous_hash to previous_head;
alter table access_log rename column entry_hash to head;
alter table access_log
    -- BLAKE2b-256 over the SCALE tuple of the entry's fields.
    add column content hash256 not null default decode(repeat('00', 32), 'hex'),
    -- The emergency window that permitted it; null when none did.
    add column window_id bigint
        constraint access_log_window_fkey references emergency_windows (id),
    drop constraint access_log_permit_has_grant,
    add constraint access_log_permit_has_one_basis
        check (not permitted or (grant_id is null) <> (window_id is null)),
    add constraint access_log_window_only_permits check (window_id is null or permitted);
alter table access_log
    alter column content drop default;
create index access_log_by_window on access_log (window_id, access) where window_id is not null;

-- ---------------------------------------------------------------- reports

-- A version is linked by its head, which covers all its fields; what was anchored as the digest of
-- the file took that place before.
alter table reports rename column digest to head;
alter table reports
    -- Root of the Merkle tree (RFC 9162) over the chunks of the encrypted file.
    add column root hash256 not null default decode(repeat('00', 32), 'hex'),
    add column chunks u64 not null default 1
        constraint reports_has_chunks check (chunks >= 1),
    -- Salted commitment to the metadata.
    add column metadata hash256 not null default decode(repeat('00', 32), 'hex'),
    -- Whom it is about, and who answers for it.
    add column patient account_id,
    add column doctor account_id not null default decode(repeat('00', 32), 'hex'),
    -- When each of them signed for it; null: not yet.
    add column patient_signed_at_ms bigint,
    add column doctor_signed_at_ms bigint,
    -- The later version that corrects it; null: none does.
    add column superseded_by bigint,
    -- When the owner revoked it, with a salted commitment to the reason; it stays on record.
    add column revoked_at_ms bigint,
    add column revocation_reason hash256;

update reports
set patient = owner;

alter table reports
    alter column root drop default,
    alter column chunks drop default,
    alter column metadata drop default,
    alter column patient set not null,
    alter column doctor drop default,
    add constraint reports_chunks_not_empty check (chunks <= byte_length),
    add constraint reports_parties_differ check (patient <> doctor),
    add constraint reports_signed_afterwards
        check (patient_signed_at_ms >= at_ms and doctor_signed_at_ms >= at_ms),
    add constraint reports_superseded_by_later check (superseded_by > sequence),
    add constraint reports_revoked_for_a_reason
        check ((revoked_at_ms is null) = (revocation_reason is null));
create index reports_by_owner on reports (owner, series, sequence);
create index reports_by_patient on reports (patient, series, sequence);
create index reports_by_doctor on reports (doctor, series, sequence);

-- ---------------------------------------------------------------- rewards

-- What is owed to an account comes from its accesses or, when it had paid in, from a refund.
alter table rewards
    add column refunded amount not null default 0,
    drop constraint rewards_owed_is_the_rest,
    add constraint rewards_owed_is_the_rest check (owed = accrued + refunded - withdrawn);
alter table rewards
    alter column refunded drop default;

alter table reward_totals
    add column refunded amount not null default 0,
    drop constraint reward_totals_unspent_is_the_rest,
    add constraint reward_totals_unspent_is_the_rest check (unspent = funded - accrued - refunded),
    drop constraint reward_totals_owed_is_the_rest,
    add constraint reward_totals_owed_is_the_rest check (owed = accrued + refunded - withdrawn);

-- What each funder paid in, and what of it was credited back; no more than the rest can be.
create table reward_contributions (
    funder account_id not null
        constraint reward_contributions_pkey primary key,
    funded amount not null,
    refunded amount not null default 0,
    block_number bigint not null
        constraint reward_contributions_block_fkey references blocks (number),
    event_index integer not null,
    constraint reward_contributions_refunded_within_funded check (refunded <= funded)
);
-- `Funded` begins with the account that paid.
insert into reward_contributions (funder, funded, refunded, block_number, event_index)
select
    substring(data from 1 for 32),
    sum((fields ->> 'amount')::numeric),
    0,
    (array_agg(block_number order by block_number desc, event_index desc))[1],
    (array_agg(event_index order by block_number desc, event_index desc))[1]
from events
where contract_name = 'rewards' and name = 'Funded'
group by substring(data from 1 for 32);

-- Every refund, by the position of its event.
create table reward_refunds (
    block_number bigint not null
        constraint reward_refunds_block_fkey references blocks (number),
    event_index integer not null,
    funder account_id not null,
    amount amount not null,
    -- The administrator.
    refunded_by account_id not null,
    constraint reward_refunds_pkey primary key (block_number, event_index)
);
create index reward_refunds_by_funder on reward_refunds (funder, block_number, event_index);

-- Every withdrawal, by the position of its event.
create table reward_withdrawals (
    block_number bigint not null
        constraint reward_withdrawals_block_fkey references blocks (number),
    event_index integer not null,
    -- To whom it was owed, and who was paid.
    owner account_id not null,
    paid_to account_id not null,
    amount amount not null,
    constraint reward_withdrawals_pkey primary key (block_number, event_index)
);
create index reward_withdrawals_by_owner on reward_withdrawals (owner, block_number, event_index);
-- `Withdrawn` begins with the account to which it was owed, and before there was a recipient that
-- account was paid.
insert into reward_withdrawals (block_number, event_index, owner, paid_to, amount)
select
    block_number,
    event_index,
    substring(data from 1 for 32),
    substring(data from 1 for 32),
    (fields ->> 'amount')::numeric
from events
where contract_name = 'rewards' and name = 'Withdrawn';
