-- `guardianships`: those of a ward count from 1 without gaps, one for each row of `events` that says so, at the
-- time of its block. One begins exactly when a mandate of a guardian of the ward is ended before its time, or
-- given anew for a shorter one. `grants.guardianship` is as an event says, the guardianship in which the owner
-- was then; no such grant was given for longer than its guardian's mandate, nor amended after its guardianship
-- ended. Whoever is a guardian of the owner amends what guardians gave, and for no longer than his mandate.
with said as (
    select
        -- `GuardiansChanged` begins with the ward.
        substring(e.data from 1 for 32) as ward,
        row_number() over (
            partition by substring(e.data from 1 for 32) order by e.block_number, e.event_index
        ) as guardianship,
        (e.fields ->> 'guardianship')::numeric as named,
        b.time_ms as began_at_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'participants' and e.name = 'GuardiansChanged'
), mandated as (
    -- These events begin with subject and agent.
    select
        substring(e.data from 1 for 32) as ward,
        e.name,
        (e.fields ->> 'until')::numeric as until_ms,
        lag(e.name) over mandate as name_before,
        lag((e.fields ->> 'until')::numeric) over mandate as until_before_ms,
        b.time_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'participants'
        and e.name in ('MemberAdmitted', 'GuardianAppointed', 'MandateEnded')
    window mandate as (
        partition by substring(e.data from 1 for 64) order by e.block_number, e.event_index
    )
), cut_short as (
    select
        ward,
        row_number() over (partition by ward order by block_number, event_index) as guardianship,
        block_number,
        event_index
    from mandated
    where name_before = 'GuardianAppointed' and (
        (name = 'MandateEnded' and time_ms < until_before_ms)
        or (name = 'GuardianAppointed' and until_ms < until_before_ms)
    )
), given as (
    select g.id, g.owner, g.granted_by, g.guardianship, e.block_number, e.event_index
    from grants g join events e on (e.fields ->> 'grant')::numeric = g.id
    where e.contract_name = 'consent' and e.name = 'GuardianGranted'
)
select concat('guardianship ', coalesce(g.guardianship, s.guardianship), ' of ',
    encode(coalesce(g.ward, s.ward), 'hex'))
from guardianships g full join said s on s.ward = g.ward and s.guardianship = g.guardianship
where (g.guardianship, g.began_at_ms, g.block_number, g.event_index)
    is distinct from (s.named, s.began_at_ms, s.block_number, s.event_index)
union all
select concat('guardianship ', coalesce(s.guardianship, c.guardianship), ' of ',
    encode(coalesce(s.ward, c.ward), 'hex'), ' begins when no mandate ends early')
from said s full join cut_short c on c.ward = s.ward and c.guardianship = s.guardianship
where (s.block_number = c.block_number and s.event_index > c.event_index) is not true
union all
select concat('grant ', g.id, ' is of guardianship ', g.guardianship) from grants g
where g.guardianship is distinct from (
    select (e.fields ->> 'guardianship')::numeric from events e
    where e.contract_name = 'consent' and e.name = 'GuardianGranted'
        and (e.fields ->> 'grant')::numeric = g.id
)
union all
select concat('grant ', g.id, ' was given in another guardianship than ', g.guardianship) from given g
where g.guardianship <> (
    select count(*) from said s
    where s.ward = g.owner and (s.block_number, s.event_index) < (g.block_number, g.event_index)
)
union all
select concat('grant ', g.id, ' was given for longer than the mandate of its guardian')
from given g join events e on (e.fields ->> 'grant')::numeric = g.id
where e.contract_name = 'consent' and e.name = 'Granted'
    and (e.fields ->> 'until')::numeric > (
        select (a.fields ->> 'until')::numeric from events a
        where a.contract_name = 'participants' and a.name = 'GuardianAppointed'
            and substring(a.data from 1 for 64) = g.owner::bytea || g.granted_by::bytea
            and (a.block_number, a.event_index) < (g.block_number, g.event_index)
        order by a.block_number desc, a.event_index desc limit 1
    )
union all
select concat('grant ', g.id, ' was amended after its guardianship ended')
from grants g
    join guardianships s on s.ward = g.owner and s.guardianship = g.guardianship + 1
    join events e on (e.fields ->> 'grant')::numeric = g.id
where e.contract_name = 'consent' and e.name = 'Amended'
    and (s.block_number, s.event_index) < (e.block_number, e.event_index)
union all
select concat('grant ', g.id, ' was amended beyond the mandate of ', encode(a.by, 'hex'))
from (
        -- The first fields are grant (u64) and owner, the last ones who did it and when (u64).
        select
            (fields ->> 'grant')::numeric as id,
            substring(data from 9 for 32) as owner,
            substring(data from length(data) - 39 for 32) as by,
            (fields ->> 'until')::numeric as until_ms,
            (fields ->> 'at')::numeric as at_ms,
            block_number,
            event_index
        from events where contract_name = 'consent' and name = 'Amended'
    ) as a
    join grants g on g.id = a.id
    cross join lateral (
        select m.name, (m.fields ->> 'until')::numeric as until_ms from events m
        where m.contract_name = 'participants'
            and m.name in ('MemberAdmitted', 'GuardianAppointed', 'MandateEnded')
            and substring(m.data from 1 for 64) = a.owner || a.by
            and (m.block_number, m.event_index) < (a.block_number, a.event_index)
        order by m.block_number desc, m.event_index desc limit 1
    ) as mandate
where a.by <> a.owner and mandate.name = 'GuardianAppointed' and a.at_ms < mandate.until_ms
    and (g.guardianship is null or a.until_ms > mandate.until_ms)
