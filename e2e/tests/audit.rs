//! The mirror is proved against the node and the contracts, while the indexer goes on.

use anyhow::{Result, ensure};
use assent_e2e::{
    process::{Process, program},
    scene::{account, patient},
    stack::Stack,
    story::{Story, bundled_report},
};
use sqlx::{Connection, PgConnection};
use std::{process::ExitStatus, time::Duration};

/// Generous: a view for each row of the story.
const AUDIT: Duration = Duration::from_secs(120);

/// Runs the audit: how it ended, and what it said.
async fn audit(stack: &Stack, run: &str) -> Result<(ExitStatus, String)> {
    let env = [
        ("ASSENT_NODE_URL", stack.node_url.clone()),
        ("DATABASE_URL", stack.postgres.url()),
        ("ASSENT_MANIFEST", stack.manifest_path().display().to_string()),
    ];
    let log = stack.folder().join(format!("{run}.log"));
    let arguments = ["audit".to_owned()];
    let mut audit =
        Process::spawn("the audit", &program("assent-indexer")?, &arguments, &env, &log)?;
    let status = audit.wait(AUDIT).await?;
    Ok((status, audit.output()))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_proves_the_mirror_and_names_the_account_whose_balance_was_changed() -> Result<()>
{
    let mut stack = Stack::start("127.0.0.1:0", |_| {}).await?;
    let mut story = Story::new(&stack, Box::new(|_| {}))?;
    story.play(&stack, &bundled_report()).await?;
    stack.mirrored(story.height()).await?;

    let (status, said) = audit(&stack, "audit-right").await?;
    ensure!(status.success(), "{said}");
    ensure!(said.contains("the mirror is right\n"), "{said}");
    // It did ask.
    for asked in ["block hashes", "events of the node", "view of grants", "view of carbon_duties"] {
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
    let (status, said) = audit(&stack, "audit-wrong").await?;
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
