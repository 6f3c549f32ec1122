-- `participants`: an account is there once it is registered. Its roles are those given last and none once it
-- left; suspended is what suspensions named and reinstatements did not, whatever it holds; `profile` is the
-- last that it named, `confirmed` the last that a regulator checked; `guardianship` counts the events that
-- say that one of its guardianships began; `key` is the last that replaced another of its keys. That it is
-- approved only when it holds no role, that a role is suspended once and reinstated once, and that the
-- profile that is checked is the one on record, is left to the writer.
with said as (
    -- Each of these events begins with the account. Roles are a u16 after it, and what an approval
    -- checked is behind them; other profiles are right after the account.
    select
        substring(data from 1 for 32) as account,
        name,
        case
            when name in ('Approved', 'RolesSet', 'Suspended', 'Reinstated')
                then get_byte(data, 32) + 256 * get_byte(data, 33)
            when name = 'Left' then 0
        end as roles,
        case
            when name = 'Approved' then substring(data from 35 for 32)
            when name in ('Registered', 'ProfileUpdated', 'ProfileConfirmed')
                then substring(data from 33 for 32)
        end as profile,
        -- After the subject and the key before it.
        case when name = 'KeyReplaced' then substring(data from 65 for 32) end as key,
        block_number,
        event_index
    from events
    where contract_name = 'participants' and name in (
        'Registered', 'ProfileUpdated', 'Approved', 'ProfileConfirmed', 'RolesSet', 'Suspended',
        'Reinstated', 'Left', 'GuardiansChanged', 'KeyReplaced'
    )
), summed as (
    select
        account,
        coalesce((array_agg(roles order by block_number desc, event_index desc)
            filter (where name in ('Approved', 'RolesSet', 'Left')))[1], 0) as roles,
        coalesce(sum(roles) filter (where name = 'Suspended'), 0)
            - coalesce(sum(roles) filter (where name = 'Reinstated'), 0) as suspended,
        (array_agg(profile order by block_number desc, event_index desc)
            filter (where name in ('Registered', 'ProfileUpdated')))[1] as profile,
        (array_agg(profile order by block_number desc, event_index desc)
            filter (where name in ('Approved', 'ProfileConfirmed')))[1] as confirmed,
        count(*) filter (where name = 'GuardiansChanged') as guardianship,
        (array_agg(key order by block_number desc, event_index desc)
            filter (where name = 'KeyReplaced'))[1] as key
    from said
    group by account
)
select concat('participant ', encode(coalesce(p.account, s.account), 'hex'))
from participants p full join summed s on s.account = p.account
where (p.account, p.roles, p.suspended, p.profile, p.confirmed, p.guardianship, p.key)
    is distinct from (s.account, s.roles, s.suspended, s.profile, s.confirmed, s.guardianship, s.key)
