-- `emergency_windows`: `id` counts from 1 without gaps, and the windows of one patient and one
-- provider do not overlap. A row of `sanctions` is of the window's provider, and of a window that
-- was found unjustified or, when it says so, proposed when `review_by_ms` had passed without a
-- review, which may follow later. A row of `emergency_bars` is of the key that opened the window and of a
-- window that was found unjustified; it holds when the last event on the key's bar is not that it was
-- lifted, and the key opens no window while it does.
select concat('there are ', count(*), ' windows up to ', max(id)) from emergency_windows
having count(*) <> coalesce(max(id), 0)
union all
select concat('window ', w.id, ' overlaps window ', later.id)
from emergency_windows w join emergency_windows later
    on later.patient = w.patient and later.provider = w.provider and later.id > w.id
where later.opened_at_ms < coalesce(w.closed_at_ms, w.until_ms)
union all
select concat('the sanction for window ', s.window_id, ' has no ground')
from sanctions s join emergency_windows w on w.id = s.window_id
where s.provider <> w.provider
    or (s.reason = 'unjustified' and w.outcome is distinct from 'unjustified')
    or (s.reason = 'unreviewed' and (
        s.proposed_at_ms < w.review_by_ms or w.reviewed_at_ms < s.proposed_at_ms
    ))
union all
select concat('the bar of ', encode(b.key, 'hex'), ' has no ground')
from emergency_bars b join emergency_windows w on w.id = b.window_id
where b.key <> w.opened_by or w.outcome is distinct from 'unjustified'
union all
-- Both events on a bar begin with the key.
select concat('the bar of ', encode(coalesce(b.key, s.key), 'hex'))
from emergency_bars b full join (
    select distinct on (substring(data from 1 for 32))
        substring(data from 1 for 32) as key, name
    from events
    where contract_name = 'consent' and name in ('EmergencyBarred', 'BarLifted')
    order by substring(data from 1 for 32), block_number desc, event_index desc
) as s on s.key = b.key
where b.key is null or s.key is null
    or (b.lifted_at_ms is null) <> (s.name = 'EmergencyBarred')
union all
-- `GlassBroken` is window, patient, provider, the key and more.
select concat('window ', o.fields ->> 'window', ' was opened in spite of a bar') from events o
where o.contract_name = 'consent' and o.name = 'GlassBroken'
    and 'EmergencyBarred' = (
        select e.name from events e
        where e.contract_name = 'consent' and e.name in ('EmergencyBarred', 'BarLifted')
            and substring(e.data from 1 for 32) = substring(o.data from 73 for 32)
            and (e.block_number, e.event_index) < (o.block_number, o.event_index)
        order by e.block_number desc, e.event_index desc limit 1
    )
