-- `token_totals.treasury`, `.next_treasury` and their times are as the last event that names the
-- treasury or stops minting says: one that is named holds from its moment on, unless before that
-- another one is named or minting is stopped. `.treasury_confirmed` is false exactly after minting was
-- stopped and while none that was named since holds. The first event is in the block of the
-- deployment. A burn names the treasury of that moment, and nothing is minted while it is not
-- confirmed.
with said as (
    -- `TreasurySet` and `MintingStopped` begin with the treasury, `Burned` with the account that burned.
    select
        e.name, substring(e.data from 1 for 32) as account,
        case e.name when 'TreasurySet' then (e.fields ->> 'from')::numeric end as holds_from,
        b.time_ms, e.block_number, e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'token'
        and e.name in ('TreasurySet', 'MintingStopped', 'Burned', 'Minted')
), set as (
    -- What of these holds at some time: `until_ms` is when the next one replaced what still waited.
    select
        s.*, lead(s.time_ms) over (order by s.block_number, s.event_index) as replaced_ms
    from said s where s.name in ('TreasurySet', 'MintingStopped')
), moments as (
    select s.*, held.account as treasury, coalesce(stop.last < held.last, held.last is not null)
        as confirmed
    from said s
    left join lateral (
        select t.account, array[t.block_number, t.event_index] as last from set t
        where t.name = 'TreasurySet' and t.holds_from <= s.time_ms
            and (t.block_number, t.event_index) <= (s.block_number, s.event_index)
            and (t.replaced_ms is null or t.replaced_ms >= t.holds_from
                -- Not replaced yet.
                or not exists (
                    select from set r
                    where (r.block_number, r.event_index) > (t.block_number, t.event_index)
                        and (r.block_number, r.event_index) <= (s.block_number, s.event_index)))
        order by t.block_number desc, t.event_index desc limit 1
    ) held on true
    left join lateral (
        select array[t.block_number, t.event_index] as last from set t
        where t.name = 'MintingStopped'
            and (t.block_number, t.event_index) <= (s.block_number, s.event_index)
        order by t.block_number desc, t.event_index desc limit 1
    ) stop on true
), last as (
    select
        m.treasury, m.confirmed,
        case when m.name = 'TreasurySet' and m.holds_from > m.time_ms then m.account end as next,
        case when m.name = 'TreasurySet' and m.holds_from > m.time_ms then m.holds_from end as next_from
    from moments m where m.name in ('TreasurySet', 'MintingStopped')
    order by m.block_number desc, m.event_index desc limit 1
)
select 'the treasury is not the one named last' from token_totals t left join last l on true
where (t.treasury::bytea, t.treasury_confirmed, t.next_treasury::bytea, t.next_treasury_from_ms::numeric)
    is distinct from (l.treasury, coalesce(l.confirmed, false), l.next, l.next_from)
union all
select concat('the burn at ', m.block_number, '-', m.event_index, ' is not of the treasury')
from moments m where m.name = 'Burned' and m.account is distinct from m.treasury
union all
select concat('the mint at ', m.block_number, '-', m.event_index, ' is of no confirmed treasury')
from moments m where m.name = 'Minted' and m.treasury is not null and not m.confirmed
