-- `reports`: `sequence` counts from 1 in each series of an owner without gaps, and `previous` is the
-- `head` of the version before it, zero for the first. `superseded_by` is the next version. Nobody
-- signs for a version that is revoked. That `head` is SHA-256 over the SCALE tuple (domain, owner,
-- series, sequence, previous, root, chunks, byte_length, metadata, patient, doctor) is the contract's
-- word and not computed again.
with linked as (
    select
        *,
        row_number() over versions as nth,
        lag(head::bytea, 1, decode(repeat('00', 32), 'hex')) over versions as expected,
        lead(sequence) over versions as next
    from reports
    window versions as (partition by owner, series order by sequence)
)
select concat('version ', sequence, ' of ', encode(series, 'hex'), ' of ', encode(owner, 'hex'))
from linked
where sequence <> nth or previous <> expected
    or (superseded_by is not null and superseded_by is distinct from next)
    or patient_signed_at_ms > revoked_at_ms or doctor_signed_at_ms > revoked_at_ms
