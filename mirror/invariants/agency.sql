-- Whose key did something for another had a mandate of that other, given by an earlier event and not ended
-- since, that counted at that moment and had the power for it: to ask for an entry of `access_log`; to open
-- a window, and to close it unless its reviewer did; to anchor a report and to revoke it; to sign for one;
-- to propose a grant and to withdraw that; to answer a request for erasure.
-- Where a person is named it is that of the mandate. Nobody reviews a window who has a mandate of its
-- provider or its patient that counts, nor audits a report who has one of its owner or its doctor.
with acted as (
    -- The powers are those of the contracts' interface; 0: nobody may who has a mandate.
    select
        concat('access ', a.access, ' was asked for by') as act, a.requester::bytea as subject,
        a.asked_by::bytea as agent, 1 as power, a.person::bytea as person, a.at_ms, a.block_number,
        a.event_index
    from access_log a
    where a.asked_by <> a.requester
    union all
    select
        concat('window ', w.id, ' was opened by'), w.provider, w.opened_by, 2, w.person, w.opened_at_ms,
        e.block_number, e.event_index
    from emergency_windows w join events e on (e.fields ->> 'window')::numeric = w.id
    where e.contract_name = 'consent' and e.name = 'GlassBroken' and w.opened_by <> w.provider
    union all
    select
        concat('window ', w.id, ' was closed by'), w.provider, w.closed_by, 2, null, w.closed_at_ms,
        e.block_number, e.event_index
    from emergency_windows w join events e on (e.fields ->> 'window')::numeric = w.id
    where e.contract_name = 'consent' and e.name = 'GlassClosed'
        and w.closed_by not in (w.provider, w.patient)
        and (w.outcome, w.reviewed_by, w.reviewed_at_ms)
            is distinct from ('unjustified', w.closed_by, w.closed_at_ms)
    union all
    select
        concat('window ', w.id, ' was reviewed by'), party.account, w.reviewed_by, 0, null,
        w.reviewed_at_ms, e.block_number, e.event_index
    from emergency_windows w
        join events e on (e.fields ->> 'window')::numeric = w.id
        cross join unnest(array[w.provider, w.patient]::bytea[]) as party (account)
    where e.contract_name = 'consent' and e.name = 'GlassReviewed'
    union all
    select
        concat('version ', r.sequence, ' of ', encode(r.series, 'hex'), ' was ', did.how, ' by'),
        did.party, did.by, did.power, null, did.at_ms, e.block_number, e.event_index
    from reports r
        -- These events begin with owner and series.
        join events e on substring(e.data from 1 for 64) = r.owner::bytea || r.series::bytea
            and (e.fields ->> 'sequence')::numeric = r.sequence
        join lateral (
            values
                ('Anchored', null, 'anchored', r.owner::bytea, r.anchored_by::bytea, 4, r.at_ms),
                ('Revoked', null, 'revoked', r.owner, r.revoked_by, 4, r.revoked_at_ms),
                ('Countersigned', 'Patient', 'signed', r.patient, r.patient_signed_by, 8,
                    r.patient_signed_at_ms),
                ('Countersigned', 'Doctor', 'signed', r.doctor, r.doctor_signed_by, 8,
                    r.doctor_signed_at_ms)
        ) as did (event, as_party, how, party, by, power, at_ms)
            on did.event = e.name and (did.as_party is null or did.as_party = e.fields ->> 'party')
    where e.contract_name = 'reports' and did.by <> did.party
    union all
    select
        concat('proposal ', p.id, ' was made by'), p.requester, p.proposed_by, 8, p.person,
        p.proposed_at_ms, e.block_number, e.event_index
    from proposals p join events e on (e.fields ->> 'proposal')::numeric = p.id
    where e.contract_name = 'agreements' and e.name = 'Proposed' and p.proposed_by <> p.requester
    union all
    select
        concat('proposal ', p.id, ' was withdrawn by'), p.requester, p.withdrawn_by, 8, null,
        p.withdrawn_at_ms, e.block_number, e.event_index
    from proposals p join events e on (e.fields ->> 'proposal')::numeric = p.id
    where e.contract_name = 'agreements' and e.name = 'ProposalWithdrawn'
        and p.withdrawn_by <> p.requester
    union all
    select
        concat('erasure ', r.id, ' was answered by'), r.requester, r.answered_by, 8, r.person,
        r.answered_at_ms, e.block_number, e.event_index
    from erasures r join events e on (e.fields ->> 'erasure')::numeric = r.id
    where e.contract_name = 'agreements' and e.name = 'ErasureAnswered'
        and r.answered_by <> r.requester
    union all
    select
        concat('audit ', a.audit, ' was opened by'), party.account, a.auditor, 0, null, a.opened_at_ms,
        e.block_number, e.event_index
    from report_audits a
        join reports r on r.owner = a.owner and r.series = a.series and r.sequence = a.sequence
        join events e on (e.fields ->> 'audit')::numeric = a.audit
        cross join unnest(array[r.owner, r.doctor]::bytea[]) as party (account)
    where e.contract_name = 'reports' and e.name = 'AuditOpened'
), said as (
    -- Both events begin with subject and agent; then come powers (u16), a time (u64) and the person.
    select
        substring(data from 1 for 32) as subject,
        substring(data from 33 for 32) as agent,
        name,
        get_byte(data, 64) + 256 * get_byte(data, 65) as powers,
        (fields ->> 'until')::numeric as valid_until_ms,
        substring(data from 75 for 32) as person,
        row_number() over (
            partition by substring(data from 1 for 64) order by block_number, event_index
        ) as nth,
        block_number,
        event_index
    from events
    where contract_name = 'participants' and name in ('MemberAdmitted', 'MandateEnded')
), placed as (
    -- With how many events on the mandate came before.
    select
        *,
        count(*) filter (where act is null) over (
            partition by subject, agent order by block_number, event_index
        ) as nth
    from (
        select * from acted
        union all
        select null, subject, agent, null, null, null, block_number, event_index from said
    ) as both_of_them
)
select concat(p.act, ' ', encode(p.agent, 'hex'),
    case when p.power = 0 then ', who acts for ' else ', who may not for ' end,
    encode(p.subject, 'hex'))
from placed p
    left join said s on s.subject = p.subject and s.agent = p.agent and s.nth = p.nth
    cross join lateral (
        select coalesce(s.name = 'MemberAdmitted' and p.at_ms < s.valid_until_ms, false) as counts
    ) as mandate
where p.act is not null and case
    when p.power = 0 then mandate.counts
    else not mandate.counts or s.powers & p.power = 0 or p.person <> s.person
end
