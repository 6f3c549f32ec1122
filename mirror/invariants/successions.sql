-- `successions` has a row for each participant of whom an event says which key shall act for it: who that is,
-- who proposed it and when it may accept are as the last such event says, and the rest as those say that came
-- after it about the same key. A regulator's word is not replaced before it ends or is over; one who ends it
-- needs no objection. A key accepts, for which there is `KeyReplaced`, in its time, and after an objection
-- only once a second regulator confirmed it.
with said as (
    -- These events begin with subject and key, but `KeyReplaced`, which has the key before it in between.
    select
        substring(e.data from 1 for 32) as subject,
        substring(e.data from case e.name when 'KeyReplaced' then 65 else 33 end for 32) as successor,
        e.name,
        e.name in ('SuccessorNamed', 'ReplacementProposed') as names,
        -- Last of a proposal, and third of a decision.
        case
            when e.name = 'ReplacementProposed' then substring(e.data from length(e.data) - 31 for 32)
            when e.name in ('ReplacementConfirmed', 'ReplacementRejected')
                then substring(e.data from 65 for 32)
        end as by,
        case e.name when 'ReplacementProposed' then substring(e.data from 65 for 32) end as evidence,
        (e.fields ->> 'not_before')::numeric as not_before_ms,
        (e.fields ->> 'until')::numeric as until_ms,
        b.time_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'participants' and e.name in (
        'SuccessorNamed', 'ReplacementProposed', 'SuccessionCancelled', 'ReplacementObjected',
        'ReplacementConfirmed', 'ReplacementRejected', 'KeyReplaced'
    )
), numbered as (
    select
        *,
        count(*) filter (where names) over (
            partition by subject order by block_number, event_index
        ) as nth
    from said
), told as (
    select
        n.*,
        o.time_ms as objected_at_ms,
        c.time_ms as confirmed_at_ms,
        c.by as confirmed_by,
        l.time_ms as ended_at_ms,
        case l.name
            when 'KeyReplaced' then 'accepted'
            when 'SuccessionCancelled' then 'cancelled'
            when 'ReplacementRejected' then 'rejected'
        end as ending,
        case l.name when 'ReplacementRejected' then l.by end as rejected_by,
        f.time_ms as followed_at_ms,
        f.subject is null as is_last
    from numbered n
        left join numbered o on o.subject = n.subject and o.nth = n.nth
            and o.successor = n.successor and o.name = 'ReplacementObjected'
        left join numbered c on c.subject = n.subject and c.nth = n.nth
            and c.successor = n.successor and c.name = 'ReplacementConfirmed'
        left join numbered l on l.subject = n.subject and l.nth = n.nth and l.successor = n.successor
            and l.name in ('KeyReplaced', 'SuccessionCancelled', 'ReplacementRejected')
        left join numbered f on f.subject = n.subject and f.nth = n.nth + 1 and f.names
    where n.names
)
select concat('what is to replace the key of ', encode(coalesce(r.subject, t.subject), 'hex'))
from successions r full join (select * from told where is_last) as t on t.subject = r.subject
where (
        r.successor, r.proposed_by, r.evidence, r.named_at_ms, r.not_before_ms, r.until_ms,
        r.objected_at_ms, r.confirmed_at_ms, r.confirmed_by, r.ended_at_ms, r.ending, r.rejected_by
    ) is distinct from (
        t.successor, t.by, t.evidence, t.time_ms, t.not_before_ms, t.until_ms,
        t.objected_at_ms, t.confirmed_at_ms, t.confirmed_by, t.ended_at_ms, t.ending, t.rejected_by
    )
union all
select concat('a regulator''s word on the key of ', encode(t.subject, 'hex'), ' was replaced')
from told t
where t.name = 'ReplacementProposed' and t.ending is null and t.followed_at_ms < t.until_ms
union all
select concat('the key ', encode(t.successor, 'hex'), ' accepted out of its time, or in spite of an objection')
from told t
where t.ending = 'accepted' and (
    t.ended_at_ms < t.not_before_ms or t.ended_at_ms >= t.until_ms
    or (t.objected_at_ms is not null and t.confirmed_at_ms is null)
)
union all
select concat('the key ', encode(n.successor, 'hex'), ' is about nothing that was said: ', n.name)
from numbered n
where not n.names and not exists (
    select from numbered t
    where t.subject = n.subject and t.nth = n.nth and t.names and t.successor = n.successor
)
