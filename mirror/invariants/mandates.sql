-- `mandates` has a row for each subject and agent of whom an event says that the one admitted the other.
-- Powers, term, person and time are those of the last such event, and it is ended when a later event says
-- so, at the time of its block and by the one whom it names. `powers` are bits that the contracts know.
with said as (
    -- Both events begin with subject and agent; then come powers (u16), a time (u64) and the person, or who
    -- ended it.
    select
        substring(e.data from 1 for 32) as subject,
        substring(e.data from 33 for 32) as agent,
        e.name,
        get_byte(e.data, 64) + 256 * get_byte(e.data, 65) as powers,
        (e.fields ->> 'until')::numeric as valid_until_ms,
        substring(e.data from 75 for 32) as person,
        substring(e.data from 65 for 32) as by,
        b.time_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'participants' and e.name in ('MemberAdmitted', 'MandateEnded')
), admitted as (
    select distinct on (subject, agent) * from said where name = 'MemberAdmitted'
    order by subject, agent, block_number desc, event_index desc
), last as (
    select distinct on (subject, agent) * from said
    order by subject, agent, block_number desc, event_index desc
)
select concat('the mandate of ', encode(coalesce(m.agent, s.agent), 'hex'), ' for ',
    encode(coalesce(m.subject, s.subject), 'hex'))
from mandates m full join (
    select
        a.*,
        case when l.name = 'MandateEnded' then l.time_ms end as ended_at_ms,
        case when l.name = 'MandateEnded' then l.by end as ended_by
    from admitted a join last l on l.subject = a.subject and l.agent = a.agent
) as s on s.subject = m.subject and s.agent = m.agent
where (m.powers, m.valid_until_ms, m.person, m.admitted_at_ms, m.ended_at_ms, m.ended_by)
    is distinct from (s.powers, s.valid_until_ms, s.person, s.time_ms, s.ended_at_ms, s.ended_by)
union all
select concat('the mandate of ', encode(m.agent, 'hex'), ' for ', encode(m.subject, 'hex'),
    ' has powers that nobody knows: ', m.powers & ~15)
from mandates m
where m.powers & ~15 <> 0
