-- Who read whose data: one row for each subject of an answer, written before the answer is given. It is kept for years, so
-- that a subject can ask who looked. Who asks the same once more while the block is the same leaves no second row:
-- nobody can fill the table by it.
create table auth.reads (
    id bigint generated always as identity
        constraint reads_pkey primary key,
    -- By the clock of the service.
    at_ms bigint not null
        constraint reads_at_not_negative check (at_ms >= 0),
    -- Whose data.
    subject bytea not null
        constraint reads_subject_length check (octet_length(subject) = 32),
    -- The key that asked, and the account as which it acted then.
    reader bytea not null
        constraint reads_reader_length check (octet_length(reader) = 32),
    reader_as bytea not null
        constraint reads_reader_as_length check (octet_length(reader_as) = 32),
    -- The API key by which it asked; null: it had signed in.
    api_key bytea
        constraint reads_api_key_length check (octet_length(api_key) = 8),
    -- What was asked: the route, with names for what stands in its path.
    route text not null
        constraint reads_route_length check (char_length(route) between 1 and 200),
    -- The block whose state was read.
    block_number bigint not null
        constraint reads_block_not_negative check (block_number >= 0)
);
create unique index reads_once
    on auth.reads (subject, reader, reader_as, route, block_number, coalesce(api_key, ''));
create index reads_by_subject on auth.reads (subject, id);
create index reads_by_reader on auth.reads (reader_as, id);
create index reads_by_time on auth.reads (at_ms);
