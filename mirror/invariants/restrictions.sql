-- `restrictions` has the last restriction of each owner, with its masks and who made it, the owner or a
-- guardian: `number` counts them from 1, and it holds when no later event lifted it. `restriction_exceptions`
-- has, for an owner and an account, the number of the last restriction that excepts the account. While a
-- restriction holds, nothing is permitted that has both its purpose and its category in the masks and whose
-- requester is not excepted, but in a window if a guardian made it, nor refused as `Unfunded`, which says that
-- it would be.
with said as (
    select
        -- All these events begin with the owner.
        substring(data from 1 for 32) as owner,
        -- Of `Excepted`.
        substring(data from 33 for 32) as account,
        name,
        -- Of which restriction it is.
        count(*) filter (where name in ('Restricted', 'GuardianRestricted')) over (
            partition by substring(data from 1 for 32) order by block_number, event_index
        ) as number,
        (fields ->> 'purposes')::bigint as purposes,
        (fields ->> 'categories')::bigint as categories,
        -- A guardian stands after the two masks (u32).
        case when name = 'GuardianRestricted' then substring(data from 41 for 32)
            else substring(data from 1 for 32) end as by,
        (fields ->> 'at')::numeric as at_ms,
        block_number,
        event_index
    from events
    where contract_name = 'consent'
        and name in ('Restricted', 'GuardianRestricted', 'Excepted', 'RestrictionLifted')
), imposed as (
    select r.*, l.at_ms as lifted_at_ms, l.block_number as lifted_block, l.event_index as lifted_index
    from said r left join said l
        on l.owner = r.owner and l.number = r.number and l.name = 'RestrictionLifted'
    where r.name in ('Restricted', 'GuardianRestricted')
)
select concat('restriction ', coalesce(r.number, s.number), ' of ',
    encode(coalesce(r.owner, s.owner), 'hex'))
from restrictions r full join (
    select distinct on (owner) * from imposed order by owner, number desc
) as s on s.owner = r.owner
where (r.number, r.purposes, r.categories, r.restricted_at_ms, r.restricted_by, r.lifted_at_ms)
    is distinct from (s.number, s.purposes, s.categories, s.at_ms, s.by, s.lifted_at_ms)
union all
select concat('the exception of ', encode(coalesce(x.account, s.account), 'hex'), ' by ',
    encode(coalesce(x.owner, s.owner), 'hex'))
from restriction_exceptions x full join (
    select distinct on (owner, account) owner, account, number from said where name = 'Excepted'
    order by owner, account, number desc
) as s on s.owner = x.owner and s.account = x.account
where x.restriction is distinct from s.number
union all
select concat('access ', a.access, ' is permitted in spite of restriction ', r.number)
from access_log a join imposed r
    on r.owner = a.owner
        and r.purposes & (1::bigint << a.purpose) <> 0
        and r.categories & (1::bigint << a.category) <> 0
        and (r.block_number, r.event_index) < (a.block_number, a.event_index)
where (a.permitted or a.deny_reason = 'Unfunded')
    and (a.window_id is null or r.by = r.owner)
    and ((r.lifted_block, r.lifted_index) < (a.block_number, a.event_index)) is not true
    and not exists (
        select from said x
        where x.name = 'Excepted' and x.owner = r.owner and x.number = r.number
            and x.account = a.requester
    )
