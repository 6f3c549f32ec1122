//! Units, orders, duties and ratings.

use super::{amount, decimal, provenance};
use crate::{
    scene::{CREDIT, TOKEN, account, emitter, hospital1, items, regulator, second_emitter},
    stack::Stack,
    story::Story,
};
use anyhow::{Result, ensure};
use serde_json::Value;

/// What may have become of units.
const STATES: [&str; 5] = ["tradable", "escrowed", "retired", "surrendered", "cancelled"];

/// An amount of units in words.
fn units(row: &Value, field: &str) -> Result<String> {
    Ok(decimal(amount(row, &format!("/{field}"))?, CREDIT))
}

/// An amount of tokens in words.
fn tokens(row: &Value, field: &str) -> Result<String> {
    Ok(decimal(amount(row, &format!("/{field}"))?, TOKEN))
}

/// What became of the units of a row, without what is zero.
fn states(row: &Value, between: &str) -> Result<String> {
    let mut parts = Vec::new();
    for state in STATES {
        if amount(row, &format!("/{state}"))? > 0 {
            parts.push(format!("{state} {}", units(row, state)?));
        }
    }
    Ok(parts.join(between))
}

/// Who that is.
fn name(row: &Value, field: &str) -> String {
    let address = row[field].as_str().unwrap_or_default();
    let known = [
        ("the power station", emitter()),
        ("the steelworks", second_emitter()),
        ("hospital 1", hospital1()),
        ("the treasury", regulator()),
    ];
    let found = known.iter().find(|(_, key)| account(key).to_string() == address);
    found.map_or(address, |(name, _)| *name).to_owned()
}

impl Story {
    /// Shows batches, balances, orders, fills, retirements, duties, penalties and ratings, and checks
    /// the sums.
    pub(super) async fn show_carbon(&self, stack: &Stack) -> Result<()> {
        for batch in items(&stack.ok("/v1/carbon/batches").await?)? {
            let mut sum = 0;
            for state in STATES {
                sum += amount(batch, &format!("/{state}"))?;
            }
            ensure!(amount(batch, "/issued")? == sum, "the batch does not add up: {batch}");
            let what = match batch["period"].as_u64() {
                Some(period) => format!("allowances of period {period}"),
                None => format!("credits of project {}", batch["project"]),
            };
            self.say(format!(
                "  batch {}, {what}: issued {} = {}  [{}]",
                batch["batch"],
                units(batch, "issued")?,
                states(batch, " + ")?,
                provenance(batch)?
            ));
        }
        for balance in items(&stack.ok("/v1/carbon/balances").await?)? {
            self.say(format!(
                "  {} has of batch {}: {}  [{}]",
                name(balance, "owner"),
                balance["batch"],
                states(balance, ", ")?,
                provenance(balance)?
            ));
        }
        self.show_market(stack).await?;
        self.show_compliance(stack).await
    }

    /// Orders, fills and retirements.
    async fn show_market(&self, stack: &Stack) -> Result<()> {
        for order in items(&stack.ok("/v1/market/orders").await?)? {
            self.say(format!(
                "  order {} of {}: {} of batch {} at {} tokens, {}, {} sold  [{}]",
                order["order"],
                name(order, "seller"),
                units(order, "amount")?,
                order["batch"],
                tokens(order, "price")?,
                order["status"].as_str().unwrap_or_default(),
                units(order, "filled")?,
                provenance(order)?
            ));
        }
        for fill in items(&stack.ok("/v1/market/fills").await?)? {
            self.say(format!(
                "  fill of order {}: {} to {} for {} tokens = {} to {} + {} fee  [{}]",
                fill["order"],
                units(fill, "amount")?,
                name(fill, "buyer"),
                tokens(fill, "payment")?,
                tokens(fill, "proceeds")?,
                name(fill, "seller"),
                tokens(fill, "fee")?,
                provenance(fill)?
            ));
        }
        for retired in items(&stack.ok("/v1/carbon/retirements").await?)? {
            self.say(format!(
                "  retired by {}: {} of batch {}, reason {}  [{}]",
                name(retired, "owner"),
                units(retired, "amount")?,
                retired["batch"],
                retired["reason"].as_str().unwrap_or_default(),
                provenance(retired)?
            ));
        }
        Ok(())
    }

    /// Duties that are settled, penalties and ratings.
    async fn show_compliance(&self, stack: &Stack) -> Result<()> {
        for duty in items(&stack.ok("/v1/carbon/duties").await?)? {
            self.say(format!(
                "  period {}, {}: emitted {} + brought {}, surrendered {}, short {}  [{}]",
                duty["period"],
                name(duty, "account"),
                units(duty, "verified")?,
                units(duty, "brought_deficit")?,
                units(duty, "surrendered")?,
                units(duty, "deficit")?,
                provenance(duty)?
            ));
        }
        for penalty in items(&stack.ok("/v1/carbon/penalties").await?)? {
            self.say(format!(
                "  penalty of {} for period {}: {} tokens, {}  [{}]",
                name(penalty, "account"),
                penalty["period"],
                tokens(penalty, "amount")?,
                if penalty["paid"] == true { "paid" } else { "not paid" },
                provenance(penalty)?
            ));
        }
        for rating in items(&stack.ok("/v1/carbon/ratings").await?)? {
            let parts = &rating["parts"];
            self.say(format!(
                "  rating of {}: {} = {} for compliance + {} for timeliness + {} for penalties  [{}]",
                name(rating, "account"),
                rating["rating"],
                parts["compliance"],
                parts["timeliness"],
                parts["penalties"],
                provenance(rating)?
            ));
        }
        Ok(())
    }
}
