//! A node that does not send what it is asked for: the indexer asks for less, or says what to set.

use anyhow::{Context, Result, ensure};
use assent_client::{bundle::blake2_256, chain::Chain, contract::contract_address};
use assent_e2e::{
    bench::{
        bare::{Reader, Values},
        database::Database,
        dense::{Dense, MEMBERS},
        indexer::Indexer,
        kept::NEVER,
        sealer::{Call, Sealer},
    },
    faults::tables::compare,
    indexer::{self, Places},
    messages::{Terms, category, only, purpose},
    node::Node,
    postgres::Postgres,
    scene::{account, in_a_month, regulator},
    stack::deploy,
};
use assent_interface::{MAX_BATCH, consent, token};
use jsonrpsee::{core::client::ClientT, rpc_params, ws_client::WsClientBuilder};
use parity_scale_codec::Encode;
use std::{path::Path, time::Duration};

/// How long an indexer may take for the blocks here.
const PATIENCE: Duration = Duration::from_secs(60);
/// Blocks with all the grants that one message takes: together far more than the node sends at once.
const LARGE: u64 = 128;
/// Bytes of an event, which is the most that a contract may emit at once, and how many of them fill a block.
const LARGEST_EVENT: i32 = 16 * 1024;
const EVENTS: u32 = 1_200;
/// What a call may use at most, which is nearly what a block has room for.
const ALL_GAS: (u128, u128) = (1_250_000_000_000, 100_000_000);

/// Starts a node on the chain in a folder, which seals what it is sent and an empty block at the start.
async fn node(folder: &Path, more: &[&str]) -> Result<Node> {
    // The line that says that it is ready must be its own.
    std::fs::remove_file(folder.join("node.log")).ok();
    Node::start_with(folder, NEVER, more).await
}

/// Waits until the indexer has written a block.
async fn written(indexer: &mut Indexer, database: &mut Database, height: u64) -> Result<()> {
    indexer::written(&mut indexer.process, &mut database.db, height, PATIENCE).await
}

