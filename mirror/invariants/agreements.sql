-- `id` of `proposals` and of `erasures` counts from 1 without gaps. An accepted proposal names a grant of
-- its two parties that the owner or a guardian of his had given, that lived then, and whose terms then were
-- the proposed ones. A request for erasure was made when no grant of its two parties lived, and after the one
-- before was answered. At one moment a revocation, or the end of a guardianship, counts as either before or
-- after.
with moments as (
    select
        p.id as proposal, null as erasure, said.fields ->> 'record' as record, p.owner, p.requester, p.accepted_at_ms as at_ms,
        e.block_number, e.event_index
    from proposals p
        join events e on (e.fields ->> 'proposal')::numeric = p.id
        join events said on (said.fields ->> 'proposal')::numeric = p.id
    where e.contract_name = 'agreements' and e.name = 'ProposalAccepted'
        and said.contract_name = 'agreements' and said.name = 'Proposed'
    union all
    select null, r.id, null, r.owner, r.requester, r.requested_at_ms, e.block_number, e.event_index
    from erasures r join events e on (e.fields ->> 'erasure')::numeric = r.id
    where e.contract_name = 'agreements' and e.name = 'ErasureRequested'
), granted as (
    -- The grants that were given before and neither expired nor used up, with their terms then.
    select
        m.proposal, m.erasure, m.record as proposed, m.at_ms, g.id,
        g.granted_by = m.owner or g.guardianship is not null as own, g.revoked_at_ms,
        s.began_at_ms as guardianship_ended_at_ms,
        given.fields ->> 'record' as record, terms.fields
    from moments m
        join grants_now g on g.owner = m.owner and g.grantee = m.requester
        left join guardianships s on s.ward = g.owner and s.guardianship = g.guardianship + 1
        join events given on given.contract_name = 'consent' and given.name = 'Granted'
            and (given.fields ->> 'grant')::numeric = g.id
        cross join lateral (
            select t.fields from events t
            where t.contract_name = 'consent' and t.name in ('Granted', 'Amended')
                and (t.fields ->> 'grant')::numeric = g.id
                and (t.block_number, t.event_index) < (m.block_number, m.event_index)
            order by t.block_number desc, t.event_index desc limit 1
        ) as terms
        cross join lateral (
            select count(*) as times from access_log a
            where a.grant_id = g.id and a.permitted
                and (a.block_number, a.event_index) < (m.block_number, m.event_index)
        ) as used
    where m.at_ms < (terms.fields ->> 'until')::numeric
        and (
            terms.fields ->> 'max_uses' is null
            or used.times < (terms.fields ->> 'max_uses')::numeric
        )
)
select concat('there are ', count(*), ' proposals up to ', max(id)) from proposals
having count(*) <> coalesce(max(id), 0)
union all
select concat('there are ', count(*), ' requests for erasure up to ', max(id)) from erasures
having count(*) <> coalesce(max(id), 0)
union all
select concat('proposal ', p.id, ' was accepted with grant ', p.grant_id) from proposals p
where p.grant_id is not null and not exists (
    select from granted g
    where g.proposal = p.id and g.id = p.grant_id and g.own
        and (g.revoked_at_ms is null or g.revoked_at_ms >= g.at_ms)
        and (g.guardianship_ended_at_ms is null or g.guardianship_ended_at_ms >= g.at_ms)
        and (g.fields ->> 'purposes')::numeric = p.purposes
        and (g.fields ->> 'categories')::numeric = p.categories
        and (g.fields ->> 'from')::numeric = p.valid_from_ms
        and (g.fields ->> 'until')::numeric = p.valid_until_ms
        and (g.fields ->> 'max_uses')::numeric is not distinct from p.max_uses
        and g.record is not distinct from g.proposed
        and g.fields ->> 'policy' = '0x' || encode(p.policy, 'hex')
)
union all
select concat('erasure ', r.id, ' was asked for while grant ', g.id, ' lived')
from erasures r join granted g on g.erasure = r.id
where (g.revoked_at_ms is null or g.revoked_at_ms > g.at_ms)
    and (g.guardianship_ended_at_ms is null or g.guardianship_ended_at_ms > g.at_ms)
union all
select concat('erasure ', later.id, ' was asked for before erasure ', r.id, ' was dealt with')
from erasures r join erasures later
    on later.owner = r.owner and later.requester = r.requester and later.id > r.id
where r.answered_at_ms is null or later.requested_at_ms < r.answered_at_ms
