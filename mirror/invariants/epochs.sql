-- `owner_epochs.epoch` rises by one with each row of `events` that says so. No grant and no
-- delegation that is not ended is of another epoch than its owner's; no row there stands for epoch
-- 0.
with said as (
    -- `AllRevoked` begins with the owner.
    select substring(data from 1 for 32) as owner, count(*) as epoch
    from events where contract_name = 'consent' and name = 'AllRevoked' group by 1
)
select concat('the epoch of ', encode(coalesce(o.owner, s.owner), 'hex'))
from owner_epochs o full join said s on s.owner = o.owner
where o.epoch is distinct from s.epoch
union all
select concat('grant ', g.id, ' is of epoch ', g.epoch)
from grants g left join owner_epochs o on o.owner = g.owner
where g.revoked_at_ms is null and g.epoch <> coalesce(o.epoch, 0)
union all
select concat('the delegation to ', encode(d.delegate, 'hex'), ' is of epoch ', d.epoch)
from delegations d left join owner_epochs o on o.owner = d.owner
where d.ended is null and d.epoch <> coalesce(o.epoch, 0)
