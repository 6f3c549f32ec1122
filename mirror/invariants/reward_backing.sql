-- The token balance of the rewards contract in `token_balances` is at least `reward_totals.owed +
-- reward_totals.unspent`; the rest was sent to it by mistake.
select concat('the rewards contract holds ', coalesce(b.balance, 0), ' for ', t.owed + t.unspent)
from reward_totals t
    left join contracts c on c.name = 'rewards'
    left join token_balances b on b.account = c.address
where coalesce(b.balance, 0) < t.owed + t.unspent
