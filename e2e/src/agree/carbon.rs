//! The carbon contract.

use super::{Both, plain, same, same_count, same_sums, scheduled, who};
use crate::scene::{amount, number};
use anyhow::{Result, ensure};
use assent_interface::carbon;
use serde_json::{Value, json};

/// What may have become of units, as the fields of a holding.
const STATES: [&str; 5] = ["tradable", "escrowed", "retired", "surrendered", "cancelled"];

/// Classes, projects, periods, batches with their totals.
pub(super) async fn registry(both: &Both<'_>) -> Result<()> {
    let counts = both.view("carbon", carbon::COUNTS, ()).await?;
    let classes = both.rows("/v1/carbon/classes").await?;
    same_count(&classes, &counts["classes"], "classes")?;
    for row in &classes {
        let view = both.view("carbon", carbon::CLASS, (number(&row["class"])?,)).await?;
        same(row, &view, &["issuer", "metadata", "last_serial"])?;
    }
    let projects = both.rows("/v1/carbon/projects").await?;
    same_count(&projects, &counts["projects"], "projects")?;
    for row in &projects {
        let view = both.view("carbon", carbon::PROJECT, (number(&row["project"])?,)).await?;
        same(row, &view, &["class", "owner", "metadata"])?;
    }
    let periods = both.rows("/v1/carbon/periods").await?;
    same_count(&periods, &counts["periods"], "periods")?;
    for row in &periods {
        let view = both.view("carbon", carbon::PERIOD, (number(&row["period"])?,)).await?;
        same(row, &view, &["batch", "start_ms", "end_ms", "settle_from_ms", "cap", "tariff"])?;
    }
    let batches = both.rows("/v1/carbon/batches").await?;
    same_count(&batches, &counts["batches"], "batches")?;
    for row in &batches {
        let batch = number(&row["batch"])?;
        let view = both.view("carbon", carbon::BATCH, (batch,)).await?;
        same(row, &view, &["class", "project", "period", "serial_start", "serial_end"])?;
        same(row, &view, &["vintage_start_ms", "vintage_end_ms", "sealed"])?;
        let totals = both.view("carbon", carbon::TOTALS, (batch,)).await?;
        same(row, &totals, &["issued", "escrowed", "retired", "surrendered", "cancelled"])?;
        let mut sum = 0;
        for state in STATES {
            sum += amount(&row[state])?;
        }
        ensure!(amount(&row["issued"])? == sum, "the batch does not add up: {row}");
    }
    Ok(())
}

/// Balances, approvals, escrows, and what was used for good.
pub(super) async fn holdings(both: &Both<'_>) -> Result<()> {
    let balances = both.rows("/v1/carbon/balances").await?;
    for row in &balances {
        let args = (number(&row["batch"])?, who(row, "owner")?);
        same(row, &both.view("carbon", carbon::BALANCE_OF, args).await?, &STATES)?;
    }
    let batches = both.rows("/v1/carbon/batches").await?;
    for state in STATES {
        same_sums((&balances, state), (&batches, state), &["batch"])?;
    }

    for row in both.rows("/v1/carbon/approvals").await? {
        let args = (who(&row, "owner")?, who(&row, "operator")?, number(&row["batch"])?);
        let view = both.view("carbon", carbon::APPROVAL, args).await?;
        ensure!(row["amount"] == view, "approval: the API shows {row}, the contract {view}");
    }
    let escrows = both.rows("/v1/carbon/escrows").await?;
    for row in &escrows {
        let args = (who(row, "operator")?, who(row, "owner")?, number(&row["batch"])?);
        let view = both.view("carbon", carbon::ESCROW_OF, args).await?;
        ensure!(row["amount"] == view, "escrow: the API shows {row}, the contract {view}");
    }
    same_sums((&escrows, "amount"), (&balances, "escrowed"), &["batch", "owner"])?;
    for (path, state) in
        [("/v1/carbon/retirements", "retired"), ("/v1/carbon/cancellations", "cancelled")]
    {
        let events = both.rows(path).await?;
        same_sums((&events, "amount"), (&balances, state), &["batch", "owner"])?;
    }
    for row in both.rows("/v1/carbon/frozen").await? {
        let view = both.view("carbon", carbon::IS_FROZEN, (who(&row, "account")?,)).await?;
        ensure!(view == json!(true), "the contract has not frozen {row}");
    }
    Ok(())
}

