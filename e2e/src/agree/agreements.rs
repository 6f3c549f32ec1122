//! The agreements contract.

use super::{Both, plain, same};
use crate::scene::number;
use anyhow::{Context, Result, ensure};
use assent_interface::agreements;
use serde_json::{Value, json};

/// Proposals with what became of them.
pub(super) async fn proposals(both: &Both<'_>) -> Result<()> {
    // What a field of a row is called in the terms, and in the proposal itself.
    const TERMS: [(&str, &str); 9] = [
        ("/owner", "owner"),
        ("/requester", "grantee"),
        ("/purposes/mask", "purposes"),
        ("/categories/mask", "categories"),
        ("/valid_from_ms", "from"),
        ("/valid_until_ms", "until"),
        ("/max_uses", "max_uses"),
        ("/record", "record"),
        ("/policy", "policy"),
    ];
    const PROPOSAL: [(&str, &str); 4] = [
        ("/proposed_by", "by"),
        ("/person", "person"),
        ("/proposed_at_ms", "at"),
        ("/expires_at_ms", "expires"),
    ];
    let rows = both.rows("/v1/proposals").await?;
    for row in &rows {
        let view = both.view("agreements", agreements::PROPOSAL, (number(&row["id"])?,)).await?;
        fields(row, &view["terms"], &TERMS)?;
        fields(row, &view, &PROPOSAL)?;
        ending(row, &view["ending"])?;
    }
    all(both, &rows, agreements::PROPOSAL).await
}

/// Requests for erasure with their answers.
pub(super) async fn erasures(both: &Both<'_>) -> Result<()> {
    const ERASURE: [(&str, &str); 4] = [
        ("/owner", "owner"),
        ("/requester", "requester"),
        ("/requested_at_ms", "at"),
        ("/due_ms", "due"),
    ];
    const ANSWER: [(&str, &str); 2] = [("/answered_by", "by"), ("/answered_at_ms", "at")];
    let rows = both.rows("/v1/erasures").await?;
    for row in &rows {
        let view = both.view("agreements", agreements::ERASURE, (number(&row["id"])?,)).await?;
        fields(row, &view, &ERASURE)?;
        let answer = &view["answer"];
        if answer.is_null() {
            ensure!(row["answered_at_ms"].is_null(), "the API shows {row}, the contract {view}");
        } else {
            fields(row, answer, &ANSWER)?;
            same(row, answer, &["retained_until_ms", "evidence"])?;
        }
    }
    all(both, &rows, agreements::ERASURE).await
}

/// Whether the rows are all that the contract knows, which counts them from 1.
async fn all(both: &Both<'_>, rows: &[Value], view: &str) -> Result<()> {
    for (row, expected) in rows.iter().zip(1u64..) {
        ensure!(row["id"] == expected, "instead of number {expected}: {row}");
    }
    let next = both.view("agreements", view, (rows.len() as u64 + 1,)).await?;
    ensure!(next.is_null(), "the API does not show {next}");
    Ok(())
}

/// What became of a proposal: that nobody answered in time only the API says.
fn ending(row: &Value, ending: &Value) -> Result<()> {
    let expected = match ending.as_str() {
        Some("Withdrawn") => &["withdrawn"][..],
        Some("Declined") => &["declined"],
        Some(other) => anyhow::bail!("no ending that is known: {other}"),
        None if ending.is_null() => &["open", "expired"],
        None => &["accepted"],
    };
    let status = row["status"].as_str().with_context(|| format!("no status in {row}"))?;
    ensure!(expected.contains(&status), "the API shows {row}, the contract {ending}");
    let grant = ending.get("Accepted").unwrap_or(&json!(null)).clone();
    ensure!(plain(&row["grant_id"]) == plain(&grant), "{row} was accepted with {grant}");
    Ok(())
}

/// Compares fields of a row, by their path, with those of a view's answer.
fn fields(row: &Value, view: &Value, names: &[(&str, &str)]) -> Result<()> {
    for (path, own) in names {
        let (Some(shown), Some(own)) = (row.pointer(path), view.get(own)) else {
            anyhow::bail!("no {path} in {row}, or no {own} in {view}");
        };
        ensure!(plain(shown) == plain(own), "{path}: the API shows {row}, the contract {view}");
    }
    Ok(())
}
