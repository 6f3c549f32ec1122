//! What an operator relies on: limits of time, what is tried again, who may write, and that a pool in
//! transaction mode is refused. On a real Postgres.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use assent_indexer::status;
use assent_indexer::store::{Store, StoreError, rebuild};
use assent_indexer_testing::participants::{registered, reinstated};
use assent_indexer_testing::{FIRST, Mirror, decoder, manifest, open, time_ms, token};
use assent_mirror::fold::Projection;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgPool};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Makes the next `times` writes of the watermark fail with an SQLSTATE.
async fn fail_with(code: &str, times: i64, pool: &PgPool) {
    let sql = format!(
        "create sequence tries;
         create function fail() returns trigger language plpgsql as $$
         begin
             if nextval('tries') <= {times} then
                 raise exception 'made to fail' using errcode = '{code}';
             end if;
             return new;
         end $$;
         create trigger fail before insert on watermark
             for each row execute function fail();"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.expect("the statement runs");
}

async fn tries(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select last_value from tries").fetch_one(pool).await.expect("it counts")
}

#[sqlx::test(migrations = false)]
async fn a_transaction_that_gave_way_to_another_is_tried_again_at_once(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    mirror.write(vec![registered(1)]).await;
    fail_with("40001", 3, &mirror.pool).await;
    let written = mirror.try_write(vec![registered(2)]).await.unwrap();
    assert_eq!((written.events, tries(&mirror.pool).await), (1, 4));
    assert_eq!(mirror.rows("select count(*)::text from participants").await, ["2"]);
    assert_eq!(mirror.rows("select count(*)::text from events").await, ["2"]);
}

#[sqlx::test(migrations = false)]
async fn one_that_gives_way_each_time_is_left_to_a_new_connection(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    fail_with("40P01", i64::MAX, &mirror.pool).await;
    let error = mirror.try_write(vec![registered(1)]).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert_eq!(tries(&mirror.pool).await, 6);
}

#[sqlx::test(migrations = false)]
async fn other_failures_are_not_tried_on_the_same_connection(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    for (code, is_transient) in
        [("57014", true), ("25P03", true), ("08P01", false), ("42501", false)]
    {
        sqlx::raw_sql("drop sequence if exists tries; drop function if exists fail cascade")
            .execute(&mirror.pool)
            .await
            .unwrap();
        fail_with(code, 1, &mirror.pool).await;
        let error = mirror.try_write(vec![registered(1)]).await.unwrap_err();
        assert_eq!(error.is_transient(), is_transient, "{code}: {error}");
        assert_eq!(matches!(error, StoreError::NoSession { .. }), code == "08P01", "{error}");
        assert_eq!(tries(&mirror.pool).await, 1, "{code}");
    }
    mirror.write(vec![registered(1)]).await;
}

#[sqlx::test(migrations = false)]
async fn a_migration_may_take_as_long_as_it_takes_and_a_write_may_not(pool: PgPool) {
    sqlx::raw_sql(
        "create table limits (at_creation text);
         create function note_limit() returns event_trigger language plpgsql as $$
         begin insert into limits values (current_setting('statement_timeout')); end $$;
         create event trigger note_limit on ddl_command_start when tag in ('CREATE TABLE')
             execute function note_limit();",
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut mirror = Mirror::new(pool).await;
    let limits = "select distinct at_creation from limits order by 1";
    assert_eq!(mirror.rows(limits).await, ["0"]);
    // The first block makes the partitions that hold it.
    mirror.write(vec![registered(1)]).await;
    assert_eq!(mirror.rows(limits).await, ["0", "30s"]);
}

#[sqlx::test(migrations = false)]
async fn a_server_that_does_not_answer_is_not_waited_for_for_ever(pool: PgPool) {
    // Takes connections, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = silent.local_addr().unwrap().port();
    let options = (*pool.connect_options()).clone().host("127.0.0.1").port(port);
    let manifest = manifest();
    let (opened, read, rebuilt) = tokio::join!(
        Store::open(&options, &manifest, decoder(), &|_| {}),
        status::read(&options),
        rebuild(&options, Projection::Consent),
    );
    for error in [opened.err().unwrap(), read.unwrap_err(), rebuilt.unwrap_err()] {
        assert!(matches!(error, StoreError::Timeout(10)), "{error}");
        assert!(error.is_transient());
    }
}

#[sqlx::test(migrations = false)]
async fn it_says_how_far_everything_is_before_it_writes_and_after(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    assert_eq!(mirror.store.prepare().await.unwrap().block, None);
    mirror.write(vec![registered(1)]).await;
    // Somebody is reinstated who was never there.
    let written = mirror.try_write(vec![reinstated(0x77, 2)]).await.unwrap();
    assert_eq!(written.stopped.len(), 1);
    let after = mirror.store.stands();
    mirror.reopen().await;
    assert_eq!(mirror.store.stands().projections, [], "nothing was read yet");
    let stands = mirror.store.prepare().await.unwrap();
    assert_eq!(stands, after);
    assert_eq!(stands.block, Some((FIRST + 1, time_ms(FIRST + 1))));
    assert_eq!(stands.projections.len(), Projection::ALL.len());
    for stand in stands.projections {
        let stopped = stand.projection == Projection::Participants;
        let expected = if stopped { FIRST } else { FIRST + 1 };
        assert_eq!((stand.stopped, stand.block), (stopped, expected), "{stand:?}");
    }
}

/// The statements of the README that make the roles, for the database of a test and roles of its own.
fn roles(database: &str, writer: &str, reader: &str) -> String {
    let readme = include_str!("../../README.md");
    let (_, from) = readme.split_once("```text\n").expect("the README has them");
    let (sql, _) = from.split_once("```").expect("the block ends");
    sql.replace("database assent ", &format!("database \"{database}\" "))
        .replace("assent_writer", writer)
        .replace("assent_reader", reader)
}

#[sqlx::test(migrations = false)]
async fn a_reader_reads_every_table_also_after_a_rebuild_and_writes_none(pool: PgPool) {
    let database: String =
        sqlx::query_scalar("select current_database()").fetch_one(&pool).await.unwrap();
    // Roles are of the whole server, and their names are short and small.
    let name: String = database.chars().filter(char::is_ascii_alphanumeric).take(50).collect();
    let name = name.to_lowercase();
    let (writer, reader) = (format!("{name}_writer"), format!("{name}_reader"));
    let sql = roles(&database, &writer, &reader);
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
    let options = (*pool.connect_options()).clone();
    let as_writer = options.clone().username(&writer);
    let mut store = Store::open(&as_writer, &manifest(), decoder(), &|_| {}).await.unwrap();
    let events = [vec![registered(1)], token::minted(1, 10, 7).to_vec()].concat();
    store.write(&[assent_indexer_testing::block(FIRST, events)]).await.unwrap();
    for projection in [Projection::Consent, Projection::Token] {
        rebuild(&as_writer, projection).await.unwrap();
    }

    let mut db = options.username(&reader).connect().await.unwrap();
    // What the role is set to is no more than a courtesy: its rights are what counts.
    sqlx::query("set default_transaction_read_only = off").execute(&mut db).await.unwrap();
    let relations: Vec<(String, bool)> = sqlx::query_as(
        "select relname::text, relkind = 'v' from pg_class where relnamespace = 'public'::regnamespace \
         and relkind in ('r', 'p', 'v') and relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    assert!(relations.len() > 50, "{relations:?}");
    for (relation, is_view) in &relations {
        let sql = format!("select count(*) from public.\"{relation}\"");
        let read: Result<i64, _> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut db).await;
        read.unwrap_or_else(|error| panic!("{relation}: {error}"));
        if *is_view {
            continue;
        }
        let sql = format!("delete from public.\"{relation}\"");
        let refused = sqlx::query(AssertSqlSafe(sql)).execute(&mut db).await.unwrap_err();
        let code = refused.as_database_error().and_then(|error| error.code());
        assert_eq!(code.as_deref(), Some("42501"), "{relation}: {refused}");
    }
    let balances: i64 =
        sqlx::query_scalar("select count(*) from token_balances").fetch_one(&mut db).await.unwrap();
    assert_eq!(balances, 1, "it reads the rebuilt rows");
    let refused = sqlx::query("create table mine ()").execute(&mut db).await.unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");

    // Roles outlive the database.
    store.close().await.unwrap();
    drop(db);
    for statement in ["drop owned by", "drop role"] {
        for role in [&reader, &writer] {
            let sql = format!("{statement} {role}");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&pool).await.unwrap();
        }
    }
}

#[sqlx::test(migrations = false)]
async fn a_pool_in_transaction_mode_is_refused_and_the_fix_is_named(pool: PgPool) {
    let server = pool.connect_options();
    let address = transaction_pool(&server).await.unwrap();
    let pooled = (*server).clone().host("127.0.0.1").port(address.port());
    // It serves: who does not ask for a session does not notice.
    let mut db = pooled.clone().extra_float_digits(None).connect().await.unwrap();
    let row = sqlx::raw_sql("select 1 as one").fetch_one(&mut db).await.unwrap();
    assert_eq!(sqlx::Row::get::<i32, _>(&row, "one"), 1);

    let opened = Store::open(&pooled, &manifest(), decoder(), &|_| {}).await;
    let rebuilt = rebuild(&pooled, Projection::Consent).await;
    for error in [opened.err().unwrap(), rebuilt.unwrap_err()] {
        assert!(matches!(error, StoreError::NoSession { .. }), "{error}");
        assert!(!error.is_transient());
        let text = error.to_string();
        assert!(text.contains("pool in transaction mode"), "{text}");
        assert!(text.contains("--database-url"), "{text}");
    }
    // To read, a pool of either mode will do, and none hands on a parameter that it does not know.
    assert!(pooled.connect().await.is_err());
    let read = status::read(&pooled).await;
    assert!(matches!(read, Err(StoreError::NothingIndexed)), "{read:?}");
    let tables = "select count(*) from pg_class where relnamespace = 'public'::regnamespace";
    let tables: i64 = sqlx::query_scalar(tables).fetch_one(&pool).await.unwrap();
    assert_eq!(tables, 0, "nothing was changed");
    // The server itself is what it asks for.
    open(&pool).await.unwrap();
}

/// Serves any number of clients by one session of the server: whoever begins a transaction has it until
/// that ends.
async fn transaction_pool(options: &PgConnectOptions) -> io::Result<SocketAddr> {
    let mut server = TcpStream::connect((options.get_host(), options.get_port())).await?;
    let mut startup = 196_608_i32.to_be_bytes().to_vec();
    let database = options.get_database().unwrap_or_default();
    for text in ["user", options.get_username(), "database", database, ""] {
        startup.extend(text.as_bytes());
        startup.push(0);
    }
    let length = i32::try_from(startup.len() + 4).map_err(io::Error::other)?;
    server.write_all(&[&length.to_be_bytes()[..], &startup].concat()).await?;
    let greeting = Arc::new(answer(&mut server).await?.0);
    let server = Arc::new(Mutex::new(server));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, server.clone(), greeting.clone()));
        }
    });
    Ok(address)
}

