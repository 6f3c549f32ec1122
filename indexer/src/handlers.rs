//! From a decoded event to its projections: one module per contract and one for what all contracts
//! say of their government, each with a pure `process()` that types the event and a `commit()` that
//! writes what it means.
//!
//! `commit()` runs inside the transaction of its block, so it need not be idempotent: the block is
//! written wholly and once, or not at all.

pub mod carbon;
pub mod consent;
pub mod governance;
pub mod market;
pub mod participants;
pub mod reports;
pub mod rewards;
pub mod token;

use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::postgres::PgQueryResult;

/// Where an event stands on chain; the key of all that it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Height of the block.
    pub block_number: i64,
    /// Index of the event in System.Events of the block.
    pub event_index: i32,
}

/// The metadata decoded an event, but its fields are not those that the handler knows.
#[derive(Debug, thiserror::Error)]
#[error(
    "the event {event} has other fields than this indexer expects: {reason}; \
     install the indexer that belongs to the deployed contracts"
)]
pub struct ProcessError {
    /// Name of the event.
    pub event: String,
    /// The field and what is wrong with it.
    pub reason: String,
}

/// Why an event's effects could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The database failed, or one of its constraints refused the row.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The projections do not hold what this event builds on.
    #[error("the projections contradict the event: {0}")]
    Inconsistent(String),
}

/// An event of any of the contracts, typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Of any contract's government.
    Governance(governance::Change),
    /// Of participants.
    Participants(participants::Event),
    /// Of consent.
    Consent(consent::Event),
    /// Of reports.
    Reports(reports::Event),
    /// Of rewards.
    Rewards(rewards::Event),
    /// Of token.
    Token(token::Event),
    /// Of carbon.
    Carbon(carbon::Event),
    /// Of market.
    Market(market::Event),
}

/// Types the event `name` of the contract called `contract`; `None` when no projection follows it.
///
/// Errors: [`ProcessError`] when a field is missing or of another type.
pub fn process(contract: &str, name: &str, fields: &Value) -> Result<Option<Change>, ProcessError> {
    // The same events in every contract; none of a contract's own has such a name.
    if let Some(event) = governance::process(name, fields)? {
        let contract = contract.to_owned();
        return Ok(Some(Change::Governance(governance::Change { contract, event })));
    }
    Ok(match contract {
        "participants" => participants::process(name, fields)?.map(Change::Participants),
        "consent" => consent::process(name, fields)?.map(Change::Consent),
        "reports" => reports::process(name, fields)?.map(Change::Reports),
        "rewards" => rewards::process(name, fields)?.map(Change::Rewards),
        "token" => token::process(name, fields)?.map(Change::Token),
        "carbon" => carbon::process(name, fields)?.map(Change::Carbon),
        "market" => market::process(name, fields)?.map(Change::Market),
        _ => None,
    })
}

impl Change {
    /// Writes what the event means; `at` becomes the provenance of every row that it touches.
    ///
    /// Errors: [`CommitError`]; the caller rolls the whole block back.
    pub async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        match self {
            Change::Governance(change) => change.commit(at, db).await,
            Change::Participants(event) => event.commit(at, db).await,
            Change::Consent(event) => event.commit(at, db).await,
            Change::Reports(event) => event.commit(at, db).await,
            Change::Rewards(event) => event.commit(at, db).await,
            Change::Token(event) => event.commit(at, db).await,
            Change::Carbon(event) => event.commit(at, db).await,
            Change::Market(event) => event.commit(at, db).await,
        }
    }
}

/// The fields of an event as the struct that its handler works with.
fn typed<T: DeserializeOwned>(event: &str, fields: &Value) -> Result<T, ProcessError> {
    serde::Deserialize::deserialize(fields)
        .map_err(|error| ProcessError { event: event.to_owned(), reason: error.to_string() })
}

/// A counter of the chain as bigint. It counts single events, so it stays below 2^63.
fn bigint(value: u64, field: &str) -> Result<i64, CommitError> {
    i64::try_from(value)
        .map_err(|_| CommitError::Inconsistent(format!("{field} = {value} exceeds a bigint")))
}

