-- Every row of `reward_accruals` and of `reward_unfunded` is of another entry in `access_log`, of the
-- same owner, requester and purpose. Of an accrual, and of an access that need not be paid, it is a
-- permit by a grant, never one in an emergency window; of one that is `required` it is a refusal as
-- `Unfunded`, and each such refusal has its row. Within a block rewards come first: they are asked
-- before the entry is made. For how long an owner earns nothing more from the same requester for the
-- same purpose is the contract's to know.
select concat('access ', r.access, ' has a reward but no permit by a grant') from (
    select access, owner, requester, purpose from reward_accruals
    union all select access, owner, requester, purpose from reward_unfunded where not required
) as r
where not exists (
    select from access_log a
    where a.access = r.access and a.owner = r.owner and a.requester = r.requester
        and a.purpose = r.purpose and a.permitted and a.grant_id is not null
)
union all
select concat('access ', coalesce(r.access, a.access), ' is refused as unfunded on one side alone')
from (select * from reward_unfunded where required) as r
    full join (select * from access_log where deny_reason = 'Unfunded') as a
    on a.access = r.access and a.owner = r.owner and a.requester = r.requester
        and a.purpose = r.purpose
where r.access is null or a.access is null
union all
select concat('access ', r.access, ' was paid and not paid')
from reward_accruals r join reward_unfunded u on u.access = r.access
