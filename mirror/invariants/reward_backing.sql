-- The token balance of the rewards contract in `token_balances` is at least what is in budgets and in
-- pots and what is owed, as `reward_totals` says; the rest was sent to it by mistake.
select concat('the rewards contract holds ', coalesce(b.balance, 0), ' for ',
    t.budgets + t.pots + t.owed)
from reward_totals t
    left join contracts c on c.name = 'rewards'
    left join token_balances b on b.account = c.address
where coalesce(b.balance, 0) < t.budgets + t.pots + t.owed
