-- `report_audits`: `audit` counts from 1 without gaps. Each is of a version in `reports`, and its
-- auditor is neither the doctor nor the patient that the version names. `challenge_block` is the block
-- after the one in which it was opened, and SHA-256 of `nonce` is `commitment`. Whether `block_hash` is
-- that of the block is the auditor's word, not the mirror's.
select concat('there are ', count(*), ' audits up to ', max(audit)) from report_audits
having count(*) <> coalesce(max(audit), 0)
union all
select concat('audit ', a.audit, ' is of no version, or by one of its parties') from report_audits a
where not exists (
    select from reports r
    where r.owner = a.owner and r.series = a.series and r.sequence = a.sequence
        and r.doctor <> a.auditor and r.patient is distinct from a.auditor
)
union all
select concat('audit ', a.audit, ' is drawn from block ', a.challenge_block) from report_audits a
where not exists (
    select from events e
    where e.contract_name = 'reports' and e.name = 'AuditOpened'
        and (e.fields ->> 'audit')::numeric = a.audit and e.block_number + 1 = a.challenge_block
)
union all
select concat('audit ', a.audit, ' has another nonce') from report_audits a
where sha256(a.nonce) <> a.commitment
