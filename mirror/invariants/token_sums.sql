-- `token_totals.supply` is the sum of `token_balances.balance`; `.minted` and `.burned` are the
-- sums of `token_receipts.amount` over the rows of that `kind`. A mint or burn is one `Transfer`
-- from or to nobody.
select concat('the supply is ', t.supply) from token_totals t
where t.supply <> (select coalesce(sum(balance), 0) from token_balances)
union all
select concat('minted are ', t.minted, ' and burned ', t.burned) from token_totals t
where (t.minted, t.burned) <> (
    select
        coalesce(sum(amount) filter (where kind = 'minted'), 0),
        coalesce(sum(amount) filter (where kind = 'burned'), 0)
    from token_receipts
)
union all
select concat('a ', kind, ' of ', amount, ' without its transfer')
from (
    select kind, amount, block_number, row_number() over (partition by kind, amount, block_number)
    from token_receipts
    except all
    select kind, amount, block_number, row_number() over (partition by kind, amount, block_number)
    from (
        select
            case when fields ->> 'from' is null then 'minted' else 'burned' end as kind,
            (fields ->> 'value')::numeric as amount,
            block_number
        from events
        where contract_name = 'token' and name = 'Transfer'
            and (fields ->> 'from' is null) <> (fields ->> 'to' is null)
    ) as transfers
) as missing
