-- `emergency_refusals` has a row for each owner who ever refused emergencies; it holds when the last event
-- on it is that he did, not that he allows them again, and its times are of these events. While it holds
-- nobody opens a window on him, and no window permits anything.
with said as (
    -- Both events begin with the owner.
    select
        substring(data from 1 for 32) as owner,
        name,
        (fields ->> 'at')::numeric as at_ms,
        block_number,
        event_index
    from events
    where contract_name = 'consent' and name in ('EmergenciesRefused', 'EmergenciesAllowed')
)
select concat('the refusal of ', encode(coalesce(r.owner, s.owner), 'hex'))
from emergency_refusals r full join (
    select distinct on (owner) owner, name, at_ms from said
    order by owner, block_number desc, event_index desc
) as s on s.owner = r.owner
where r.owner is null or s.owner is null
    or (r.allowed_at_ms is null) <> (s.name = 'EmergenciesRefused')
    or coalesce(r.allowed_at_ms, r.refused_at_ms) <> s.at_ms
union all
-- `GlassBroken` is window, patient and more.
select concat('window ', o.fields ->> 'window', ' was opened in spite of a refusal') from events o
where o.contract_name = 'consent' and o.name = 'GlassBroken'
    and 'EmergenciesRefused' = (
        select s.name from said s
        where s.owner = substring(o.data from 9 for 32)
            and (s.block_number, s.event_index) < (o.block_number, o.event_index)
        order by s.block_number desc, s.event_index desc limit 1
    )
union all
select concat('access ', a.access, ' is permitted in window ', a.window_id, ' in spite of a refusal')
from access_log a
where a.window_id is not null and 'EmergenciesRefused' = (
    select s.name from said s
    where s.owner = a.owner
        and (s.block_number, s.event_index) < (a.block_number, a.event_index)
    order by s.block_number desc, s.event_index desc limit 1
)
