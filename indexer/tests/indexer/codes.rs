//! Contracts that nobody registered, and the codes that contracts run: what they emit is kept, and decoded by
//! the code that ran then, whenever its metadata arrives.

use std::path::{Path, PathBuf};

use assent_client::bundle::Metadata;
use assent_client::{Account, EmittedEvent, Hash};
use assent_indexer::status;
use assent_indexer::store::{CodeChange, Written, register};
use assent_indexer_testing::participants::registered;
use assent_indexer_testing::{
    CONTRACTS, FIRST, Mirror, account, block_at, carbon, metadata, token,
};
use serde_json::{Value, json};
use sqlx::PgPool;
use subxt::ext::codec::Encode;

const FOREIGN: Account = Account([0x99; 32]);

/// A bundle that no manifest names.
fn twin() -> PathBuf {
    let artifacts = concat!(env!("CARGO_MANIFEST_DIR"), "/../contracts/artifacts");
    Path::new(artifacts).join("fixtures/twin.contract")
}

/// An event as another contract emits it.
fn foreign(event: EmittedEvent) -> EmittedEvent {
    EmittedEvent { contract: FOREIGN, ..event }
}

/// The twin's own `Transfer`, which has the fields of the token's and a topic of its own.
fn transfer(to: u8, value: u128) -> EmittedEvent {
    let metadata = Metadata::load(twin()).expect("the bundle is built by `make contracts`");
    let event = metadata.events().iter().find(|event| event.name == "Transfer");
    let topic = event.and_then(|event| event.signature_topic).expect("it is an event of the twin");
    let data = (None::<[u8; 32]>, Some(account(to)), value).encode();
    EmittedEvent { topics: vec![topic], data, ..foreign(registered(1)) }
}

/// Writes the next block, in which the contract runs a code from an index on.
async fn write(
    mirror: &mut Mirror,
    events: Vec<(u32, EmittedEvent)>,
    code: Option<(u32, Hash)>,
) -> Written {
    let mut block = block_at(mirror.next, events);
    let runs = |(index, code_hash)| CodeChange { index, contract: FOREIGN, code_hash };
    block.codes.extend(code.map(runs));
    let written = mirror.store.write(&[block]).await.expect("the block is written");
    mirror.next += 1;
    mirror.check().await;
    written
}

/// What is known of the events: position, name or reason.
async fn events(mirror: &Mirror) -> Vec<String> {
    const EVENTS: &str = "select concat_ws(' ', block_number || '-' || event_index, \
         coalesce(contract_name, 'nobody'), coalesce(name, decode_error)) from events \
         order by block_number, event_index";
    mirror.rows(EVENTS).await
}

#[sqlx::test(migrations = false)]
async fn what_a_contract_of_nobody_emits_is_decoded_once_its_metadata_is_registered(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let code = Metadata::load(twin()).unwrap().code_hash();
    // What its constructor emits comes before the record that it was made.
    let made = vec![(1, transfer(1, 5)), (3, registered(1))];
    let written = write(&mut mirror, made, Some((2, code))).await;
    assert_eq!((written.events, written.undecoded, written.foreign_undecoded), (2, 0, 1));
    assert_eq!(written.stopped, []);
    let status = status::read(&mirror.pool.connect_options()).await.unwrap();
    assert_eq!((status.undecoded, status.foreign_undecoded), (0, 1));
    let said = status.to_string();
    assert!(said.contains("2 events; of our contracts 0 are undecoded, of others 1\n"), "{said}");
    write(&mut mirror, vec![(1, transfer(2, 6))], None).await;
    let raw = format!(
        "nobody no metadata of its code {code} is registered; `assent-indexer register` takes it"
    );
    let before =
        [format!("5-1 {raw}"), "5-3 participants Registered".to_owned(), format!("6-1 {raw}")];
    assert_eq!(events(&mirror).await, before);

    let options = mirror.pool.connect_options();
    let (registered, decoded) = register(&options, &[twin()]).await.unwrap();
    assert_eq!((registered[0].name.as_str(), registered[0].code_hash), ("twin", code));
    assert!(registered[0].is_new);
    assert_eq!(decoded, 2);
    let after = ["5-1 nobody Transfer", "5-3 participants Registered", "6-1 nobody Transfer"];
    assert_eq!(events(&mirror).await, after);
    let fields: Value = sqlx::query_scalar("select fields from events where block_number = 6")
        .fetch_one(&mirror.pool)
        .await
        .unwrap();
    assert_eq!(fields["value"], json!("6"));
    assert_eq!(fields["from"], Value::Null);

    // The writer, which ran all the time, decodes what comes.
    let written = write(&mut mirror, vec![(1, transfer(3, 7))], None).await;
    let undecoded = written.undecoded + written.foreign_undecoded;
    assert_eq!((written.events, undecoded), (1, 0));
    let (again, decoded) = register(&options, &[twin()]).await.unwrap();
    assert!(!again[0].is_new, "it is said when there was nothing to do");
    assert_eq!(decoded, 0);
    mirror.check().await;
}

#[sqlx::test(migrations = false)]
async fn what_a_contract_emits_is_decoded_by_the_code_that_it_ran_then(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let [first, second] = ["token", "carbon"].map(|name| metadata(name).code_hash());
    let [old, new] = [token::frozen(1, 2), carbon::sealed(1)].map(foreign);
    write(&mut mirror, vec![(1, old.clone()), (3, new.clone())], Some((0, first))).await;
    // Its code is replaced at 2: what the same call emits after it is still of the old code.
    let call = vec![(1, old.clone()), (3, old.clone()), (4, new.clone())];
    write(&mut mirror, call, Some((2, second))).await;
    write(&mut mirror, vec![(1, new), (2, old)], None).await;
    let known: Vec<String> = events(&mirror).await;
    let [f, s] = ["nobody AccountFrozen", "nobody BatchSealed"];
    assert_eq!(known[0], format!("5-1 {f}"));
    assert!(known[1].starts_with("5-3 nobody no event of `token` has"), "{}", known[1]);
    let changed = [format!("6-1 {f}"), format!("6-3 {f}"), format!("6-4 {s}"), format!("7-1 {s}")];
    assert_eq!(known[2..6], changed);
    assert!(known[6].starts_with("7-2 nobody no event of `carbon` has"), "{}", known[6]);
    // Nothing of it is taken for what our contracts emit.
    assert_eq!(mirror.rows("select count(*)::text from token_balances").await, ["0"]);
}

