-- `amount` of `reward_accruals` and of `reward_unfunded`, and there `required`, are those of the tariff
-- that held for the purpose at that moment.
with rewarded as (
    select access, purpose, amount, null::boolean as required, block_number, event_index
    from reward_accruals
    union all select access, purpose, amount, required, block_number, event_index
    from reward_unfunded
)
select concat('access ', r.access, ' has the tariff ', r.amount)
from rewarded r join blocks b on b.number = r.block_number
where not exists (
    select from (
        -- One that another replaced while it still waited never held.
        select s.fields from events s
        where s.contract_name = 'rewards' and s.name = 'TariffSet'
            and (s.fields ->> 'purpose')::numeric = r.purpose
            and (s.block_number, s.event_index) < (r.block_number, r.event_index)
            and (s.fields ->> 'from')::numeric <= b.time_ms
            and not exists (
                select from events n join blocks t on t.number = n.block_number
                where n.contract_name = 'rewards' and n.name = 'TariffSet'
                    and (n.fields ->> 'purpose')::numeric = r.purpose
                    and (n.block_number, n.event_index) > (s.block_number, s.event_index)
                    and (n.block_number, n.event_index) < (r.block_number, r.event_index)
                    and t.time_ms < (s.fields ->> 'from')::numeric
            )
        order by s.block_number desc, s.event_index desc limit 1
    ) as held
    where (held.fields ->> 'amount')::numeric = r.amount
        and (r.required is null or (held.fields ->> 'required')::boolean = r.required)
)
