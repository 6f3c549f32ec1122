-- `delegate_revocations` has, for each owner and delegate, every removal that revoked grants which the
-- delegate had given, as an event says it, at the time of its block: `revoked_up_to` is the highest number
-- of a grant that was given before it, and `revoked_after` that of the removal before it, 0 for the
-- first. `delegations.revoked_up_to` is the last one. A grant of that delegate up to it, which he did not give
-- as a guardian, does not change afterwards, but for a link to a record that is forgotten.
with said as (
    -- `DelegateRemoved` begins with owner and delegate.
    select
        substring(e.data from 1 for 32) as owner,
        substring(e.data from 33 for 32) as delegate,
        (e.fields ->> 'revoked_up_to')::numeric as revoked_up_to,
        lag((e.fields ->> 'revoked_up_to')::numeric, 1, 0::numeric) over (
            partition by substring(e.data from 1 for 64) order by e.block_number, e.event_index
        ) as revoked_after,
        b.time_ms as revoked_at_ms,
        e.block_number,
        e.event_index
    from events e join blocks b on b.number = e.block_number
    where e.contract_name = 'consent' and e.name = 'DelegateRemoved'
        and e.fields ->> 'revoked_up_to' is not null
)
select concat('what ', encode(coalesce(d.delegate, s.delegate), 'hex'), ' gave for ',
    encode(coalesce(d.owner, s.owner), 'hex'), ' is revoked up to ', d.revoked_up_to)
from delegate_revocations d full join (
    -- One after which no grant was given revokes nothing more.
    select * from said where revoked_up_to > revoked_after
) as s on s.owner = d.owner and s.delegate = d.delegate and s.revoked_up_to = d.revoked_up_to
where (d.revoked_after, d.revoked_at_ms, d.block_number, d.event_index)
    is distinct from (s.revoked_after, s.revoked_at_ms, s.block_number, s.event_index)
union all
select concat('the removal of ', encode(s.delegate, 'hex'), ' names grant ', s.revoked_up_to)
from said s
where s.revoked_up_to <> (
    select coalesce(max((e.fields ->> 'grant')::numeric), 0) from events e
    where e.contract_name = 'consent' and e.name = 'Granted'
        and (e.block_number, e.event_index) < (s.block_number, s.event_index)
)
union all
select concat('the delegation to ', encode(d.delegate, 'hex'), ' has revoked up to ', d.revoked_up_to)
from delegations d
where d.revoked_up_to is distinct from (
    select max(s.revoked_up_to) from said s where s.owner = d.owner and s.delegate = d.delegate
)
union all
select concat('grant ', g.id, ' changed after its delegate was removed')
from delegate_revocations d
    join grants g on g.owner = d.owner and g.granted_by = d.delegate and g.guardianship is null
        and g.id > d.revoked_after and g.id <= d.revoked_up_to
where not g.link_erased
    and (d.block_number, d.event_index) < (g.block_number, g.event_index)
