-- `carbon_duties.brought_deficit` and `.brought_surplus` are `deficit` and `surplus` of the
-- account's last settled period, 0 before the first. `penalty` is there exactly when `deficit` is
-- not 0 (its event follows in the same block), and is `deficit` times the period's `tariff` over
-- 1,000, rounded up, of which the greatest u128 stands for all that is greater. A penalty that is
-- paid leaves `deficit` as it is.
with settled as (
    select
        d.*,
        lag(d.deficit::numeric, 1, 0) over of_account as deficit_before,
        lag(d.surplus::numeric, 1, 0) over of_account as surplus_before,
        p.tariff
    from carbon_duties d join carbon_periods p on p.period = d.period
    where d.settled_at_ms is not null
    window of_account as (partition by d.account order by d.period)
)
select concat('the settlement of period ', period, ' for ', encode(account, 'hex')) from settled
where brought_deficit <> deficit_before or brought_surplus <> surplus_before
    or (penalty is not null) <> (deficit > 0)
    or penalty <> div(
        least(deficit * tariff, 340282366920938463463374607431768211455) + 999, 1000)
