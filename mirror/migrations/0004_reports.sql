-- Versions of reports: chained, countersigned, corrected, revoked.

create table reports (
    series hash256 not null,
    -- Number of the version within the series.
    sequence bigint not null
        constraint reports_sequence_from_one check (sequence >= 1),
    owner account_id not null,
    -- Head of the previous version; zero for the first.
    previous hash256 not null,
    -- Covers all its fields, and links the next version.
    head hash256 not null,
    -- Root of the Merkle tree (RFC 9162) over the chunks of the encrypted file.
    root hash256 not null,
    chunks u64 not null
        constraint reports_has_chunks check (chunks >= 1),
    byte_length u64 not null
        constraint reports_not_empty check (byte_length >= 1),
    -- Salted commitment to the metadata.
    metadata hash256 not null,
    -- Whom it is about, and who answers for it.
    patient account_id not null,
    doctor account_id not null,
    at_ms bigint not null
        constraint reports_at_not_negative check (at_ms >= 0),
    -- When each of them signed for it; null: not yet.
    patient_signed_at_ms bigint,
    doctor_signed_at_ms bigint,
    -- The later version that corrects it; null: none does.
    superseded_by bigint,
    -- When the owner revoked it, with a salted commitment to the reason; it stays on record.
    revoked_at_ms bigint,
    revocation_reason hash256,
    block_number bigint not null,
    event_index integer not null,
    constraint reports_pkey primary key (series, sequence),
    constraint reports_chunks_not_empty check (chunks <= byte_length),
    constraint reports_parties_differ check (patient <> doctor),
    constraint reports_signed_afterwards
        check (patient_signed_at_ms >= at_ms and doctor_signed_at_ms >= at_ms),
    constraint reports_superseded_by_later check (superseded_by > sequence),
    constraint reports_revoked_for_a_reason
        check ((revoked_at_ms is null) = (revocation_reason is null))
);
create index reports_by_owner on reports (owner, series, sequence);
create index reports_by_patient on reports (patient, series, sequence);
create index reports_by_doctor on reports (doctor, series, sequence);

-- What a row said from block_number on, until until_block, exclusive.
create table reports_history (
    like reports,
    until_block bigint not null,
    constraint reports_history_pkey primary key (series, sequence, block_number)
) partition by range (block_number);
