-- `contract_governance`: a contract has a row once it emitted an event of its government, as of the
-- last of these, and is paused as they say. A handover is accepted, and an announced code runs, from
-- `not_before` of the event that proposed or announced it on and before its `until`. That each such
-- event names the `administrator` of that moment is left to the writer.
with last as (
    select
        contract,
        (array_agg(block_number order by block_number desc, event_index desc))[1] as block_number,
        (array_agg(event_index order by block_number desc, event_index desc))[1] as event_index,
        (array_agg(name order by block_number desc, event_index desc)
            filter (where name in ('Paused', 'Unpaused')))[1] as pause
    from events
    where contract_name is not null and name in (
        'Paused', 'Unpaused', 'HandoverProposed', 'HandoverCancelled', 'HandoverAccepted',
        'UpgradeAnnounced', 'UpgradeCancelled', 'Upgraded'
    )
    group by contract
)
select concat('the government of ', encode(coalesce(g.contract, l.contract), 'hex'))
from contract_governance g full join last l on l.contract = g.contract
where g.contract is null or l.contract is null
    or (g.block_number, g.event_index) <> (l.block_number, l.event_index)
    or g.paused <> (coalesce(l.pause, 'Unpaused') = 'Paused')
union all
select concat('event ', e.block_number, '-', e.event_index, ' came too early or too late')
from events e join blocks b on b.number = e.block_number
where e.contract_name is not null and e.name in ('HandoverAccepted', 'Upgraded') and not exists (
    select from (
        select p.fields from events p
        where p.contract = e.contract
            and p.name = case e.name
                when 'Upgraded' then 'UpgradeAnnounced' else 'HandoverProposed' end
            and (p.block_number, p.event_index) < (e.block_number, e.event_index)
        order by p.block_number desc, p.event_index desc limit 1
    ) as last
    where b.time_ms >= (last.fields ->> 'not_before')::numeric
        and b.time_ms < (last.fields ->> 'until')::numeric
)
