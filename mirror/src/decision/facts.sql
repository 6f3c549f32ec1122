-- What a decision on an access rests on, in one row: `assent_mirror::decision::Facts`.
--
-- Parameters: $1 the owner, $2 the requester, $3 the key that asks, which is the requester's account unless one
-- of its staff or a successor key asks, all bytea; $4 the grant that a request names, bigint, or null.
--
-- Columns: those of `Facts`, numbers as bigint. `denials` and `grants` are JSON lists of objects, and
-- `restriction` is one or null, with the fields of their types; a grant's `record` is in hexadecimal digits,
-- and null also when `link_erased`, which stands beside it. Masks and times are JSON numbers below 2^64.
-- There is no row before the first block.
--
-- The moment is the time of the last block, and all of it is as of that block: whoever asks has to look whether
-- the projections consent, participants or governance stand still.
--
-- Every table is reached by a key.
--
-- The latest of a pair is the last entry up to the pair's end, in the order of the index: to ask for the pair
-- and the highest number lets Postgres think of reading all numbers from the highest on.
--
-- Of one owner and one grantee at most 8 grants live. Beside them `grants_live` gives those that are used up, and
-- those that went before their time with a guardian or a delegate, until their time is over.
with asked as (
    select
        w.block_time_ms as now,
        -- As whom the key acts; one that was replaced stands for itself, and may not ask.
        coalesce(
            (
                select k.subject from participant_keys k
                where k.key = $3::bytea and k.replaced_at_ms is null
            ),
            $3::bytea
        ) as by,
        coalesce(
            (select p.guardianship from participants p where p.account = $1::bytea), 0
        ) as guardianship,
        coalesce(
            (
                select e.epoch from owner_epochs e
                where e.owner = $1::bytea
                order by e.epoch desc
                limit 1
            ),
            0
        ) as epoch
    from watermark w
)
select
    a.now,
    coalesce(
        (
            select g.paused
            from contracts c join contract_governance g on g.contract = c.address
            where c.name = 'consent'
        ),
        false
    ) as paused,
    coalesce(
        (
            select (p.roles & ~p.suspended)::bigint from participants p
            where p.account = $2::bytea
        ),
        0
    ) as requester_roles,
    coalesce(
        (
            select (p.roles & ~p.suspended)::bigint from participants p
            where p.account = $1::bytea
        ),
        0
    ) as owner_roles,
    a.guardianship,
    a.epoch,
    (
        select coalesce(json_agg(to_json(d) order by d.purpose), '[]')
        from (
            select d.purpose, bit_or(d.categories) as categories,
                bit_or(d.by_guardians) as by_guardians
            from denials d
            where d.owner = $1::bytea and d.requester in ($2::bytea, a.by, $3::bytea)
                and d.lifted_at_ms is null
            group by d.purpose
        ) d
    ) as denials,
    (
        select json_build_object(
            'purposes', r.purposes,
            'categories', r.categories,
            'by_guardian', r.restricted_by <> r.owner,
            'excepts_requester', exists (
                select from restriction_exceptions x
                where x.owner = r.owner and x.account = $2::bytea and x.restriction = r.number
            )
        )
        from restrictions r
        where r.owner = $1::bytea and r.lifted_at_ms is null
    ) as restriction,
    exists (
        select from emergency_refusals f where f.owner = $1::bytea and f.allowed_at_ms is null
    ) as refuses_emergencies,
    (
        select coalesce(
            json_agg(
                json_build_object(
                    'number', g.id,
                    'purposes', g.purposes,
                    'categories', g.categories,
                    'from', g.valid_from_ms,
                    'until', g.valid_until_ms,
                    'max_uses', g.max_uses,
                    'uses', g.uses,
                    'record', encode(g.record, 'hex'),
                    'link_erased', g.link_erased,
                    'epoch', g.epoch,
                    'guardianship', g.guardianship,
                    'revoked', g.revoked_at_ms is not null or m.recalled
                )
                order by g.id
            ),
            '[]'
        )
        from (
            -- Those that live, as far as the row itself tells.
            select l.* from grants l
            where l.owner = $1::bytea and l.grantee = $2::bytea and l.epoch = a.epoch
                and l.valid_until_ms > a.now and l.revoked_at_ms is null
                and (l.max_uses is null or l.uses < l.max_uses)
                and (l.guardianship is null or l.guardianship = a.guardianship)
            union
            -- The latest.
            select l.* from (
                select g.* from grants g
                where (g.owner, g.grantee, g.id) <= ($1::bytea, $2::bytea, 9223372036854775807)
                order by g.owner desc, g.grantee desc, g.id desc
                limit 1
            ) l
            where l.owner = $1::bytea and l.grantee = $2::bytea
            union
            -- The one that is named.
            select l.* from grants l
            where l.id = $4::bigint and l.owner = $1::bytea and l.grantee = $2::bytea
        ) g
        cross join lateral (
            -- With all that the delegate gave who gave it; what he gave as a guardian is none of it.
            select g.guardianship is null and exists (
                select from delegations d
                where d.owner = g.owner and d.delegate = g.granted_by and d.revoked_up_to >= g.id
            ) as recalled
        ) m
    ) as grants,
    (
        -- Only the latest can be open: there is no second one before it ends.
        select case
            when l.closed_at_ms is null and l.opened_at_ms <= a.now and a.now < l.until_ms then l.id
        end
        from (
            select e.* from emergency_windows e
            where (e.patient, e.provider, e.id) <= ($1::bytea, $2::bytea, 9223372036854775807)
            order by e.patient desc, e.provider desc, e.id desc
            limit 1
        ) l
        where l.patient = $1::bytea and l.provider = $2::bytea
    ) as "window"
from asked a
