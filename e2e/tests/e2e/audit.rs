//! The mirror is proved against the node and the contracts, while the indexer goes on.

use anyhow::{Context, Result, ensure};
use assent_client::Hash;
use assent_e2e::{
    indexer::run_alone,
    scene::{account, patient},
    stack::Stack,
    story::{Story, bundled_report},
};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use std::{
    path::PathBuf,
    process::ExitStatus,
    time::{Duration, Instant},
};

/// How long what is waited for may take.
const AUDIT: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_proves_the_mirror_and_names_the_account_whose_balance_was_changed() -> Result<()>
{
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    story.play(&stack, &bundled_report()).await?;
    stack.mirrored(story.height()).await?;

    let (status, said) = stack.indexer(&["audit"]).await?;
    ensure!(status.success(), "{said}");
    ensure!(said.contains("the mirror is right\n"), "{said}");
    // It did ask.
    for asked in [
        "block hashes",
        "events of the node",
        "proofs",
        "view of participant_keys",
        "view of grants",
        "view of proposals",
        "view of erasures",
        "view of carbon_duties",
    ] {
        let line = said.lines().find(|line| line.contains(&format!("right  {asked}: ")));
        ensure!(line.is_some_and(|line| !line.contains(": 0 ")), "{asked}: {said}");
    }
    ensure!(stack.all_running(), "{}", stack.logs());

    let mut db = PgConnection::connect(&stack.postgres.url()).await?;
    let patient = account(&patient());
    let changed = sqlx::query("update token_balances set balance = balance + 1 where account = $1")
        .bind(patient.as_bytes())
        .execute(&mut db)
        .await?;
    ensure!(changed.rows_affected() == 1, "the patient has a balance");
    let (status, said) = stack.indexer(&["audit"]).await?;
    ensure!(status.code() == Some(1), "{said}");
    let named = format!("0x{}", hex::encode(patient.as_bytes()));
    for finding in [
        format!("token_balances with account {named}: balance is "),
        format!("token_balances.balance: of token.PSP22::balance_of({named}), "),
    ] {
        ensure!(said.contains(&finding), "no `{finding}` in {said}");
    }
    ensure!(said.contains("the mirror is wrong: "), "{said}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_in_the_background_passes_and_finds_a_damage_while_the_indexer_goes_on()
-> Result<()> {
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    ensure!(stack.stop_indexer().await?.success());
    let arguments = ["run", "--audit-interval", "1", "--metrics-listen", "127.0.0.1:0"];
    let mut process = stack.places().spawn(&arguments, &stack.log("indexer-audited"))?;
    let metrics = process.wait_for_line("Metrics are served at ", AUDIT).await?;

    let (_, said) = status_with(&stack, "last found nothing wrong ").await?;
    ensure!(!said.contains("WRONG") && !said.contains("left out"), "{said}");
    let figures = reqwest::get(&metrics).await?.text().await?;
    let figure = |name: &str| -> Result<u64> {
        let start = format!("assent_indexer_{name} ");
        let value = figures.lines().find_map(|line| line.strip_prefix(&start));
        Ok(value.with_context(|| format!("no {name} in {figures}"))?.parse()?)
    };
    ensure!(figure("audit_age_seconds")? < 60, "{figures}");
    ensure!(figure("audit_findings")? == 0 && figure("audit_left_out")? == 0, "{figures}");
    // It has compared all blocks up to where the mirror was a moment ago.
    ensure!(figure("audit_block")? + 60 > figure("indexed_block")?, "{figures}");
    ensure!(figure("audit_block")? >= stack.manifest.first_block(), "{figures}");

    let mut db = PgConnection::connect(&stack.postgres.url()).await?;
    let change = async |db: &mut PgConnection, by: i64| -> Result<()> {
        let sql = "update token_totals set supply = supply + $1, minted = minted + $1";
        let damage = sqlx::query(sql).bind(by);
        ensure!(damage.execute(db).await?.rows_affected() == 1, "the token has a supply");
        Ok(())
    };
    change(&mut db, 1).await?;
    let (before, said) = status_with(&stack, "WRONG  invariant token_sums: ").await?;
    // The contract's own view says so as well.
    let (_, asked) = status_with(&stack, "WRONG  view of token_totals.supply: ").await?;
    ensure!(asked.contains("of token.PSP22::total_supply(), the mirror's answer is 1"), "{asked}");
    ensure!(said.contains("audited in the background: blocks up to "), "{said}");
    let logged = process.output();
    ensure!(logged.contains("The mirror is not what the chain says"), "{logged}");
    // It is no reason to stop.
    change(&mut db, -1).await?;
    let deadline = Instant::now() + AUDIT;
    loop {
        let (now, said) = status_with(&stack, "audited in the background").await?;
        if now > before && !said.contains("WRONG") {
            break;
        }
        ensure!(Instant::now() < deadline, "{said}\n{}", process.output());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    ensure!(process.is_running(), "{}", process.output());
    Ok(())
}

/// The status once it says something: the last block, and the text.
async fn status_with(stack: &Stack, expected: &str) -> Result<(u64, String)> {
    let deadline = Instant::now() + AUDIT;
    loop {
        let (status, said) = stack.indexer(&["status"]).await?;
        ensure!(status.success(), "{said}");
        if said.contains(expected) {
            let block = said.split_whitespace().nth(1).context("a block")?;
            return Ok((block.parse()?, said));
        }
        ensure!(Instant::now() < deadline, "no `{expected}`: {said}\n{}", stack.logs());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Files in which a proof is kept and checked.
struct Proofs<'s> {
    stack: &'s Stack,
    file: PathBuf,
}

impl Proofs<'_> {
    /// Proves an event of the mirror.
    async fn prove(&self, event: &str, more: &[&str]) -> Result<(ExitStatus, String)> {
        let file = self.file.to_str().context("a UTF-8 path")?;
        let arguments = [&["prove", event, "--output", file], more].concat();
        self.stack.indexer(&arguments).await
    }

    /// Checks a text, with neither node nor database.
    async fn check(&self, text: &str, hash: Hash, more: &[&str]) -> Result<(ExitStatus, String)> {
        let file = self.stack.folder().join("checked.json");
        std::fs::write(&file, text)?;
        let (file, hash) = (file.to_str().context("a UTF-8 path")?, hash.to_string());
        let arguments = [&["check-proof", file, "--block-hash", &hash], more].concat();
        run_alone(&arguments, &self.stack.log("check")).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_proven_by_a_file_of_which_no_bit_can_be_changed() -> Result<()> {
    let stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut db = PgConnection::connect(&stack.postgres.url()).await?;
    // One with topics, and others in its block.
    let (number, index, hash, data): (i64, i32, Vec<u8>, Vec<u8>) = sqlx::query_as(
        "select e.block_number, e.event_index, b.hash, e.data from events e \
         join blocks b on b.number = e.block_number where cardinality(e.topics) > 1 \
         and octet_length(e.data) > 8 order by e.event_index desc limit 1",
    )
    .fetch_one(&mut db)
    .await?;
    let (event, hash) = (format!("{number}-{index}"), Hash(hash.try_into().ok().context("32")?));
    let proofs = Proofs { stack: &stack, file: stack.folder().join("proof.json") };

    let (status, said) = proofs.prove(&event, &[]).await?;
    ensure!(status.success() && said.contains(&format!("event {event} is proven")), "{said}");
    let text = std::fs::read_to_string(&proofs.file)?;
    let proof: Value = serde_json::from_str(&text)?;
    println!("the proof has {} bytes", text.len());
    let metadata = proof["runtime"]["metadata_hash"].as_str().context("a hash")?;
    let (status, said) = proofs.check(&text, hash, &[]).await?;
    ensure!(status.success() && said.contains(&format!("event {event} of contract ")), "{said}");
    ensure!(said.contains(&hex::encode(&data)) && said.contains(metadata), "{said}");
    ensure!(said.contains("compare it with that of a trusted node"), "{said}");
    let (status, said) = proofs.check(&text, hash, &["--metadata-hash", metadata]).await?;
    ensure!(status.success() && said.contains("which is trusted"), "{said}");

    // Another block, other metadata.
    let (status, said) = proofs.check(&text, Hash([7; 32]), &[]).await?;
    ensure!(status.code() == Some(1) && said.contains("not of the trusted block"), "{said}");
    let other = Hash([7; 32]).to_string();
    let (status, said) = proofs.check(&text, hash, &["--metadata-hash", &other]).await?;
    ensure!(status.code() == Some(1) && said.contains("the metadata of the runtime"), "{said}");

    // What is wrong is named.
    let zero = Value::from(format!("0x{}", "00".repeat(32)));
    let node = proof["nodes"][0].as_str().context("a node")?;
    let (start, rest) = node.split_at(40);
    let changed = if rest.starts_with('0') { "1" } else { "0" };
    let node = format!("{start}{changed}{}", &rest[1..]);
    for (at, value, expected) in [
        ("/form", json!("another"), "it is no proof of an event: its form"),
        ("/block_hash", zero.clone(), "it is of the block 0x00"),
        ("/header/parentHash", zero.clone(), "the header has the hash"),
        ("/header/stateRoot", zero.clone(), "the header has the hash"),
        ("/header/extrinsicsRoot", zero.clone(), "the header has the hash"),
        ("/header/number", json!("0x7fffffff"), "the header has the hash"),
        ("/header/digest/logs", json!(["0x08"]), "the header has the hash"),
        ("/keys/System.Events", zero.clone(), "the key of System.Events"),
        ("/keys/System.LastRuntimeUpgrade", zero.clone(), "the key of System.LastRuntimeUpgrade"),
        ("/nodes/0", json!(node), "the nodes do not lead from the state root"),
        ("/event/index", json!(0), "the event at index 0 "),
        ("/event/index", json!(9_999), "none of them at index 9999"),
        ("/event/contract", json!("5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM"), "contract"),
        ("/event/extrinsic", json!(4_000_000), "another extrinsic"),
        ("/event/extrinsic", Value::Null, "another extrinsic"),
        ("/event/topics", json!([]), "another list of topics"),
        ("/event/topics/1", json!(format!("0x{}", "07".repeat(32))), "another list of topics"),
        ("/event/data", json!("0x00"), "another list of bytes"),
        ("/runtime/spec_version", json!(4_000_000), "of the runtime, not by 4000000"),
        ("/runtime/metadata_hash", zero.clone(), "the metadata of the runtime has the hash"),
        ("/runtime/metadata", json!("0x6d657461"), "the metadata of the runtime has the hash"),
    ] {
        let mut wrong = proof.clone();
        *wrong.pointer_mut(at).with_context(|| format!("no {at} in {text}"))? = value;
        let (status, said) = proofs.check(&wrong.to_string(), hash, &[]).await?;
        ensure!(status.code() == Some(1) && said.contains(expected), "{at}: {said}");
    }
    // Any bit anywhere.
    for nth in 0..60 {
        let mut wrong = text.clone().into_bytes();
        let at = nth * (wrong.len() - 2) / 59;
        wrong[at] ^= 1;
        let (status, said) = proofs.check(&String::from_utf8(wrong)?, hash, &[]).await?;
        ensure!(status.code() == Some(1) && said.starts_with("error: "), "byte {at}: {said}");
    }

    // What the mirror has has to be what is proven.
    let (status, said) = proofs.prove(&format!("{number}-9999"), &[]).await?;
    ensure!(status.code() == Some(1) && said.contains("the mirror has no event"), "{said}");
    let (status, said) = proofs.prove(&event, &["--block-hash", &other]).await?;
    ensure!(status.code() == Some(1) && said.contains("not the trusted 0x07"), "{said}");
    sqlx::query(
        "update events set data = set_byte(data, 0, 255 - get_byte(data, 0)) \
         where block_number = $1 and event_index = $2",
    )
    .bind(number)
    .bind(index)
    .execute(&mut db)
    .await?;
    let (status, said) = proofs.prove(&event, &[]).await?;
    let expected = format!("event {event} of the mirror has another list of bytes");
    ensure!(status.code() == Some(1) && said.contains(&expected), "{said}");
    let (status, said) = stack.indexer(&["audit", "--all"]).await?;
    ensure!(status.code() == Some(1) && said.contains("WRONG  proofs: "), "{said}");
    ensure!(said.contains(&expected), "{said}");
    Ok(())
}
