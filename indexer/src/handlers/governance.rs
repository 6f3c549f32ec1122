//! How each contract is governed: pauses, handovers of the administrator, replacements of the code.

use assent_events::governance::Event;
use assent_events::{AccountId, Contract};
use sqlx::PgConnection;

use super::{CommitError, Position, one_row};

/// Writes what an event of the government of `contract` means.
///
/// Errors: [`CommitError`].
pub(super) async fn commit(
    contract: Contract,
    event: &Event,
    at: Position,
    db: &mut PgConnection,
) -> Result<(), CommitError> {
    use assent_events::governance as events;
    let address = touch(contract, administrator(event), at, &mut *db).await?;
    let query = match *event {
        Event::Paused(events::Paused { by: _ }) => sqlx::query(
            "update contract_governance set paused = true where contract = $1 and not paused",
        )
        .bind(address),
        Event::Unpaused(events::Unpaused { by: _ }) => sqlx::query(
            "update contract_governance set paused = false where contract = $1 and paused",
        )
        .bind(address),
        Event::HandoverProposed(events::HandoverProposed { from: _, to, not_before }) => {
            sqlx::query(
                "update contract_governance set successor = $2, \
                 successor_not_before_ms = $3::text::u64 where contract = $1",
            )
            .bind(address)
            .bind(to.0)
            .bind(not_before.to_string())
        }
        Event::HandoverCancelled(events::HandoverCancelled { from: _, to }) => sqlx::query(
            "update contract_governance set successor = null, successor_not_before_ms = null \
             where contract = $1 and successor = $2",
        )
        .bind(address)
        .bind(to.0),
        Event::HandoverAccepted(events::HandoverAccepted { from: _, to }) => sqlx::query(
            "update contract_governance set administrator = $2, successor = null, \
             successor_not_before_ms = null where contract = $1 and successor = $2",
        )
        .bind(address)
        .bind(to.0),
        Event::UpgradeAnnounced(events::UpgradeAnnounced { code_hash, not_before, by: _ }) => {
            sqlx::query(
                "update contract_governance set announced_code_hash = $2, \
                 announced_not_before_ms = $3::text::u64 where contract = $1",
            )
            .bind(address)
            .bind(code_hash)
            .bind(not_before.to_string())
        }
        Event::UpgradeCancelled(events::UpgradeCancelled { code_hash, by: _ }) => sqlx::query(
            "update contract_governance set announced_code_hash = null, \
             announced_not_before_ms = null where contract = $1 and announced_code_hash = $2",
        )
        .bind(address)
        .bind(code_hash),
        Event::Upgraded(events::Upgraded { code_hash, by: _ }) => sqlx::query(
            "update contract_governance set code_hash = $2, announced_code_hash = null, \
             announced_not_before_ms = null where contract = $1 and announced_code_hash = $2",
        )
        .bind(address)
        .bind(code_hash),
    };
    let done = query.execute(db).await?;
    one_row(done, || format!("{contract} was not in the state that {event:?} ends"))
}

/// The administrator at the time of the event: only he causes them, or is named by his successor.
fn administrator(event: &Event) -> AccountId {
    match event {
        Event::Paused(event) => event.by,
        Event::Unpaused(event) => event.by,
        Event::HandoverProposed(event) => event.from,
        Event::HandoverCancelled(event) => event.from,
        Event::HandoverAccepted(event) => event.from,
        Event::UpgradeAnnounced(event) => event.by,
        Event::UpgradeCancelled(event) => event.by,
        Event::Upgraded(event) => event.by,
    }
}

/// Makes sure that the contract's row is there and names the same administrator, and moves its
/// position; gives the contract's address.
async fn touch(
    contract: Contract,
    administrator: AccountId,
    at: Position,
    db: &mut PgConnection,
) -> Result<Vec<u8>, CommitError> {
    let address: Option<Vec<u8>> = sqlx::query_scalar(
        "insert into contract_governance (contract, administrator, block_number, event_index) \
         select address, $2, $3, $4 from contracts where name = $1 \
         on conflict (contract) do update set \
         block_number = excluded.block_number, event_index = excluded.event_index \
         where contract_governance.administrator = excluded.administrator \
         returning contract",
    )
    .bind(contract.name())
    .bind(administrator.0)
    .bind(at.block_number)
    .bind(at.event_index)
    .fetch_optional(db)
    .await?;
    address.ok_or_else(|| {
        CommitError::Inconsistent(format!(
            "0x{} acted as the administrator of {contract}, but it is another",
            hex::encode(administrator.0)
        ))
    })
}
