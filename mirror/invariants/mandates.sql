-- `mandates` has a row for each subject and agent of whom an event says that the agent was admitted to the
-- subject's staff, or appointed its guardian. Powers, term, person, who appointed and time are those of the
-- last such event, and it is ended when a later event says so, at the time of its block and by the one whom it
-- names. `powers` are bits that the contracts know: of a guardian the one that is his, of others none but those
-- of a staff.
with said as (
    -- All these events begin with subject and agent. Then come powers (u16), a time (u64) and the person; of a
    -- guardian the time, the person and who appointed him; or who ended it.
    select
        substring(e.data from 1 for 32) as subject,
        substring(e.data from 33 for 32) as agent,
        e.name,
        case when e.name = 'GuardianAppointed' then 32
            else get_byte(e.data, 64) + 256 * get_byte(e.data, 65) end as powers,
        (e.fields ->> 'until')::numeric as valid_until_ms,
        substring(e.data from case when e.name = 'GuardianAppointed' then 73 else 75 end for 32) as person,
        case when e.name = 'GuardianAppointed' then substring(e.data from 105 for 32) end as appointed_by,
        substring(e.data from 65 for 32) as by,
        b.time_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'participants'
        and e.name in ('MemberAdmitted', 'GuardianAppointed', 'MandateEnded')
), given as (
    select distinct on (subject, agent) * from said where name <> 'MandateEnded'
    order by subject, agent, block_number desc, event_index desc
), last as (
    select distinct on (subject, agent) * from said
    order by subject, agent, block_number desc, event_index desc
)
select concat('the mandate of ', encode(coalesce(m.agent, s.agent), 'hex'), ' for ',
    encode(coalesce(m.subject, s.subject), 'hex'))
from mandates m full join (
    select
        g.*,
        case when l.name = 'MandateEnded' then l.time_ms end as ended_at_ms,
        case when l.name = 'MandateEnded' then l.by end as ended_by
    from given g join last l on l.subject = g.subject and l.agent = g.agent
) as s on s.subject = m.subject and s.agent = m.agent
where (m.powers, m.valid_until_ms, m.person, m.appointed_by, m.admitted_at_ms, m.ended_at_ms, m.ended_by)
    is distinct from (
        s.powers, s.valid_until_ms, s.person, s.appointed_by, s.time_ms, s.ended_at_ms, s.ended_by
    )
union all
select concat('the mandate of ', encode(m.agent, 'hex'), ' for ', encode(m.subject, 'hex'),
    ' has powers that nobody knows: ', m.powers)
from mandates m
where case when m.appointed_by is null then m.powers & ~31 <> 0 else m.powers <> 32 end
