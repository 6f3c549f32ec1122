-- `emergency_windows`: `id` counts from 1 without gaps, and the windows of one patient and one
-- provider do not overlap. A row of `sanctions` is of the window's provider, and of a window that
-- was found unjustified or, when it says so, proposed when `review_by_ms` had passed without a
-- review, which may follow later.
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
