-- `carbon_balances.retired` and `.cancelled` are the sums of `carbon_retirements.amount` and
-- `carbon_cancellations.amount`, `.surrendered` that of `carbon_surrenders.amount`, each of the
-- same batch and account; `.escrowed` is that of `carbon_escrows.amount`, of the same batch and
-- owner.
with booked as (
    select batch, owner, amount as escrowed, 0 as retired, 0 as surrendered, 0 as cancelled
    from carbon_escrows where amount > 0
    union all select batch, owner, 0, amount, 0, 0 from carbon_retirements
    union all select batch, account, 0, 0, amount, 0 from carbon_surrenders
    union all select batch, owner, 0, 0, 0, amount from carbon_cancellations
), summed as (
    select
        batch, owner, sum(escrowed) as escrowed, sum(retired) as retired,
        sum(surrendered) as surrendered, sum(cancelled) as cancelled
    from booked group by batch, owner
)
select concat('the units of batch ', coalesce(h.batch, s.batch), ' of ',
    encode(coalesce(h.owner, s.owner), 'hex'))
from carbon_balances h full join summed s on s.batch = h.batch and s.owner = h.owner
where (coalesce(h.escrowed, 0), coalesce(h.retired, 0), coalesce(h.surrendered, 0),
    coalesce(h.cancelled, 0))
    <> (coalesce(s.escrowed, 0), coalesce(s.retired, 0), coalesce(s.surrendered, 0),
    coalesce(s.cancelled, 0))
