//! What the API shows of the story, checked and told.

use super::Story;
use crate::{
    scene::{TOKEN, account, items, patient},
    stack::Stack,
};
use anyhow::{Context, Result, ensure};
use serde_json::Value;

mod carbon;

/// A decision in words.
pub fn decision(decision: &Value) -> String {
    match decision["Deny"].as_str() {
        Some("Denied") => "DENY (denied by the patient)".into(),
        Some("NoGrant") => "DENY (no grant)".into(),
        Some("Revoked") => "DENY (revoked)".into(),
        Some(other) => format!("DENY ({other})"),
        None => "PERMIT".into(),
    }
}

/// A number of chunks.
pub fn chunks(count: u64) -> String {
    if count == 1 { "1 chunk".into() } else { format!("{count} chunks") }
}

/// An amount of base units as a decimal number.
pub fn decimal(amount: u128, unit: u128) -> String {
    let digits = unit.ilog10() as usize;
    format!("{}.{:0digits$}", amount / unit, amount % unit)
}

/// The string amount at `pointer` of an answer.
fn amount(answer: &Value, pointer: &str) -> Result<u128> {
    let text = answer.pointer(pointer).and_then(Value::as_str);
    text.with_context(|| format!("no amount at {pointer} of {answer}"))?.parse().context("amount")
}

/// Where an item comes from, in words; every item of the API must say so.
pub fn provenance(item: &Value) -> Result<String> {
    let from = &item["provenance"];
    let (block, hash, event) =
        (from["block_number"].as_u64(), from["block_hash"].as_str(), from["event_index"].as_u64());
    let (Some(block), Some(hash), Some(event)) = (block, hash, event) else {
        anyhow::bail!("no provenance in {item}");
    };
    ensure!(hash.len() == 66, "block hash {hash} is not 32 bytes");
    Ok(format!("block {block} {}…, event {event}", &hash[..10]))
}

/// Who has signed for a version of a report, in words.
fn signatures(version: &Value) -> &'static str {
    let signed = |at: &str| !version[at].is_null();
    match (signed("patient_signed_at_ms"), signed("doctor_signed_at_ms")) {
        (true, true) => "signed by patient and doctor",
        (true, false) => "signed by the patient",
        (false, true) => "signed by the doctor",
        (false, false) => "not signed",
    }
}

impl Story {
    /// Shows what the patient is owed.
    pub async fn show_reward(&self, stack: &Stack) -> Result<()> {
        let path = format!("/v1/rewards/{}", account(&patient()));
        let answer = self.scene.api(stack, &path).await?;
        let (owed, withdrawn) = (amount(&answer, "/owed")?, amount(&answer, "/paid")?);
        self.say(format!(
            "  API: the patient is owed {} tokens, {} withdrawn.  [{}]",
            decimal(owed, TOKEN),
            decimal(withdrawn, TOKEN),
            provenance(&answer)?
        ));
        Ok(())
    }

    /// Shows what has become of what the child's mother granted.
    pub async fn show_childs_grant(&self, stack: &Stack) -> Result<()> {
        let path = format!("/v1/consents/{}", self.childs_grant);
        let grant = self.scene.api(stack, &path).await?;
        self.say(format!(
            "  API: grant {} of guardianship {}: {}.  [{}]",
            grant["id"],
            grant["guardianship"],
            grant["status"].as_str().unwrap_or_default(),
            provenance(&grant)?
        ));
        Ok(())
    }

    /// Shows proposals and grants, log and report, requests for erasure, and all of carbon.
    pub async fn show_everything(&self, stack: &Stack) -> Result<()> {
        stack.mirrored(self.height()).await?;
        let owner = account(&patient());
        self.say("What the API shows:");

        for proposal in items(&stack.ok(&format!("/v1/proposals?owner={owner}")).await?)? {
            self.say(format!(
                "  proposal {} of {}: {}, grant {}  [{}]",
                proposal["id"],
                proposal["requester"].as_str().unwrap_or_default(),
                proposal["status"].as_str().unwrap_or_default(),
                proposal["grant_id"],
                provenance(proposal)?
            ));
        }
        for grant in items(&stack.ok(&format!("/v1/consents?owner={owner}")).await?)? {
            self.say(format!(
                "  grant {} version {} to {}: {}, used {} times  [{}]",
                grant["id"],
                grant["version"],
                grant["grantee"].as_str().unwrap_or_default(),
                grant["status"].as_str().unwrap_or_default(),
                grant["uses"],
                provenance(grant)?
            ));
        }
        for entry in items(&stack.ok(&format!("/v1/access-log?owner={owner}")).await?)? {
            let decision = match entry["deny_reason"].as_str() {
                Some(reason) => format!("deny {reason}"),
                None => format!("permit under grant {}", entry["grant_id"]),
            };
            self.say(format!(
                "  access {}: {decision}  [{}]",
                entry["sequence"],
                provenance(entry)?
            ));
        }
        for request in items(&stack.ok(&format!("/v1/erasures?owner={owner}")).await?)? {
            self.say(format!(
                "  erasure {} by {}: {}  [{}]",
                request["id"],
                request["requester"].as_str().unwrap_or_default(),
                request["status"].as_str().unwrap_or_default(),
                provenance(request)?
            ));
        }
        let path = format!("/v1/reports/{owner}/0x{}", hex::encode(self.series));
        let report = stack.ok(&path).await?;
        for version in items(&report)? {
            self.say(format!(
                "  report version {}: {}, {}, root {}  [{}]",
                version["sequence"],
                version["status"].as_str().unwrap_or_default(),
                signatures(version),
                version["root"].as_str().unwrap_or_default(),
                provenance(version)?
            ));
        }
        self.show_carbon(stack).await
    }
}
