-- `participant_keys` has a row for each key that replaced another or was replaced, with the times of the
-- events that say so: each replaces the one that acted until then, first the participant's own account. A key
-- is that of one participant, once, and was never registered. None is named for one of whom it has a mandate,
-- be it over; one that it is given later is no obstacle. Nobody asks for access by a key that was replaced
-- before. Whose key did anything else no event says: it names the participant.
with replaced as (
    -- `KeyReplaced` is subject, the key before and the key.
    select
        substring(e.data from 1 for 32) as subject,
        substring(e.data from 33 for 32) as key_before,
        substring(e.data from 65 for 32) as key,
        lag(substring(e.data from 65 for 32)) over (
            partition by substring(e.data from 1 for 32) order by e.block_number, e.event_index
        ) as acted_before,
        b.time_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'participants' and e.name = 'KeyReplaced'
), held as (
    select key, subject, time_ms as accepted_at_ms from replaced
    union all
    select distinct subject, subject, null::bigint from replaced
)
select concat('the key ', encode(coalesce(k.key, h.key), 'hex'))
from participant_keys k full join (
    select h.*, r.time_ms as replaced_at_ms
    from held h left join replaced r on r.key_before = h.key
) as h on h.key = k.key
where (k.key, k.subject, k.accepted_at_ms, k.replaced_at_ms)
    is distinct from (h.key, h.subject, h.accepted_at_ms, h.replaced_at_ms)
union all
select concat('the key ', encode(key, 'hex'), ' replaces one that did not act for ',
    encode(subject, 'hex'))
from replaced where key_before <> coalesce(acted_before, subject)
union all
select concat('the key ', encode(r.key, 'hex'), ' is that of one who registered')
-- `Registered` begins with the account.
from replaced r join events e on substring(e.data from 1 for 32) = r.key
where e.contract_name = 'participants' and e.name = 'Registered'
union all
select concat('the key ', encode(m.key, 'hex'), ' was named by or for ', encode(m.subject, 'hex'),
    ', of whom it had a mandate')
from (
    -- Of all these events the first fields are the subject and the key, or the agent.
    select distinct on (n.block_number, n.event_index)
        substring(n.data from 1 for 32) as subject,
        substring(n.data from 33 for 32) as key,
        e.name
    from events n join events e on substring(e.data from 1 for 64) = substring(n.data from 1 for 64)
        and (e.block_number, e.event_index) < (n.block_number, n.event_index)
    where n.contract_name = 'participants' and n.name in ('SuccessorNamed', 'ReplacementProposed')
        and e.contract_name = 'participants'
        and e.name in ('MemberAdmitted', 'GuardianAppointed', 'MandateEnded')
    order by n.block_number, n.event_index, e.block_number desc, e.event_index desc
) as m
where m.name <> 'MandateEnded'
union all
select concat('access ', a.access, ' was asked for by a key that was replaced: ',
    encode(a.asked_by, 'hex'))
from access_log a join replaced r on r.key_before = a.asked_by
where (r.block_number, r.event_index) < (a.block_number, a.event_index)
