-- `grants.uses` is the number of rows of `access_log` with this `grant_id` and `permitted`.
-- `version` counts the amendments, from 1. A grant is revoked alone exactly when an event says so, at
-- its moment; `grants_now` shows those that ended with their epoch or their delegate too. `granted_by`,
-- `amended_by` and `revoked_by` are the owner or somebody who was ever a delegate or a guardian of his; that
-- the delegation had not ended then is left to the writer. `link_erased` is as an event says, which came when
-- the grant was revoked, expired by its date or used up. Of one owner and one grantee at most 8 grants live at
-- the watermark, at most 4 of them given by delegates.
select concat('grant ', g.id, ' counts ', g.uses, ' uses') from grants g
where g.uses <> (select count(*) from access_log a where a.grant_id = g.id and a.permitted)
union all
select concat('grant ', g.id, ' is at version ', g.version) from grants g
where g.version <> 1 + (
    select count(*) from events e
    where e.contract_name = 'consent' and e.name = 'Amended'
        and (e.fields ->> 'grant')::numeric = g.id
)
union all
select concat('grant ', g.id, ' is revoked at ', g.revoked_at_ms) from grants g
where g.revoked_at_ms is distinct from (
    select (e.fields ->> 'at')::numeric from events e
    where e.contract_name = 'consent' and e.name = 'Revoked'
        and (e.fields ->> 'grant')::numeric = g.id
)
union all
select concat('grant ', g.id, ' was given or changed by neither owner, guardian nor delegate')
from grants g, unnest(array[g.granted_by, g.amended_by, g.revoked_by]::bytea[]) as acted (by)
where acted.by <> g.owner and not exists (
    select from delegations d where d.owner = g.owner and d.delegate = acted.by
    union all
    -- This event begins with ward and guardian.
    select from events e
    where e.contract_name = 'participants' and e.name = 'GuardianAppointed'
        and substring(e.data from 1 for 64) = g.owner::bytea || acted.by
)
union all
select concat('the link of grant ', g.id, ' is said to be ', case when not g.link_erased then 'not ' end, 'erased')
from grants g
where g.link_erased <> exists (
    select from events e
    where e.contract_name = 'consent' and e.name = 'LinkErased'
        and (e.fields ->> 'grant')::numeric = g.id
)
union all
select concat('the link of grant ', g.id, ' was erased while it lived')
from events e
    join grants g on g.id = (e.fields ->> 'grant')::numeric
    join blocks b on b.number = e.block_number
where e.contract_name = 'consent' and e.name = 'LinkErased'
    and b.time_ms < g.valid_until_ms
    and (g.max_uses is null or g.uses < g.max_uses)
    and not exists (
        select from (
            select r.block_number, r.event_index from events r
            where r.contract_name = 'consent' and r.name = 'Revoked'
                and (r.fields ->> 'grant')::numeric = g.id
            union all
            select o.block_number, o.event_index from owner_epochs o
            where o.owner = g.owner and o.epoch = g.epoch + 1
            union all
            select d.block_number, d.event_index from delegate_revocations d
            where d.owner = g.owner and d.delegate = g.granted_by and g.guardianship is null
                and g.id > d.revoked_after and g.id <= d.revoked_up_to
        ) as revoked
        where (revoked.block_number, revoked.event_index) < (e.block_number, e.event_index)
    )
union all
select concat(count(*), ' grants of ', encode(g.owner, 'hex'), ' to ', encode(g.grantee, 'hex'), ' live')
from grants_now g cross join watermark w
where g.revoked_at_ms is null and w.block_time_ms < g.valid_until_ms
    and (g.max_uses is null or g.uses < g.max_uses)
    and not exists (
        select from guardianships s where s.ward = g.owner and s.guardianship = g.guardianship + 1
    )
group by g.owner, g.grantee
having count(*) > 8 or count(*) filter (where g.granted_by <> g.owner and g.guardianship is null) > 4