/// Refuses a change that did not find the one row that it must change.
fn one_row(done: PgQueryResult, what: impl FnOnce() -> String) -> Result<(), CommitError> {
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(CommitError::Inconsistent(what())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    #[test]
    fn an_event_is_typed_by_contract_and_name() {
        let fields = json!({ "owner": ALICE, "to": ALICE, "amount": u128::MAX.to_string() });
        let change = process("rewards", "Withdrawn", &fields).unwrap();
        assert!(matches!(change, Some(Change::Rewards(rewards::Event::Withdrawn(_)))));
        assert_eq!(process("token", "Withdrawn", &fields).unwrap(), None);
        assert_eq!(process("market", "Withdrawn", &fields).unwrap(), None);
        assert_eq!(process("elsewhere", "Withdrawn", &fields).unwrap(), None);
    }

    #[test]
    fn government_is_the_same_in_every_contract_and_keeps_whose_it_is() {
        let fields = json!({ "by": ALICE });
        for name in ["participants", "consent", "rewards", "reports", "token", "carbon", "market"] {
            let change = process(name, "Paused", &fields).unwrap();
            let Some(Change::Governance(change)) = change else { panic!("{change:?}") };
            assert_eq!(change.contract, name);
            assert!(matches!(change.event, governance::Event::Paused(_)));
        }
    }

    #[test]
    fn an_event_of_two_contracts_is_typed_by_its_contract() {
        let hash = format!("0x{}", "ab".repeat(32));
        let report = json!({ "series": hash, "sequence": 1, "reason": hash, "at": "5" });
        assert!(matches!(
            process("reports", "Revoked", &report).unwrap(),
            Some(Change::Reports(reports::Event::Revoked(_)))
        ));
        let grant = json!({ "grant": "1", "owner": ALICE, "by": ALICE, "at": "5" });
        assert!(matches!(
            process("consent", "Revoked", &grant).unwrap(),
            Some(Change::Consent(consent::Event::Revoked(_)))
        ));
        assert!(process("consent", "Revoked", &report).is_err());
        // The same fields in both: only the contract tells whose freeze it is.
        let freeze = json!({ "account": ALICE, "reason": hash, "by": ALICE });
        assert!(matches!(
            process("token", "AccountFrozen", &freeze).unwrap(),
            Some(Change::Token(token::Event::AccountFrozen(_)))
        ));
        assert!(matches!(
            process("carbon", "AccountFrozen", &freeze).unwrap(),
            Some(Change::Carbon(carbon::Event::AccountFrozen(_)))
        ));
    }

    #[test]
    fn an_event_with_other_fields_is_refused_and_the_field_is_named() {
        let missing = json!({ "owner": ALICE, "to": ALICE });
        let error = process("rewards", "Withdrawn", &missing).unwrap_err().to_string();
        assert!(error.contains("Withdrawn") && error.contains("`amount`"), "{error}");
        // Also a field that may be null must be there.
        let missing = json!({ "from": null, "value": "1" });
        let error = process("token", "Transfer", &missing).unwrap_err().to_string();
        assert!(error.contains("`to`"), "{error}");
        let unknown = json!({ "Perhaps": null });
        let error =
            serde_json::from_value::<consent::log::Decision>(unknown).unwrap_err().to_string();
        assert!(error.contains("Perhaps"), "{error}");
    }

    #[test]
    fn decisions_are_a_name_or_a_name_with_a_reason() {
        let permit = serde_json::from_value(json!("Permit"));
        assert_eq!(permit.ok(), Some(consent::log::Decision::Permit));
        let deny = serde_json::from_value(json!({ "Deny": "NoGrant" }));
        assert_eq!(deny.ok(), Some(consent::log::Decision::Deny("NoGrant".to_owned())));
    }

    #[test]
    fn counters_beyond_bigint_are_refused() {
        assert_eq!(bigint(7, "grant").ok(), Some(7));
        let error = bigint(u64::MAX, "grant").unwrap_err().to_string();
        assert!(error.contains("grant = 18446744073709551615"), "{error}");
    }
}
