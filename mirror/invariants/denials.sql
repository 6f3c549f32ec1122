-- `denials.categories` is, for an owner, a requester and a purpose, every category of which the last event of
-- the owner that named it together with the purpose is a denial, not its lifting; `by_guardians` is every one
-- of which the last such event is a guardian's denial, not that a guardian or the owner lifted it.
with said as (
    -- All these events begin with owner and requester.
    select distinct on (k.by_guardians, substring(e.data from 1 for 64), p.purpose, c.category)
        substring(e.data from 1 for 32) as owner,
        substring(e.data from 33 for 32) as requester,
        p.purpose,
        c.category,
        e.name
    from events e,
        generate_series(0, 31) as p (purpose),
        generate_series(0, 31) as c (category),
        (values (false), (true)) as k (by_guardians)
    where e.contract_name = 'consent' and case
            when k.by_guardians then e.name in ('GuardianDenied', 'GuardianDenialLifted', 'DenialLifted')
            else e.name in ('Denied', 'DenialLifted')
        end
        and (e.fields ->> 'purposes')::bigint & (1::bigint << p.purpose) <> 0
        and (e.fields ->> 'categories')::bigint & (1::bigint << c.category) <> 0
    order by k.by_guardians, substring(e.data from 1 for 64), p.purpose, c.category,
        e.block_number desc, e.event_index desc
), summed as (
    select owner, requester, purpose,
        sum(1::bigint << category) filter (where name = 'Denied') as categories,
        sum(1::bigint << category) filter (where name = 'GuardianDenied') as by_guardians
    from said
    group by owner, requester, purpose
)
select concat('for purpose ', coalesce(d.purpose, s.purpose), ' ',
    encode(coalesce(d.owner, s.owner), 'hex'), ' denies ',
    encode(coalesce(d.requester, s.requester), 'hex'), ' the categories ', d.categories,
    ', guardians ', d.by_guardians)
from denials d full join summed s
    on s.owner = d.owner and s.requester = d.requester and s.purpose = d.purpose
where coalesce(d.categories, 0) <> coalesce(s.categories, 0)
    or coalesce(d.by_guardians, 0) <> coalesce(s.by_guardians, 0)