/// Tariff, duties with their settlements, reports, surrenders, penalties and ratings.
pub(super) async fn compliance(both: &Both<'_>) -> Result<()> {
    let tariff = both.view("carbon", carbon::PENALTY, ()).await?;
    match both.stack.get("/v1/carbon/penalty-tariff").await? {
        (200, row) => scheduled(&row["penalty"], &tariff, &["tariff", "collector"])?,
        (status, _) => {
            let never = tariff["value"].is_null() && tariff["next"].is_null();
            ensure!(status == 404 && never, "tariff: {status}, {tariff}");
        }
    }

    let duties = both.rows("/v1/carbon/duties").await?;
    for row in &duties {
        let args = (number(&row["period"])?, who(row, "account")?);
        let view = both.view("carbon", carbon::DUTY, args).await?;
        same(row, &view, &["allocated", "reports", "reported_at_ms", "verified"])?;
        same(row, &view, &["surrendered", "surrendered_at_ms"])?;
        settlement(row, &view["settlement"])?;
    }
    let surrenders = both.rows("/v1/carbon/surrenders").await?;
    same_sums((&surrenders, "amount"), (&duties, "surrendered"), &["period", "account"])?;

    let reports = both.rows("/v1/carbon/reports").await?;
    for row in &reports {
        let version = u32::try_from(number(&row["version"])?)?;
        let args = (number(&row["period"])?, who(row, "account")?, version);
        let view = both.view("carbon", carbon::REPORT, args).await?;
        same(row, &view, &["emissions", "report", "verifier", "at_ms"])?;
    }
    let mut versions = 0;
    for row in &duties {
        versions += number(&row["reports"])?;
    }
    same_count(&reports, &json!(versions), "reports")?;

    let penalties = both.rows("/v1/carbon/penalties").await?;
    for row in &penalties {
        let args = (number(&row["period"])?, who(row, "account")?);
        let view = both.view("carbon", carbon::DUTY, args).await?["settlement"].take();
        same(row, &view, &["deficit", "paid"])?;
        ensure!(row["amount"] == view["penalty"], "{row} {view}");
    }
    let settled: Vec<Value> =
        duties.into_iter().filter(|duty| !duty["penalty"].is_null()).collect();
    same_sums((&penalties, "amount"), (&settled, "penalty"), &["period", "account"])?;

    let ratings = both.rows("/v1/carbon/ratings").await?;
    for row in &ratings {
        let account = who(row, "account")?;
        let view = both.view("carbon", carbon::STANDING, (account,)).await?;
        same(row, &view, &["next", "settled", "compliant", "timely", "penalties", "paid"])?;
        same(row, &view, &["deficit", "surplus"])?;
        let rating = both.view("carbon", carbon::RATING, (account,)).await?;
        ensure!(row["rating"] == rating, "rating: the API shows {row}, the contract {rating}");
    }
    Ok(())
}

/// The settlement of a duty; absent in the contract, all null in the API.
fn settlement(row: &Value, view: &Value) -> Result<()> {
    const FIELDS: [&str; 7] =
        ["brought_deficit", "brought_surplus", "deficit", "surplus", "timely", "penalty", "paid"];
    if !view.is_null() {
        ensure!(!row["settled_at_ms"].is_null(), "settled, but not in the API: {row}");
        return same(row, view, &FIELDS);
    }
    for field in FIELDS {
        ensure!(plain(&row[field]) == "null", "{field} before the settlement: {row}");
    }
    Ok(())
}
