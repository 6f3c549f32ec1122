-- A permit rests on a grant between the same two parties that was not revoked before, alone or with
-- its epoch, or on a window of the same two that was open at `at_ms`; `emergency_windows.uses` is the
-- number of permits in it. A grant or window that a refusal names need not exist.
select concat('access ', a.access, ' is permitted by grant ', a.grant_id) from access_log a
where a.permitted and a.grant_id is not null and not exists (
    select from grants_now g
    where g.id = a.grant_id and g.owner = a.owner and g.grantee = a.requester
        and (g.revoked_at_ms is null or g.revoked_at_ms >= a.at_ms)
)
union all
select concat('access ', a.access, ' is permitted in window ', a.window_id) from access_log a
where a.window_id is not null and not exists (
    select from emergency_windows w
    where w.id = a.window_id and w.patient = a.owner and w.provider = a.requester
        and a.at_ms >= w.opened_at_ms and a.at_ms < w.until_ms
        and (w.closed_at_ms is null or a.at_ms <= w.closed_at_ms)
)
union all
select concat('window ', w.id, ' counts ', w.uses, ' uses') from emergency_windows w
where w.uses <> (select count(*) from access_log a where a.window_id = w.id and a.permitted)
