-- Who did something for an owner of which the event does not say so is the guardian whom `GuardianActed` names
-- right after it, or else the owner: so are `began_by` of `owner_epochs`, `revoked_by` of
-- `delegate_revocations`, `lifted_by` of `restrictions`, `allowed_by` of `emergency_refusals`, `answered_by` of
-- `proposals` and `requested_by` of `erasures`. `GuardianActed` stands after no other event.
with said as (
    select
        name,
        lag(name) over contract as name_before,
        -- `GuardianActed` is owner, guardian and the time.
        case when lead(name) over contract = 'GuardianActed'
            then substring(lead(data) over contract from 33 for 32) end as guardian,
        fields,
        block_number,
        event_index
    from events
    where contract_name in ('consent', 'agreements')
    window contract as (partition by contract_name, block_number order by event_index)
), acted (act, by, owner, name, block_number, event_index) as (
    select concat('epoch ', epoch, ' of ', encode(owner, 'hex'), ' began'), began_by, owner,
        'AllRevoked', block_number, event_index
    from owner_epochs
    union all
    select concat('delegate ', encode(delegate, 'hex'), ' of ', encode(owner, 'hex'), ' was removed'),
        revoked_by, owner, 'DelegateRemoved', block_number, event_index
    from delegate_revocations
    union all
    select concat('restriction ', number, ' of ', encode(owner, 'hex'), ' was lifted'), lifted_by, owner,
        'RestrictionLifted', block_number, event_index
    from restrictions where lifted_at_ms is not null
    union all
    select concat('emergencies on ', encode(owner, 'hex'), ' were allowed'), allowed_by, owner,
        'EmergenciesAllowed', block_number, event_index
    from emergency_refusals where allowed_at_ms is not null
    union all
    select concat('proposal ', id, ' was accepted'), answered_by, owner, 'ProposalAccepted',
        block_number, event_index
    from proposals where accepted_at_ms is not null
    union all
    select concat('proposal ', id, ' was declined'), answered_by, owner, 'ProposalDeclined',
        block_number, event_index
    from proposals where declined_at_ms is not null
    union all
    -- An answer changes the row afterwards.
    select concat('erasure ', r.id, ' was asked for'), r.requested_by, r.owner, 'ErasureRequested',
        s.block_number, s.event_index
    from erasures r join said s on (s.fields ->> 'erasure')::numeric = r.id
    where s.name = 'ErasureRequested'
)
select concat(a.act, ' by ', encode(a.by, 'hex'))
from acted a left join said s
    on s.name = a.name and s.block_number = a.block_number and s.event_index = a.event_index
where a.by is distinct from coalesce(s.guardian, a.owner) or s.name is null
union all
select concat('the event at ', block_number, '-', event_index, ' tells who did nothing') from said
where name = 'GuardianActed' and coalesce(name_before, '') not in (
    'AllRevoked', 'LinkErased', 'RestrictionLifted', 'EmergenciesAllowed', 'DelegateRemoved',
    'ProposalAccepted', 'ProposalDeclined', 'ErasureRequested'
)
