-- `access_log`: `access` and, for each owner, `sequence` count from 1 without gaps, in the order of
-- the chain. `previous_head` is the `head` of the same owner's entry before it, zero for the first,
-- and `log_heads` has the last one. So it is with the events of refusals of outsiders, of which
-- `outsider_refusals` has the last one. That `head` is BLAKE2b-256(previous_head, content), the 64 bytes
-- one after the other, is left to the writer, which refuses a broken link; `content`, BLAKE2b-256 over
-- the SCALE tuple (domain, owner, requester, by, person, access, sequence, purpose, category, record,
-- grant, window, decision, at), is the contract's word and not computed again.
with linked as (
    select
        access,
        row_number() over (order by block_number, event_index) as nth,
        sequence,
        row_number() over owned as nth_of_owner,
        previous_head,
        lag(head::bytea, 1, decode(repeat('00', 32), 'hex')) over owned as expected
    from access_log
    window owned as (partition by owner order by block_number, event_index)
), refused as (
    -- `OutsiderRefused` ends with previous, content and head.
    select
        (fields ->> 'sequence')::numeric as sequence,
        row_number() over chain as nth,
        substring(data from octet_length(data) - 95 for 32) as previous,
        substring(data from octet_length(data) - 31) as head,
        lag(substring(data from octet_length(data) - 31), 1, decode(repeat('00', 32), 'hex'))
            over chain as expected,
        block_number,
        event_index
    from events
    where contract_name = 'consent' and name = 'OutsiderRefused'
    window chain as (order by block_number, event_index)
)
select concat('access ', access, ' is entry ', nth, ' of the log and ', nth_of_owner, ' of its owner')
from linked where access <> nth or sequence <> nth_of_owner
union all
select concat('access ', access, ' does not follow the entry before it')
from linked where previous_head <> expected
union all
select concat('the last entry of ', encode(coalesce(h.owner, l.owner), 'hex'))
from log_heads h full join (
    select distinct on (owner) owner, sequence, head, block_number, event_index
    from access_log order by owner, sequence desc
) as l on l.owner = h.owner
where (h.sequence, h.head, h.block_number, h.event_index)
    is distinct from (l.sequence, l.head, l.block_number, l.event_index)
union all
select concat('refusal ', sequence, ' of an outsider is the one ', nth) from refused
where sequence <> nth or previous <> expected
union all
select concat('the last refusal of an outsider is ', o.sequence)
from outsider_refusals o full join (
    select sequence, head, block_number, event_index from refused order by nth desc limit 1
) as l on true
where (o.sequence, o.head, o.block_number, o.event_index)
    is distinct from (l.sequence, l.head, l.block_number, l.event_index)
