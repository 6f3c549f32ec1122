-- `reward_budgets`: `funded` and `withdrawn` are the sums of the requester's `reward_budget_movements`
-- of these kinds, and `spent` that of `reward_accruals.amount` over his accesses that no sponsor paid.
with booked as (
    select
        requester, case kind when 'funded' then amount else 0 end as funded, 0 as spent,
        case kind when 'withdrawn' then amount else 0 end as withdrawn
    from reward_budget_movements
    union all select requester, 0, amount, 0 from reward_accruals where sponsor is null
), summed as (
    select requester, sum(funded) as funded, sum(spent) as spent, sum(withdrawn) as withdrawn
    from booked group by requester
)
select concat('the budget of ', encode(coalesce(b.requester, s.requester), 'hex'))
from reward_budgets b full join summed s on s.requester = b.requester
where (b.funded, b.spent, b.withdrawn) is distinct from (s.funded, s.spent, s.withdrawn)
