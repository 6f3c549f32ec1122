-- Versions of reports: chained, countersigned, corrected, revoked; and audits of them.

create table reports (
    -- Whose it is, and his name for the series: another owner may use the same.
    owner account_id not null,
    series hash256 not null,
    -- Number of the version within the series.
    sequence bigint not null
        constraint reports_sequence_from_one check (sequence >= 1),
    -- Head of the previous version; zero for the first.
    previous hash256 not null,
    -- Covers all its fields, the owner, the contract and the chain, and links the next version.
    head hash256 not null,
    -- Root of the Merkle tree (RFC 9162) over the chunks of the encrypted file.
    root hash256 not null,
    chunks u64 not null
        constraint reports_has_chunks check (chunks >= 1),
    byte_length u64 not null
        constraint reports_not_empty check (byte_length >= 1),
    -- Salted commitment to the metadata.
    metadata hash256 not null,
    -- Whom it is about, which is the owner's word until that account signs; null: nobody.
    patient account_id,
    -- Who answers for it.
    doctor account_id not null,
    -- The key that anchored it: the owner's own, or that of one of its staff or of a guardian of his.
    anchored_by account_id not null,
    at_ms bigint not null
        constraint reports_at_not_negative check (at_ms >= 0),
    -- When each of them signed for it, and the key that did: his own, or that of one of his staff, or for the
    -- patient that of a guardian of his; null: not yet.
    patient_signed_at_ms bigint,
    patient_signed_by account_id,
    doctor_signed_at_ms bigint,
    doctor_signed_by account_id,
    -- The later version that corrects it; null: none does.
    superseded_by bigint,
    -- When it was revoked, by which key, the owner's own or that of one of its staff or of a guardian of his,
    -- with a salted commitment to the reason; it stays on record.
    revoked_at_ms bigint,
    revoked_by account_id,
    revocation_reason hash256,
    block_number bigint not null,
    event_index integer not null,
    constraint reports_pkey primary key (owner, series, sequence),
    constraint reports_chunks_not_empty check (chunks <= byte_length),
    constraint reports_parties_differ check (patient <> doctor),
    constraint reports_nobody_does_not_sign
        check (patient is not null or patient_signed_at_ms is null),
    constraint reports_signed_by_somebody check (
        (patient_signed_at_ms is null) = (patient_signed_by is null)
        and (doctor_signed_at_ms is null) = (doctor_signed_by is null)
    ),
    constraint reports_signed_afterwards
        check (patient_signed_at_ms >= at_ms and doctor_signed_at_ms >= at_ms),
    constraint reports_superseded_by_later check (superseded_by > sequence),
    constraint reports_revoked_for_a_reason
        check ((revoked_at_ms is null) = (revocation_reason is null)),
    constraint reports_revoked_by_somebody check ((revoked_at_ms is null) = (revoked_by is null))
);
-- What a patient signed for is his; what only names him is asked for as such.
create index reports_by_patient on reports (patient, owner, series, sequence)
    where patient_signed_at_ms is not null;
create index reports_by_claimed_patient on reports (patient, owner, series, sequence)
    where patient_signed_at_ms is null;
-- What is anchored of a file.
create index reports_by_root on reports (root, owner, series, sequence);
create index reports_by_doctor on reports (doctor, owner, series, sequence);

-- What a row said from block_number on, until until_block, exclusive.
create table reports_history (
    like reports,
    until_block bigint not null,
    constraint reports_history_pkey primary key (owner, series, sequence, block_number)
) partition by range (block_number);

-- Tests of a third party whether the encrypted file of a version is still kept, whole. What is asked for is
-- drawn from a nonce and the hash of a block that nobody knew when the auditor committed to it.
create table report_audits (
    audit bigint not null
        constraint report_audits_pkey primary key
        constraint report_audits_audit_from_one check (audit >= 1),
    owner account_id not null,
    series hash256 not null,
    sequence bigint not null,
    auditor account_id not null
        constraint report_audits_not_of_the_owner check (auditor <> owner),
    -- SHA-256 of the nonce.
    commitment hash256 not null,
    -- The block whose hash the challenge is drawn from.
    challenge_block bigint not null
        constraint report_audits_challenge_block_from_one check (challenge_block >= 1),
    opened_at_ms bigint not null
        constraint report_audits_opened_not_negative check (opened_at_ms >= 0),
    -- What the auditor put on record; all null: nothing yet. The hash of the block is his word.
    nonce hash256,
    block_hash hash256,
    passed boolean,
    -- Salted commitment to the evidence.
    evidence hash256,
    recorded_at_ms bigint,
    block_number bigint not null,
    event_index integer not null,
    constraint report_audits_recorded_whole check (
        (nonce is null) = (recorded_at_ms is null)
        and (block_hash is null) = (recorded_at_ms is null)
        and (passed is null) = (recorded_at_ms is null)
        and (evidence is null) = (recorded_at_ms is null)
    ),
    constraint report_audits_recorded_afterwards check (recorded_at_ms >= opened_at_ms),
    -- In a block that knows the hash.
    constraint report_audits_recorded_in_a_later_block
        check (recorded_at_ms is null or block_number > challenge_block)
);
create index report_audits_by_series on report_audits (owner, series, audit);
create index report_audits_by_auditor on report_audits (auditor, audit);

-- What a row said from block_number on, until until_block, exclusive.
create table report_audits_history (
    like report_audits,
    until_block bigint not null,
    constraint report_audits_history_pkey primary key (audit, block_number)
) partition by range (block_number);
