//! What the API shows of agreements, of carbon units and of the market, held against the contracts' own
//! views: every number of every row, that no row is missing, and that the rows add up.

use crate::{
    scene::{Scene, amount, check_provenance, items, number},
    stack::Stack,
};
use anyhow::{Context, Result, ensure};
use assent_client::Account;
use parity_scale_codec::Encode;
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use std::collections::BTreeMap;

mod agreements;
mod carbon;
mod market;

/// Compares all of these contracts with the API, which has to show what this scene called.
pub async fn agree(stack: &Stack, scene: &Scene) -> Result<()> {
    let both = Both { stack, scene };
    agreements::proposals(&both).await.context("the proposals")?;
    agreements::erasures(&both).await.context("the requests for erasure")?;
    carbon::registry(&both).await.context("the registry")?;
    carbon::holdings(&both).await.context("the holdings")?;
    carbon::compliance(&both).await.context("compliance")?;
    market::all(&both).await.context("the market")?;
    let status = stack.ok("/v1/status").await?;
    ensure!(status["undecoded"] == 0, "events were not understood: {status}");
    invariants(stack).await.context("the mirror")
}

/// Whether the rows of the mirror are as they have to be to one another.
async fn invariants(stack: &Stack) -> Result<()> {
    let mut db = PgConnection::connect(&stack.postgres.url()).await?;
    // One moment for all queries: the indexer goes on writing.
    sqlx::query("begin isolation level repeatable read read only").execute(&mut db).await?;
    let violations = assent_mirror::violations(&mut db).await?;
    ensure!(violations.is_empty(), "rows break what holds between them: {violations:#?}");
    Ok(())
}

/// The API and the contracts.
struct Both<'a> {
    stack: &'a Stack,
    scene: &'a Scene,
}

impl Both<'_> {
    /// All rows that the API has at a path; each says where it comes from, and the node agrees.
    async fn rows(&self, path: &str) -> Result<Vec<Value>> {
        let answer = self.scene.api(self.stack, &format!("{path}?limit=200")).await?;
        let rows = items(&answer)?.clone();
        ensure!(answer["next"].is_null(), "{path} has more rows than a page");
        ensure!(check_provenance(self.stack, &answer).await? == rows.len(), "provenance: {answer}");
        Ok(rows)
    }

    /// What a view of a contract answers.
    async fn view(&self, contract: &str, message: &str, args: impl Encode + Send) -> Result<Value> {
        self.scene.show(contract, message, args).await
    }
}

/// What the API shows of a setting that waits is what the contract does: what is due there is what holds
/// here.
fn scheduled(row: &Value, view: &Value, fields: &[&str]) -> Result<()> {
    let (waits, next) = (!row["next"].is_null(), &view["next"]);
    let is_due = !waits && !next.is_null();
    same(&row["current"], if is_due { &next["value"] } else { &view["value"] }, fields)?;
    if waits { same(&row["next"]["value"], &next["value"], fields) } else { Ok(()) }
}

/// Compares fields of a row with those of a view's answer. The API writes into the name of a time
/// what it is measured in: `end_ms` is the contract's `end`.
fn same(row: &Value, view: &Value, fields: &[&str]) -> Result<()> {
    for field in fields {
        let own = field.strip_suffix("_ms").unwrap_or(field);
        let (Some(shown), Some(own)) = (row.get(field), view.get(own)) else {
            anyhow::bail!("no {field} in both {row} and {view}");
        };
        ensure!(plain(shown) == plain(own), "{field}: the API shows {row}, the contract {view}");
    }
    Ok(())
}

/// A number is the same whether it comes as such or as a string.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The account in a field of a row.
fn who(row: &Value, field: &str) -> Result<Account> {
    let address = row[field].as_str().with_context(|| format!("no {field} in {row}"))?;
    Ok(address.parse()?)
}

/// What identifies a row.
fn key(row: &Value, fields: &[&str]) -> String {
    fields.iter().map(|field| plain(&row[*field])).collect::<Vec<_>>().join(" ")
}

/// The sums of an amount over the rows with the same key.
fn sums(rows: &[Value], fields: &[&str], of: &str) -> Result<BTreeMap<String, u128>> {
    let mut sums = BTreeMap::new();
    for row in rows {
        *sums.entry(key(row, fields)).or_default() += amount(&row[of])?;
    }
    // A key without anything is as good as none.
    sums.retain(|_, sum| *sum > 0);
    Ok(sums)
}

/// Whether the rows of two lists add up to the same, key by key.
fn same_sums(
    (rows, of): (&[Value], &str),
    (others, of_others): (&[Value], &str),
    fields: &[&str],
) -> Result<()> {
    let (one, other) = (sums(rows, fields, of)?, sums(others, fields, of_others)?);
    ensure!(one == other, "{of} and {of_others} by {fields:?}: {one:?} and {other:?}");
    Ok(())
}

/// Whether there are as many rows as the contract counts.
fn same_count(rows: &[Value], counted: &Value, what: &str) -> Result<()> {
    let counted = number(counted)?;
    ensure!(rows.len() as u64 == counted, "{} {what} instead of {counted}", rows.len());
    Ok(())
}
