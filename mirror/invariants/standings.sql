-- `carbon_standings`: an account has a row once it has a duty. `settled`, `compliant`, `timely`,
-- `penalties` and `paid` count its settled duties, those with `deficit` 0, with `timely`, with a
-- `penalty`, and with `paid_at_ms`. `next` is the earliest period of its duties until one is
-- settled, then the one after the last settled; `deficit` and `surplus` are those of the last
-- settled.
with counted as (
    select
        account,
        coalesce(max(period) filter (where settled_at_ms is not null) + 1, min(period)) as next,
        count(settled_at_ms) as settled,
        count(*) filter (where deficit = 0) as compliant,
        count(*) filter (where timely) as timely,
        count(penalty) as penalties,
        count(paid_at_ms) as paid,
        coalesce((array_agg(deficit order by period desc)
            filter (where settled_at_ms is not null))[1]::numeric, 0) as deficit,
        coalesce((array_agg(surplus order by period desc)
            filter (where settled_at_ms is not null))[1]::numeric, 0) as surplus
    from carbon_duties group by account
)
select concat('the standing of ', encode(coalesce(s.account, c.account), 'hex'))
from carbon_standings s full join counted c on c.account = s.account
where (s.next, s.settled, s.compliant, s.timely, s.penalties, s.paid, s.deficit::numeric,
    s.surplus::numeric)
    is distinct from (c.next, c.settled, c.compliant, c.timely, c.penalties, c.paid, c.deficit,
    c.surplus)
