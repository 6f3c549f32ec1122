-- Who signed in, and which services may ask. Nothing here follows from the chain: it is backed up, and rebuilding
-- the mirror leaves it alone. Times are ms since 1970, by the clock of the service that writes.
--
-- Secrets are SHA-256 hashes here. They have 256 bits by chance (128 the family of a session), so that nothing
-- slower is needed, and whoever reads these tables can sign in as nobody.

create schema if not exists auth;

-- From a sign-in until the sign-out, refreshed again and again.
create table auth.sessions (
    -- What the nonce has by which it began: so a nonce counts once.
    id bytea not null
        constraint sessions_pkey primary key
        constraint sessions_id_length check (octet_length(id) = 16),
    account bytea not null
        constraint sessions_account_length check (octet_length(account) = 32),
    -- Every refresh token of the session has this in it: whoever shows it held one.
    family_hash bytea not null
        constraint sessions_family_hash_length check (octet_length(family_hash) = 32),
    -- And this has the last one alone. One of the family without it was used before.
    refresh_hash bytea not null
        constraint sessions_refresh_hash_length check (octet_length(refresh_hash) = 32),
    created_at_ms bigint not null
        constraint sessions_created_at_not_negative check (created_at_ms >= 0),
    refreshed_at_ms bigint not null,
    -- From when on it cannot be refreshed. Refreshing moves it.
    expires_at_ms bigint not null,
    -- When and why it ended before that; null: it did not.
    ended_at_ms bigint,
    ended_by text
        constraint sessions_ended_by_known check (ended_by in ('sign-out', 'reuse', 'limit')),
    constraint sessions_refreshed_after_created check (refreshed_at_ms >= created_at_ms),
    constraint sessions_ended_by_something check ((ended_at_ms is null) = (ended_by is null))
);
create index sessions_live_by_account on auth.sessions (account) where ended_at_ms is null;
-- The moment from which on a session is history.
create index sessions_by_end on auth.sessions (least(ended_at_ms, expires_at_ms));

-- What services show instead of signing in.
create table auth.api_keys (
    -- The part of the key that is no secret.
    id bytea not null
        constraint api_keys_pkey primary key
        constraint api_keys_id_length check (octet_length(id) = 8),
    secret_hash bytea not null
        constraint api_keys_secret_hash_length check (octet_length(secret_hash) = 32),
    -- On whose behalf the service asks.
    account bytea not null
        constraint api_keys_account_length check (octet_length(account) = 32),
    -- What people call it.
    name text not null
        constraint api_keys_name_length check (char_length(name) between 1 and 64),
    scopes text[] not null
        constraint api_keys_scopes_bounded check (cardinality(scopes) between 1 and 32),
    created_at_ms bigint not null
        constraint api_keys_created_at_not_negative check (created_at_ms >= 0),
    -- From when on it counts no longer.
    expires_at_ms bigint not null,
    revoked_at_ms bigint
);
create index api_keys_by_account on auth.api_keys (account, id);
create index api_keys_by_end on auth.api_keys (least(revoked_at_ms, expires_at_ms));

-- The account of credentials that count at this time, and of an API key what it is for: one row, or none. A statement
-- that reads other things can have this in it, so that who asks costs no round trip of its own.
--   $1 a session, or $2 a key and $3 the SHA-256 of its secret; the others are null; $4 now
create function auth.caller(session bytea, key bytea, secret_hash bytea, now_ms bigint)
returns table (account bytea, scopes text[])
language sql stable
as $$
    select s.account, null::text[]
    from auth.sessions s
    where s.id = $1 and s.ended_at_ms is null and s.expires_at_ms > $4
    union all
    select k.account, k.scopes
    from auth.api_keys k
    where k.id = $2 and k.secret_hash = $3 and k.revoked_at_ms is null and k.expires_at_ms > $4
$$;
