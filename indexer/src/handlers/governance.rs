//! How each contract is governed: pauses, handovers of the administrator, replacements of the code.

use assent_client::{Account, Hash};
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgConnection;

use super::{CommitError, Position, ProcessError, one_row, typed};
use crate::types::Int;

/// An event of a contract's government.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The contract's name.
    pub contract: String,
    /// What it emitted.
    pub event: Event,
}

/// The events that every governed contract has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The contract was paused.
    Paused(By),
    /// The pause ended.
    Unpaused(By),
    /// A successor of the administrator was proposed.
    HandoverProposed(HandoverProposed),
    /// The proposal was withdrawn.
    HandoverCancelled(Handover),
    /// The successor took over.
    HandoverAccepted(Handover),
    /// Another code was announced.
    UpgradeAnnounced(UpgradeAnnounced),
    /// The announcement was withdrawn.
    UpgradeCancelled(Upgrade),
    /// The announced code runs.
    Upgraded(Upgrade),
}

/// Fields of `Paused` and `Unpaused`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct By {
    by: Account,
}

/// Fields of `HandoverProposed`; `not_before` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HandoverProposed {
    from: Account,
    to: Account,
    not_before: Int<u64>,
}

/// Fields of `HandoverCancelled` and `HandoverAccepted`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Handover {
    from: Account,
    to: Account,
}

/// Fields of `UpgradeAnnounced`; `not_before` in ms since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UpgradeAnnounced {
    code_hash: Hash,
    not_before: Int<u64>,
    by: Account,
}

/// Fields of `UpgradeCancelled` and `Upgraded`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Upgrade {
    code_hash: Hash,
    by: Account,
}

/// Types an event; `None` for one that is not of a contract's government.
///
/// Errors: [`ProcessError`] names the field.
pub fn process(name: &str, fields: &Value) -> Result<Option<Event>, ProcessError> {
    Ok(Some(match name {
        "Paused" => Event::Paused(typed(name, fields)?),
        "Unpaused" => Event::Unpaused(typed(name, fields)?),
        "HandoverProposed" => Event::HandoverProposed(typed(name, fields)?),
        "HandoverCancelled" => Event::HandoverCancelled(typed(name, fields)?),
        "HandoverAccepted" => Event::HandoverAccepted(typed(name, fields)?),
        "UpgradeAnnounced" => Event::UpgradeAnnounced(typed(name, fields)?),
        "UpgradeCancelled" => Event::UpgradeCancelled(typed(name, fields)?),
        "Upgraded" => Event::Upgraded(typed(name, fields)?),
        _ => return Ok(None),
    }))
}

impl Event {
    /// The administrator at the time of the event: only he causes them, or is named by his successor.
    fn administrator(&self) -> Account {
        match self {
            Event::Paused(event) | Event::Unpaused(event) => event.by,
            Event::HandoverProposed(event) => event.from,
            Event::HandoverCancelled(event) | Event::HandoverAccepted(event) => event.from,
            Event::UpgradeAnnounced(event) => event.by,
            Event::UpgradeCancelled(event) | Event::Upgraded(event) => event.by,
        }
    }
}

impl Change {
    /// Writes what the event means.
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let contract = self.touch(at, &mut *db).await?;
        let query = match &self.event {
            Event::Paused(_) => sqlx::query(
                "update contract_governance set paused = true where contract = $1 and not paused",
            )
            .bind(contract),
            Event::Unpaused(_) => sqlx::query(
                "update contract_governance set paused = false where contract = $1 and paused",
            )
            .bind(contract),
            Event::HandoverProposed(event) => sqlx::query(
                "update contract_governance set successor = $2, \
                 successor_not_before_ms = $3::text::u64 where contract = $1",
            )
            .bind(contract)
            .bind(event.to.as_bytes())
            .bind(event.not_before.to_string()),
            Event::HandoverCancelled(event) => sqlx::query(
                "update contract_governance set successor = null, successor_not_before_ms = null \
                 where contract = $1 and successor = $2",
            )
            .bind(contract)
            .bind(event.to.as_bytes()),
            Event::HandoverAccepted(event) => sqlx::query(
                "update contract_governance set administrator = $2, successor = null, \
                 successor_not_before_ms = null where contract = $1 and successor = $2",
            )
            .bind(contract)
            .bind(event.to.as_bytes()),
            Event::UpgradeAnnounced(event) => sqlx::query(
                "update contract_governance set announced_code_hash = $2, \
                 announced_not_before_ms = $3::text::u64 where contract = $1",
            )
            .bind(contract)
            .bind(event.code_hash.as_bytes())
            .bind(event.not_before.to_string()),
            Event::UpgradeCancelled(event) => sqlx::query(
                "update contract_governance set announced_code_hash = null, \
                 announced_not_before_ms = null where contract = $1 and announced_code_hash = $2",
            )
            .bind(contract)
            .bind(event.code_hash.as_bytes()),
            Event::Upgraded(event) => sqlx::query(
                "update contract_governance set code_hash = $2, announced_code_hash = null, \
                 announced_not_before_ms = null where contract = $1 and announced_code_hash = $2",
            )
            .bind(contract)
            .bind(event.code_hash.as_bytes()),
        };
        let done = query.execute(db).await?;
        one_row(done, || {
            format!("{} was not in the state that {:?} ends", self.contract, self.event)
        })
    }

    /// Makes sure that the contract's row is there and names the same administrator, and moves its
    /// position; gives the contract's address.
    async fn touch(&self, at: Position, db: &mut PgConnection) -> Result<Vec<u8>, CommitError> {
        let administrator = self.event.administrator();
        let contract: Option<Vec<u8>> = sqlx::query_scalar(
            "insert into contract_governance (contract, administrator, block_number, event_index) \
             select address, $2, $3, $4 from contracts where name = $1 \
             on conflict (contract) do update set \
             block_number = excluded.block_number, event_index = excluded.event_index \
             where contract_governance.administrator = excluded.administrator \
             returning contract",
        )
        .bind(&self.contract)
        .bind(administrator.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .fetch_optional(db)
        .await?;
        contract.ok_or_else(|| {
            CommitError::Inconsistent(format!(
                "0x{} acted as the administrator of {}, but it is another",
                hex::encode(administrator.0),
                self.contract
            ))
        })
    }
}
