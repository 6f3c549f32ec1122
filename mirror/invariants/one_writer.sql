-- Only the holder of the advisory lock 0x617373656e74 writes: no other session is in a transaction
-- that has changed something of the mirror, apart from the one that asks.
select concat('session ', a.pid, ' writes without the lock')
from pg_stat_activity a
where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_xid is not null
    -- An autovacuum is no writer.
    and a.backend_type = 'client backend'
    -- What is in other schemas is not the mirror: the API keeps who signed in in one.
    and exists (
        select from pg_locks w join pg_class c on c.oid = w.relation
        where w.pid = a.pid and w.granted
            and w.mode in (
                'RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'
            )
            and c.relnamespace = current_schema()::regnamespace
    )
    and not exists (
        select from pg_locks l
        where l.pid = a.pid and l.locktype = 'advisory' and l.granted
            -- The two halves of the key.
            and l.classid = 24947 and l.objid = 1936027252 and l.objsubid = 1
    )
