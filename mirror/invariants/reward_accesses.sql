-- Every `reward_accruals.access` is a permit in `access_log` with the same owner and purpose.
-- Within a block the accrual may come first: the sub-call emits before its caller does.
select concat('access ', r.access, ' has a reward but no permit') from reward_accruals r
where not exists (
    select from access_log a
    where a.access = r.access and a.permitted and a.owner = r.owner and a.purpose = r.purpose
)
