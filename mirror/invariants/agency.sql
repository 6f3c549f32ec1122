-- Who did something for another had a mandate of that other, given by an earlier event and not ended since,
-- that counted at that moment and had the power for it: to ask for an entry of `access_log`; to open a
-- window, and to close it unless its reviewer did; to anchor a report and to revoke it; to sign for one; to
-- propose a grant and to withdraw that; to answer a request for erasure; to place, change, cancel and fill an
-- order. A guardian's power is for what his ward may do as a data owner: to give a grant of a guardianship,
-- and to amend and revoke one unless he was a delegate then; to deny, restrict and lift either; to close a
-- window; to anchor and revoke a report about his ward, and to sign for its patient; and for whatever
-- `GuardianActed` says. Where a person is named it is that of the mandate. Nobody reviews a window who has a
-- mandate of its provider or its patient that counts, nor audits a report who has one of its owner or its
-- doctor; and no guardian opens a window on his ward, proposes a grant to him, or answers his request as
-- another's staff. Nobody gives a grant for its owner to one of whom he has a mandate, nor answers a proposal
-- of one for whom he may sign, nor fills an order of one for whom he may trade; and no guardian appoints or
-- dismisses another, or says which key replaces that of his ward, or decides on it.
with replaced as (
    -- `KeyReplaced` is whom the key acts for, the key before it and the key.
    select
        substring(data from 1 for 32) as subject,
        substring(data from 65 for 32) as key,
        block_number,
        event_index
    from events where contract_name = 'participants' and name = 'KeyReplaced'
), acted as (
    -- The powers are those of the contracts' interface, of which one will do; below zero: nobody may who has
    -- one of them. An act that is here for two subjects needs the mandate of one.
    select
        concat('access ', a.access, ' was asked for by') as act, a.requester::bytea as subject,
        coalesce(r.subject, a.asked_by::bytea) as agent, 1 as power, a.person::bytea as person, a.at_ms,
        a.block_number, a.event_index
    from access_log a
        -- The row has the key.
        left join replaced r on r.key = a.asked_by
            and (r.block_number, r.event_index) < (a.block_number, a.event_index)
    where coalesce(r.subject, a.asked_by::bytea) <> a.requester
    union all
    select
        concat('window ', w.id, ' was opened by'), w.provider, w.opened_by, 2, w.person, w.opened_at_ms,
        e.block_number, e.event_index
    from emergency_windows w join events e on (e.fields ->> 'window')::numeric = w.id
    where e.contract_name = 'consent' and e.name = 'GlassBroken' and w.opened_by <> w.provider
    union all
    select
        concat('window ', w.id, ' was opened by'), w.patient, w.opened_by, -32, null, w.opened_at_ms,
        e.block_number, e.event_index
    from emergency_windows w join events e on (e.fields ->> 'window')::numeric = w.id
    where e.contract_name = 'consent' and e.name = 'GlassBroken'
    union all
    select
        concat('window ', w.id, ' was closed by'), party.account, w.closed_by, party.power, null,
        w.closed_at_ms, e.block_number, e.event_index
    from emergency_windows w
        join events e on (e.fields ->> 'window')::numeric = w.id
        cross join lateral (
            values (w.provider::bytea, 2), (w.patient::bytea, 32)
        ) as party (account, power)
    where e.contract_name = 'consent' and e.name = 'GlassClosed'
        and w.closed_by not in (w.provider, w.patient)
        and (w.outcome, w.reviewed_by, w.reviewed_at_ms)
            is distinct from ('unjustified', w.closed_by, w.closed_at_ms)
    union all
    select
        concat('window ', w.id, ' was reviewed by'), party.account, w.reviewed_by, -63, null,
        w.reviewed_at_ms, e.block_number, e.event_index
    from emergency_windows w
        join events e on (e.fields ->> 'window')::numeric = w.id
        cross join unnest(array[w.provider, w.patient]::bytea[]) as party (account)
    where e.contract_name = 'consent' and e.name = 'GlassReviewed'
    union all
    select
        concat('version ', r.sequence, ' of ', encode(r.series, 'hex'), ' was ', did.how, ' by'),
        did.party, did.by,
        case when did.event = 'Countersigned' or r.patient = r.owner then did.power
            else did.power & ~32 end,
        null, did.at_ms, e.block_number, e.event_index
    from reports r
        -- These events begin with owner and series.
        join events e on substring(e.data from 1 for 64) = r.owner::bytea || r.series::bytea
            and (e.fields ->> 'sequence')::numeric = r.sequence
        join lateral (
            values
                ('Anchored', null, 'anchored', r.owner::bytea, r.anchored_by::bytea, 36, r.at_ms),
                ('Revoked', null, 'revoked', r.owner, r.revoked_by, 36, r.revoked_at_ms),
                ('Countersigned', 'Patient', 'signed', r.patient, r.patient_signed_by, 40,
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
        concat('proposal ', p.id, ' was made by'), p.owner, p.proposed_by, -32, null, p.proposed_at_ms,
        e.block_number, e.event_index
    from proposals p join events e on (e.fields ->> 'proposal')::numeric = p.id
    where e.contract_name = 'agreements' and e.name = 'Proposed'
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
        concat('erasure ', r.id, ' was answered by'), r.owner, r.answered_by, -32, null, r.answered_at_ms,
        e.block_number, e.event_index
    from erasures r join events e on (e.fields ->> 'erasure')::numeric = r.id
    where e.contract_name = 'agreements' and e.name = 'ErasureAnswered'
        and r.answered_by <> r.requester
    union all
    select
        concat('grant ', g.id, ' was given by'), g.owner, g.granted_by, 32, null, b.time_ms,
        e.block_number, e.event_index
    from grants g
        join events e on (e.fields ->> 'grant')::numeric = g.id
        join blocks b on b.number = e.block_number
    where e.contract_name = 'consent' and e.name = 'GuardianGranted'
    union all
    select
        concat('grant ', g.id, ' was given by'), g.grantee, g.granted_by, -63, null, b.time_ms,
        e.block_number, e.event_index
    from grants g
        join events e on (e.fields ->> 'grant')::numeric = g.id
        join blocks b on b.number = e.block_number
    where e.contract_name = 'consent' and e.name = 'Granted' and g.granted_by <> g.owner
    union all
    select
        concat('proposal ', p.id, ' was answered by'), p.requester, p.answered_by, -8, null, b.time_ms,
        e.block_number, e.event_index
    from proposals p
        join events e on (e.fields ->> 'proposal')::numeric = p.id
        join blocks b on b.number = e.block_number
    where e.contract_name = 'agreements' and e.name in ('ProposalAccepted', 'ProposalDeclined')
        and p.answered_by <> p.owner
    union all
    -- Who appoints comes last, after ward, guardian, a time (u64) and a person; who ends comes third.
    select
        concat(e.name, ' at ', e.block_number, '-', e.event_index, ' is by'),
        substring(e.data from 1 for 32), ruled.by, -32, null, b.time_ms, e.block_number, e.event_index
    from events e
        join blocks b on b.number = e.block_number
        cross join lateral (
            select substring(e.data from case e.name when 'MandateEnded' then 65 else 105 end for 32) as by
        ) as ruled
    where e.contract_name = 'participants' and e.name in ('GuardianAppointed', 'MandateEnded')
        and ruled.by <> substring(e.data from 33 for 32)
    union all
    -- Who proposed it is last, after subject, key, evidence and two times (u64); who decided comes third.
    select
        concat(e.name, ' at ', e.block_number, '-', e.event_index, ' is by'),
        substring(e.data from 1 for 32), decided.by, -32, null, b.time_ms, e.block_number, e.event_index
    from events e
        join blocks b on b.number = e.block_number
        cross join lateral (
            select substring(
                e.data from case e.name when 'ReplacementProposed' then 113 else 65 end for 32
            ) as by
        ) as decided
    where e.contract_name = 'participants'
        and e.name in ('ReplacementProposed', 'ReplacementConfirmed', 'ReplacementRejected')
    union all
    -- `StaffActed` is party, who did it and the order; it has no time.
    select
        concat('order ', e.fields ->> 'order', ' was handled by'), substring(e.data from 1 for 32),
        substring(e.data from 33 for 32), 16, null, b.time_ms, e.block_number, e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'market' and e.name = 'StaffActed'
    union all
    select
        concat('order ', f.order_id, ' was filled by'), f.seller, f.filled_by, -16, null, b.time_ms,
        f.block_number, f.event_index
    from market_fills f join blocks b on b.number = f.block_number
    union all
    select
        concat('grant ', changed.id, ' was changed by'), changed.owner, changed.by, 32, null,
        changed.at_ms, changed.block_number, changed.event_index
    from (
        -- Of either event the first fields are grant (u64) and owner. Who did it and when (u64) are the last
        -- ones of an amendment, and the next ones of a revocation.
        select
            fields ->> 'grant' as id,
            substring(data from 9 for 32) as owner,
            substring(data from case when name = 'Amended' then length(data) - 39 else 41 end for 32)
                as by,
            (fields ->> 'at')::bigint as at_ms,
            block_number,
            event_index
        from events where contract_name = 'consent' and name in ('Amended', 'Revoked')
    ) as changed
    where changed.by <> changed.owner and not exists (
        -- A delegate then: the last event on his delegation, or on all of them, gave it, until later. They
        -- begin with the owner and the delegate, or with the owner.
        select from (
            select d.name, (d.fields ->> 'until')::numeric as until_ms from events d
            where d.contract_name = 'consent'
                and (d.block_number, d.event_index) < (changed.block_number, changed.event_index)
                and case
                    when d.name in ('DelegateSet', 'DelegateRemoved')
                        then substring(d.data from 1 for 64) = changed.owner || changed.by
                    else d.name = 'AllRevoked' and substring(d.data from 1 for 32) = changed.owner
                end
            order by d.block_number desc, d.event_index desc limit 1
        ) as delegation
        where delegation.name = 'DelegateSet' and changed.at_ms < delegation.until_ms
    )
    union all
    -- All these events begin with the owner. Who did it is next, or stands after the requester and two masks
    -- (u32), or after two masks.
    select
        concat(name, ' at ', block_number, '-', event_index, ' is by'), substring(data from 1 for 32),
        substring(data from case name
            when 'GuardianActed' then 33
            when 'GuardianRestricted' then 41
            else 73
        end for 32), 32, null, (fields ->> 'at')::bigint, block_number, event_index
    from events
    where contract_name in ('consent', 'agreements') and name in (
        'GuardianActed', 'GuardianRestricted', 'GuardianDenied', 'GuardianDenialLifted'
    )
    union all
    select
        concat('audit ', a.audit, ' was opened by'), party.account, a.auditor, -63, null, a.opened_at_ms,
        e.block_number, e.event_index
    from report_audits a
        join reports r on r.owner = a.owner and r.series = a.series and r.sequence = a.sequence
        join events e on (e.fields ->> 'audit')::numeric = a.audit
        cross join unnest(array[r.owner, r.doctor]::bytea[]) as party (account)
    where e.contract_name = 'reports' and e.name = 'AuditOpened'
), said as (
    -- These events begin with subject and agent; then come powers (u16), which a guardian's has not, a time
    -- (u64) and the person.
    select
        substring(data from 1 for 32) as subject,
        substring(data from 33 for 32) as agent,
        name,
        case when name = 'GuardianAppointed' then 32
            else get_byte(data, 64) + 256 * get_byte(data, 65) end as powers,
        (fields ->> 'until')::numeric as valid_until_ms,
        substring(data from case when name = 'GuardianAppointed' then 73 else 75 end for 32) as person,
        row_number() over (
            partition by substring(data from 1 for 64) order by block_number, event_index
        ) as nth,
        block_number,
        event_index
    from events
    where contract_name = 'participants'
        and name in ('MemberAdmitted', 'GuardianAppointed', 'MandateEnded')
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
), judged as (
    select
        p.*,
        case
            when p.power < 0 then not (mandate.counts and s.powers & -p.power <> 0)
            else mandate.counts and s.powers & p.power <> 0 and (p.person <> s.person) is not true
        end as may
    from placed p
        left join said s on s.subject = p.subject and s.agent = p.agent and s.nth = p.nth
        cross join lateral (
            select coalesce(s.name <> 'MandateEnded' and p.at_ms < s.valid_until_ms, false) as counts
        ) as mandate
    where p.act is not null
)
select concat(act, ' ', encode(agent, 'hex'),
    case when power < 0 then ', who acts for ' else ', who may not for ' end,
    string_agg(encode(subject, 'hex'), ' or '))
from judged
group by act, agent, power < 0, block_number, event_index, case when power < 0 then subject end
having not bool_or(may)
