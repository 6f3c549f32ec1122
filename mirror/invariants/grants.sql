-- `grants.uses` is the number of rows of `access_log` with this `grant_id` and `permitted`.
-- `version` counts the amendments, from 1. A grant is revoked alone exactly when an event says so, at
-- its moment; `grants_now` shows those that ended with their epoch too. `granted_by`, `amended_by`
-- and `revoked_by` are the owner or somebody who was ever a delegate; that the delegation had not
-- ended then is left to the writer.
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
select concat('grant ', g.id, ' was given or changed by neither owner nor delegate')
from grants g, unnest(array[g.granted_by, g.amended_by, g.revoked_by]::bytea[]) as acted (by)
where acted.by <> g.owner and not exists (
    select from delegations d where d.owner = g.owner and d.delegate = acted.by
)