async fn serve(
    mut client: TcpStream,
    server: Arc<Mutex<TcpStream>>,
    greeting: Arc<Vec<u8>>,
) -> io::Result<()> {
    const ASKS_FOR_TLS: [u8; 4] = 80_877_103_i32.to_be_bytes();
    let startup = loop {
        let body = body(&mut client).await?;
        if !body.starts_with(&ASKS_FOR_TLS) {
            break body;
        }
        client.write_all(b"N").await?;
    };
    if String::from_utf8_lossy(&startup).contains("extra_float_digits") {
        let refusal = b"SFATAL\0C08P01\0Munsupported startup parameter: extra_float_digits\0\0";
        let length = i32::try_from(refusal.len() + 4).map_err(io::Error::other)?;
        return client.write_all(&[b"E", &length.to_be_bytes()[..], refusal].concat()).await;
    }
    client.write_all(&greeting).await?;
    let mut lent: Option<OwnedMutexGuard<TcpStream>> = None;
    loop {
        let message = message(&mut client).await.unwrap_or_else(|_| b"X".to_vec());
        if message.first() == Some(&b'X') {
            // What the client had begun is over.
            if let Some(mut held) = lent {
                held.write_all(b"Q\0\0\0\x0drollback\0").await?;
                answer(&mut held).await?;
            }
            return Ok(());
        }
        let mut held = match lent.take() {
            Some(held) => held,
            None => server.clone().lock_owned().await,
        };
        held.write_all(&message).await?;
        // A query, or the end of a batch of messages.
        let answered = matches!(message.first(), Some(b'Q' | b'S'));
        let mut idle = false;
        if answered {
            let (bytes, status) = answer(&mut held).await?;
            client.write_all(&bytes).await?;
            idle = status == b'I';
        }
        if !idle {
            lent = Some(held);
        }
    }
}

/// All messages until the server is ready, and whether it is in a transaction.
async fn answer(server: &mut TcpStream) -> io::Result<(Vec<u8>, u8)> {
    let mut bytes = Vec::new();
    loop {
        let message = message(server).await?;
        bytes.extend(&message);
        if message.first() == Some(&b'Z') {
            return Ok((bytes, message.last().copied().unwrap_or_default()));
        }
    }
}

async fn message(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let tag = from.read_u8().await?;
    let body = body(from).await?;
    let length = u32::try_from(body.len() + 4).map_err(io::Error::other)?;
    Ok([&[tag][..], &length.to_be_bytes(), &body].concat())
}

/// What follows a length, which counts itself.
async fn body(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = usize::try_from(from.read_u32().await?).map_err(io::Error::other)?;
    let mut body = vec![0; length.saturating_sub(4)];
    from.read_exact(&mut body).await?;
    Ok(body)
}