/// The height up to which a node that seals nothing more is final.
async fn last_block(node: &Node, above: u64) -> Result<u64> {
    let chain = Chain::connect(&node.url).await?;
    loop {
        let (height, _) = chain.finalized().await?;
        if height > above {
            return Ok(height);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_refuses_a_batch_is_asked_for_smaller_ones_until_all_is_there() -> Result<()> {
    let (folder, postgres) = (tempfile::tempdir()?, Postgres::start().await?);
    let manifest = folder.path().join("manifest.json");
    // One MiB is the least that it can be told.
    let mut narrow = node(folder.path(), &["--rpc-max-response-size=1"]).await?;
    let chain = Chain::connect(&narrow.url).await?;
    let deployed = deploy(&chain, &manifest).await?;
    let (dense, mut sealer) = Dense::set_up(&chain, &deployed).await?;
    let member = |n: u64| dense.call(10 * n).signer;
    let until = in_a_month()?;
    for block in 0..LARGE {
        // Of one owner and one grantee no more than eight may live: half of them to each of two, others
        // every time.
        let (owner, turn) = (member(block), block / MEMBERS);
        let terms = |n: usize| Terms {
            owner: account(&owner),
            grantee: account(&member(block + 1 + 2 * turn + n as u64 % 2)),
            purposes: only(purpose::TREATMENT),
            categories: only(category::CARDIOLOGY),
            from: 0,
            until,
            max_uses: None,
            record: Some(blake2_256(&(block, n as u64).encode())),
            policy: [1; 32],
        };
        let list: Vec<Terms> = (0..MAX_BATCH).map(terms).collect();
        sealer.seal(&Call::new(&owner, "consent", consent::GRANT_BATCH, (list,))).await?;
    }
    let last = sealer.height;
    let reader = Reader::connect(&narrow.url, &chain).await?;
    reader.blocks::<Values>(last - 7..=last).await.context("a few blocks are not too many")?;
    let many = Reader::connect(&narrow.url, &chain).await?;
    let refused =
        tokio::time::timeout(PATIENCE, many.blocks::<Values>(last - LARGE + 1..=last)).await;
    ensure!(!matches!(refused, Ok(Ok(_))), "the node sends {LARGE} blocks at once");

    let mut database = Database::new(&postgres, "narrow").await?;
    let log = folder.path().join("narrow.log");
    let mut indexer = Indexer::start(&narrow.url, &database, &manifest, &log)?;
    written(&mut indexer, &mut database, last).await?;
    indexer.stop().await?;
    narrow.stop().await?;

    // The same from a node that sends all, with the block that it adds.
    let wide = node(folder.path(), &[]).await?;
    let last = last_block(&wide, last).await?;
    let mut other = Database::new(&postgres, "wide").await?;
    for (name, database) in [("narrow", &mut database), ("wide", &mut other)] {
        let log = folder.path().join(format!("{name}-again.log"));
        let mut indexer = Indexer::start(&wide.url, database, &manifest, &log)?;
        written(&mut indexer, database, last).await?;
        indexer.stop().await?;
    }
    let same = compare(&mut database.db, &mut other.db).await?;
    ensure!(same.rows as u64 > LARGE * MAX_BATCH as u64, "{same:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_limits_batches_is_sent_no_more_than_it_takes_and_one_that_takes_none_is_named()
-> Result<()> {
    let (folder, postgres) = (tempfile::tempdir()?, Postgres::start().await?);
    let manifest = folder.path().join("manifest.json");
    // One that prunes tells the extrinsics of a block only with all of it.
    const PRUNING: &str = "--state-pruning=1000";
    let mut limited = node(folder.path(), &["--rpc-max-batch-request-len=10", PRUNING]).await?;
    let methods = WsClientBuilder::new().build(&limited.url).await?;
    let methods: serde_json::Value = methods.request("rpc_methods", rpc_params![]).await?;
    ensure!(!methods.to_string().contains("archive_v1_body"), "{methods}");
    let chain = Chain::connect(&limited.url).await?;
    let deployed = deploy(&chain, &manifest).await?;
    let mut sealer = Sealer::connect(&chain, &deployed).await?;
    let boss = regulator();
    // More than a batch has; of some blocks the bodies are asked for, too.
    for _ in 0..30 {
        let mint = (account(&boss), 5u128, [1u8; 32]);
        sealer.seal(&Call::new(&boss, "token", token::MINT, mint)).await?;
    }
    let last = sealer.height;
    ensure!(last > deployed.first_block() + 30, "there is more than three batches take");
    let mut database = Database::new(&postgres, "limited").await?;
    let log = folder.path().join("limited.log");
    let mut indexer = Indexer::start(&limited.url, &database, &manifest, &log)?;
    written(&mut indexer, &mut database, last).await?;
    let said = indexer.process.output();
    ensure!(said.contains("The node takes no more requests in a batch"), "{said}");
    ensure!(said.contains("most=10"), "the limit was found: {said}");
    ensure!(!said.contains("is away"), "nothing was lost on the way: {said}");
    let places = Places {
        node: limited.url.clone(),
        database: database.url.clone(),
        manifest: manifest.clone(),
    };
    let (status, said) = places.run(&["audit", "--all"], &folder.path().join("audit.log")).await?;
    ensure!(status.success(), "{said}");
    indexer.stop().await?;
    limited.stop().await?;

    let none = node(folder.path(), &["--rpc-disable-batch-requests", PRUNING]).await?;
    let log = folder.path().join("none.log");
    let mut indexer = Indexer::start(&none.url, &database, &manifest, &log)?;
    let named = indexer.process.wait_for_line("takes no batches of requests; ", PATIENCE).await?;
    ensure!(named.contains("--rpc-disable-batch-requests"), "{named}");
    // Another node may serve some day.
    ensure!(indexer.process.is_running(), "{}", indexer.process.output());
    indexer.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_a_contract_fills_passes_unless_the_node_is_told_to_send_less_which_is_named()
-> Result<()> {
    let (folder, postgres) = (tempfile::tempdir()?, Postgres::start().await?);
    let manifest = folder.path().join("manifest.json");
    // What the SDK's nodes send unless told otherwise.
    let mut strict = node(folder.path(), &["--rpc-max-response-size=15"]).await?;
    let chain = Chain::connect(&strict.url).await?;
    let deployed = deploy(&chain, &manifest).await?;
    let mut sealer = Sealer::connect(&chain, &deployed).await?;
    let boss = regulator();
    let code = emitter();
    let address =
        contract_address(&account(&boss), &assent_client::Hash(blake2_256(&code)), &[], &[]);
    let made = sealer.instantiate(&boss, code).await?;
    sealer.submit(&made).await?;
    sealer.sealed().await?;
    let full = sealer.call_other(&boss, address, ALL_GAS, EVENTS.to_le_bytes().into()).await?;
    sealer.submit(&full).await?;
    let full = sealer.sealed().await?;
    let mint = (account(&boss), 5u128, [1u8; 32]);
    let last = sealer.seal(&Call::new(&boss, "token", token::MINT, mint)).await?;

    let mut database = Database::new(&postgres, "mirror").await?;
    let log = folder.path().join("strict.log");
    let mut indexer = Indexer::start(&strict.url, &database, &manifest, &log)?;
    let status = indexer.process.wait(PATIENCE).await?;
    let said = indexer.process.output();
    ensure!(status.code() == Some(1), "{status}: {said}");
    for part in [&*format!("events of block {full}"), "--rpc-max-response-size"] {
        ensure!(said.contains(part), "no `{part}` in {said}");
    }
    strict.stop().await?;

    let generous = node(folder.path(), &[]).await?;
    let reader = Reader::connect(&generous.url, &Chain::connect(&generous.url).await?).await?;
    let values = reader.blocks::<Values>(full..=full).await?.pop().context("no block")?;
    let bytes = reader.events_of(values)?.context("no events")?.len();
    ensure!(bytes > EVENTS as usize * LARGEST_EVENT as usize, "{bytes} bytes of events");
    let log = folder.path().join("generous.log");
    let mut indexer = Indexer::start(&generous.url, &database, &manifest, &log)?;
    written(&mut indexer, &mut database, last).await?;
    ensure!(database.has_rows("token_receipts").await?, "the event after it is there, too");
    indexer.stop().await
}

/// A contract that emits as many of the largest events as its input says, a number of four bytes.
fn emitter() -> Vec<u8> {
    let size = |length: usize| u8::try_from(length).expect("short enough for one byte");
    let name = |text: &str| [&[size(text.len())], text.as_bytes()].concat();
    let section = |id: u8, content: &[u8]| [&[id, size(content.len())], content].concat();
    let function = |body: &[u8]| [&[size(body.len())], body].concat();
    // Types: (i32, i32), (i32, i32, i32, i32), and nothing, each to nothing.
    let types = [3, 0x60, 2, 0x7f, 0x7f, 0, 0x60, 4, 0x7f, 0x7f, 0x7f, 0x7f, 0, 0x60, 0, 0];
    let imports = [
        &[3][..],
        &[name("seal0"), name("seal_input"), vec![0, 0]].concat(),
        &[name("seal0"), name("seal_deposit_event"), vec![0, 1]].concat(),
        // One page of memory.
        &[name("env"), name("memory"), vec![2, 1, 1, 1]].concat(),
    ]
    .concat();
    let exports = [&[2][..], &name("deploy"), &[0, 2], &name("call"), &[0, 3]].concat();
    let call = [
        // One local number.
        &[1, 1, 0x7f][..],
        // At 0 stands that there is room for 4 bytes, and the input goes to 4.
        &[0x41, 0, 0x41, 4, 0x36, 2, 0, 0x41, 4, 0x41, 0, 0x10, 0],
        &[0x41, 4, 0x28, 2, 0, 0x21, 0],
        // As often as it says: no topics, and 16,384 bytes from 16 on.
        &[0x03, 0x40, 0x41, 0, 0x41, 0, 0x41, 16, 0x41, 0x80, 0x80, 1, 0x10, 1],
        &[0x20, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b, 0x0b],
    ]
    .concat();
    let code = [&[2][..], &function(&[0, 0x0b]), &function(&call)].concat();
    [
        b"\0asm\x01\0\0\0".to_vec(),
        section(1, &types),
        section(2, &imports),
        section(3, &[2, 2, 2]),
        section(7, &exports),
        section(10, &code),
    ]
    .concat()
}