/// Metadata as ink! writes it, of a code with this hash, whose event holds a text.
fn noting(code: u8) -> Value {
    json!({
        "source": { "hash": format!("0x{}", const_hex::encode([code; 32])) },
        "contract": { "name": "noting" },
        "spec": {
            "constructors": [],
            "messages": [],
            "events": [{
                "label": "Noted",
                "signature_topic": format!("0x{}", const_hex::encode([0x4e; 32])),
                "args": [{ "label": "text", "indexed": false, "type": { "type": 0 } }]
            }]
        },
        "types": [{ "id": 0, "type": { "def": { "primitive": "str" } } }],
        "version": 5
    })
}

fn file(folder: &Path, metadata: &Value) -> PathBuf {
    let file = folder.join("noting.json");
    std::fs::write(&file, metadata.to_string()).expect("the folder is there");
    file
}

#[sqlx::test(migrations = false)]
async fn a_text_with_the_character_nul_is_kept_as_it_is(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let mut mirror = Mirror::new(pool).await;
    let noted = |text: &str| {
        let data = text.encode();
        EmittedEvent { topics: vec![[0x4e; 32]], data, ..foreign(registered(1)) }
    };
    let text = "a\0b\\u0000\u{1f600}\"";
    write(&mut mirror, vec![(1, noted(text))], Some((0, Hash([7; 32])))).await;
    register(&mirror.pool.connect_options(), &[file(folder.path(), &noting(7))]).await.unwrap();
    write(&mut mirror, vec![(1, noted(text)), (2, noted("\0"))], None).await;
    assert_eq!(events(&mirror).await, ["5-1", "6-1", "6-2"].map(|at| format!("{at} nobody Noted")));
    let fields: Vec<Value> = sqlx::query_scalar("select fields from events order by 1::text")
        .fetch_all(&mirror.pool)
        .await
        .unwrap();
    let found: Vec<&str> = fields.iter().map(|fields| fields["text"].as_str().unwrap()).collect();
    assert_eq!(found, [text, text, "\0"]);
}

#[sqlx::test(migrations = false)]
async fn metadata_that_came_before_a_kill_decodes_at_the_next_start(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let twin = Metadata::load(twin()).unwrap();
    write(&mut mirror, vec![(1, transfer(1, 5))], Some((0, twin.code_hash()))).await;
    sqlx::query("insert into codes (code_hash, name, metadata) values ($1, 'twin', $2::json)")
        .bind(twin.code_hash().as_bytes())
        .bind(twin.to_json().to_string())
        .execute(&mirror.pool)
        .await
        .unwrap();
    assert!(events(&mirror).await[0].contains("no metadata"));
    mirror.reopen().await;
    mirror.store.prepare().await.unwrap();
    assert_eq!(events(&mirror).await, ["5-1 nobody Transfer"]);
}

#[sqlx::test(migrations = false)]
async fn metadata_that_cannot_be_used_changes_nothing_and_the_reason_names_the_file(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let options = pool.connect_options();
    let none = register(&options, &[twin()]).await.unwrap_err();
    assert!(none.to_string().contains("nothing is indexed yet"), "{none}");

    let mirror = Mirror::new(pool).await;
    let known = "select name from codes order by name";
    let before = mirror.rows(known).await;
    assert_eq!(before.len(), CONTRACTS.len(), "those of the manifest: {before:?}");
    let refusal =
        async |files: &[PathBuf]| register(&options, files).await.unwrap_err().to_string();

    let absent = folder.path().join("absent.json");
    assert!(refusal(&[twin(), absent]).await.contains("absent.json"));
    let mut named = noting(7);
    named["spec"]["events"][0]["label"] = json!("No\0ted");
    let reason = refusal(&[file(folder.path(), &named)]).await;
    assert!(reason.contains("noting.json") && reason.contains("spec.events.label"), "{reason}");
    let mut short = noting(7);
    short["source"]["hash"] = json!("0x07");
    let reason = refusal(&[file(folder.path(), &short)]).await;
    assert!(reason.contains("source.hash"), "{reason}");
    // Other metadata of a code that is known, with a file before it that would be taken.
    let mut other = noting(7);
    other["source"]["hash"] = json!(metadata("token").code_hash());
    let reason = refusal(&[twin(), file(folder.path(), &other)]).await;
    assert!(reason.contains("other metadata of the code 0x"), "{reason}");
    assert_eq!(mirror.rows(known).await, before);
}

#[sqlx::test(migrations = false)]
async fn codes_of_contracts_that_are_older_than_the_mirror_are_known(pool: PgPool) {
    let mut mirror = Mirror::new(pool).await;
    let code = metadata("token").code_hash();
    for _ in 0..2 {
        // A start that was killed before the first block is no obstacle.
        mirror.store.write_codes_before(&[(FOREIGN, code)]).await.unwrap();
    }
    write(&mut mirror, vec![(1, foreign(token::frozen(1, 2)))], None).await;
    assert_eq!(events(&mirror).await, ["5-1 nobody AccountFrozen"]);
    assert_eq!(FIRST, 5);
}
