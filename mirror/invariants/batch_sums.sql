-- `carbon_batches.tradable`, `.escrowed`, `.retired`, `.surrendered` and `.cancelled` are the sums
-- of the same columns over the `carbon_balances` of the batch, and `.issued` is the sum of the
-- `Issued` of it; nothing is issued once `sealed`. That `issued`, `retired`, `surrendered` and
-- `cancelled` never fall follows from it.
select concat('batch ', b.batch, ' is not the sum of its holdings') from carbon_batches b
where (b.tradable, b.escrowed, b.retired, b.surrendered, b.cancelled) <> (
    select
        coalesce(sum(tradable), 0), coalesce(sum(escrowed), 0), coalesce(sum(retired), 0),
        coalesce(sum(surrendered), 0), coalesce(sum(cancelled), 0)
    from carbon_balances h where h.batch = b.batch
)
union all
select concat('of batch ', b.batch, ' ', b.issued, ' are issued') from carbon_batches b
where b.issued <> (
    select coalesce(sum((e.fields ->> 'amount')::numeric), 0) from events e
    where e.contract_name = 'carbon' and e.name = 'Issued'
        and (e.fields ->> 'batch')::numeric = b.batch
)
union all
select concat('batch ', b.batch, ' is not sealed as its events say') from carbon_batches b
where b.sealed <> exists (
    select from events s
    where s.contract_name = 'carbon' and s.name = 'BatchSealed'
        and (s.fields ->> 'batch')::numeric = b.batch
        and not exists (
            select from events i
            where i.contract_name = 'carbon' and i.name = 'Issued'
                and (i.fields ->> 'batch')::numeric = b.batch
                and (i.block_number, i.event_index) > (s.block_number, s.event_index)
        )
)
