-- A permit rests on a grant between the same two parties, for the record that was asked for or for all,
-- that was not revoked before, alone, with its epoch or with its delegate, and had not ended with its
-- guardianship; or on a window of the same two that was open at `at_ms` and was not closed by an earlier
-- event; `emergency_windows.uses` is the number of permits in it. A refusal as `Unfunded` names a grant that
-- would have permitted it. Which record a grant was for cannot be told once its link is erased. A grant or
-- window that another refusal names need not exist.
select concat('access ', a.access, ' rests on grant ', a.grant_id) from access_log a
where (a.permitted or a.deny_reason = 'Unfunded') and a.grant_id is not null and not exists (
    select from grants_now g
    where g.id = a.grant_id and g.owner = a.owner and g.grantee = a.requester
        and (g.revoked_at_ms is null or g.revoked_at_ms >= a.at_ms)
        and not exists (
            select from guardianships s
            where s.ward = g.owner and s.guardianship = g.guardianship + 1 and s.began_at_ms < a.at_ms
        )
        and (g.record is null or g.record = a.record)
)
union all
select concat('access ', a.access, ' is permitted in window ', a.window_id) from access_log a
where a.window_id is not null and not exists (
    select from emergency_windows w
    where w.id = a.window_id and w.patient = a.owner and w.provider = a.requester
        and a.at_ms >= w.opened_at_ms and a.at_ms < w.until_ms
        and (w.closed_at_ms is null or a.at_ms <= w.closed_at_ms)
) or exists (
    select from events e
    where e.contract_name = 'consent' and e.name = 'GlassClosed'
        and (e.fields ->> 'window')::numeric = a.window_id
        and (e.block_number, e.event_index) < (a.block_number, a.event_index)
)
union all
select concat('window ', w.id, ' counts ', w.uses, ' uses') from emergency_windows w
where w.uses <> (select count(*) from access_log a where a.window_id = w.id and a.permitted)
