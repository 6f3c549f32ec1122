//! What only the chain knows of a code, and does to one. It runs in a contract on a chain and nowhere
//! else: a test of plain Rust reaches the refusals that come before.

use crate::{Announced, Governance, GovernanceError};
use assent_events::{
    governance::{UpgradeAnnounced, UpgradeCancelled, Upgraded},
    Hash,
};
use ink::{
    env::{
        call::{build_call, ExecutionInput, Selector},
        DefaultEnvironment,
    },
    primitives::AccountId,
};

/// Selector of [`crate::Governed::schema_version`].
const SCHEMA_VERSION: [u8; 4] = ink::selector_bytes!("Governed::schema_version");

/// Announces a code and locks it on the chain; what was announced before is unlocked.
///
/// # Errors
///
/// Those of [`crate::Governed::announce_upgrade`]. A code that is not on the chain traps.
pub fn announce(
    governance: &mut Governance,
    caller: AccountId,
    now: u64,
    code_hash: Hash,
) -> Result<UpgradeAnnounced, GovernanceError> {
    let Announced { event, lock, unlock } =
        governance.announce_upgrade(caller, now, code_hash, own_code)?;
    if let Some(code) = lock {
        ink::env::lock_delegate_dependency::<DefaultEnvironment>(&code.into());
    }
    if let Some(code) = unlock {
        release(code);
    }
    Ok(event)
}

/// Withdraws an announcement and unlocks its code.
///
/// # Errors
///
/// Those of [`crate::Governed::cancel_upgrade`].
pub fn cancel(
    governance: &mut Governance,
    caller: AccountId,
) -> Result<UpgradeCancelled, GovernanceError> {
    let event = governance.cancel_upgrade(caller)?;
    release(event.code_hash);
    Ok(event)
}

/// Makes an announced code the contract's, if it can read what the contract stores, which is of the
/// version `schema`; the contract itself keeps it on the chain then.
///
/// # Errors
///
/// Those of [`crate::Governed::apply_upgrade`].
pub fn apply(
    governance: &mut Governance,
    caller: AccountId,
    now: u64,
    schema: u32,
) -> Result<Upgraded, GovernanceError> {
    let event = governance.apply_upgrade(caller, now, schema, schema_of)?;
    ink::env::set_code_hash::<DefaultEnvironment>(&event.code_hash.into())
        .expect("the code was locked when it was announced, so that it is on the chain");
    release(event.code_hash);
    Ok(event)
}

fn own_code() -> Hash {
    ink::env::own_code_hash::<DefaultEnvironment>()
        .expect("a contract has a code, whose hash decodes")
        .into()
}

fn release(code: Hash) {
    ink::env::unlock_delegate_dependency::<DefaultEnvironment>(&code.into());
}

/// What `code` answers on this contract's storage, as it would after the upgrade. `None`: it has no
/// such message, trapped, or what it answers does not decode.
fn schema_of(code: Hash) -> Option<u32> {
    let answer = build_call::<DefaultEnvironment>()
        .delegate(code.into())
        .exec_input(ExecutionInput::new(Selector::new(SCHEMA_VERSION)))
        .returns::<u32>()
        .try_invoke();
    answer.ok()?.ok()
}
