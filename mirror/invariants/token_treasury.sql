-- `token_totals.treasury` is the treasury that an event named last, the first one in the block of
-- the deployment. A burn names the treasury of that moment.
with named as (
    -- `TreasurySet` begins with the treasury, `Burned` with the account that burned.
    select name, substring(data from 1 for 32) as account, block_number, event_index
    from events where contract_name = 'token' and name in ('TreasurySet', 'Burned')
), last as (
    select account from named where name = 'TreasurySet'
    order by block_number desc, event_index desc limit 1
)
select 'the treasury is not the one named last' from token_totals t
where t.treasury is distinct from (select account from last)
union all
select concat('the burn at ', b.block_number, '-', b.event_index, ' is not of the treasury')
from named b
where b.name = 'Burned' and b.account is distinct from (
    select t.account from named t
    where t.name = 'TreasurySet'
        and (t.block_number, t.event_index) < (b.block_number, b.event_index)
    order by t.block_number desc, t.event_index desc limit 1
)
