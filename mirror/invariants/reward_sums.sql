-- `rewards.accrued` is the sum of `reward_accruals.amount` over the owner's rows, `.returned` that of
-- the account's `reward_pot_movements` of the kind `returned`, `.paid` that of its
-- `reward_withdrawals`. `reward_totals.accrued`, `.returned`, `.owed` and `.paid` are the sums over
-- `rewards`, `.budgets` and `.pots` those of `balance` over `reward_budgets` and `reward_pots`.
with booked as (
    select owner as account, amount as accrued, 0 as returned, 0 as paid from reward_accruals
    union all select sponsor, 0, amount, 0 from reward_pot_movements where kind = 'returned'
    union all select owner, 0, 0, amount from reward_withdrawals
), summed as (
    select account, sum(accrued) as accrued, sum(returned) as returned, sum(paid) as paid
    from booked group by account
)
select concat('the rewards of ', encode(coalesce(r.account, s.account), 'hex'))
from rewards r full join summed s on s.account = r.account
where (r.accrued, r.returned, r.paid) is distinct from (s.accrued, s.returned, s.paid)
union all
select 'the totals are not the sums over accounts' from reward_totals t
where (t.accrued, t.returned, t.owed, t.paid) <> (
    select
        coalesce(sum(accrued), 0), coalesce(sum(returned), 0), coalesce(sum(owed), 0),
        coalesce(sum(paid), 0)
    from rewards
)
    or t.budgets <> (select coalesce(sum(balance), 0) from reward_budgets)
    or t.pots <> (select coalesce(sum(balance), 0) from reward_pots)
