-- A row that names a row of another table names one that is there. Rows are written in bulk and in
-- any order, so no foreign key asks for it.
select concat('project ', p.project, ' of class ', p.class) from carbon_projects p
where not exists (select from carbon_classes c where c.class = p.class)
union all
select concat('batch ', b.batch, ' of class ', b.class) from carbon_batches b
where not exists (select from carbon_classes c where c.class = b.class)
union all
-- Of the same class.
select concat('batch ', b.batch, ' of project ', b.project) from carbon_batches b
where b.project is not null and not exists (
    select from carbon_projects p where p.project = b.project and p.class = b.class
)
union all
select concat('batch ', b.batch, ' of period ', b.period) from carbon_batches b
where b.period is not null and not exists (
    select from carbon_periods p where p.period = b.period
)
union all
select concat('period ', p.period, ' with batch ', p.batch) from carbon_periods p
where not exists (select from carbon_batches b where b.batch = p.batch)
union all
select concat(h.what, ' of ', encode(h.account, 'hex'), ' in batch ', h.batch)
from (
    select 'a balance', batch, owner from carbon_balances
    union all select 'an approval', batch, owner from carbon_approvals
    union all select 'an escrow', batch, owner from carbon_escrows
    union all select 'a retirement', batch, owner from carbon_retirements
    union all select 'a cancellation', batch, owner from carbon_cancellations
    union all select 'a surrender', batch, account from carbon_surrenders
    union all select 'an order', batch, seller from market_orders
) as h (what, batch, account)
where not exists (select from carbon_batches b where b.batch = h.batch)
union all
select concat('a duty of ', encode(d.account, 'hex'), ' in period ', d.period) from carbon_duties d
where not exists (select from carbon_periods p where p.period = d.period)
union all
select concat(r.what, ' of ', encode(r.account, 'hex'), ' for period ', r.period)
from (
    select 'a report', period, account from carbon_emission_reports
    union all select 'a surrender', period, account from carbon_surrenders
) as r (what, period, account)
where not exists (
    select from carbon_duties d where d.period = r.period and d.account = r.account
)
union all
-- Of the same seller and batch.
select concat('the fill at ', f.block_number, '-', f.event_index, ' of order ', f.order_id)
from market_fills f
where not exists (
    select from market_orders o
    where o.order_id = f.order_id and o.seller = f.seller and o.batch = f.batch
)
union all
select concat('the sanction is about window ', s.window_id) from sanctions s
where not exists (select from emergency_windows w where w.id = s.window_id)
union all
select concat('the bar is about window ', b.window_id) from emergency_bars b
where not exists (select from emergency_windows w where w.id = b.window_id)
union all
select concat('a mandate of ', encode(m.subject, 'hex')) from mandates m
where not exists (select from participants p where p.account = m.subject)
union all
select concat('a guardianship of ', encode(g.ward, 'hex')) from guardianships g
where not exists (select from participants p where p.account = g.ward)
union all
select concat('a key of ', encode(k.subject, 'hex')) from participant_keys k
where not exists (select from participants p where p.account = k.subject)
union all
select concat('a succession of ', encode(s.subject, 'hex')) from successions s
where not exists (select from participants p where p.account = s.subject)
