//! How the mirror holds what the model does.

use assent_events::AccountId;
use assent_model::World;

/// A counter or moment of the chain as the mirror holds it.
pub(super) fn big(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Who did something for an owner at a moment: who the row says, if the model knows of a guardian who did
/// something then, or else the owner.
pub(super) fn acted(world: &World, owner: AccountId, by: AccountId, at_ms: i64) -> AccountId {
    let mut deeds = world.consent.deeds.iter();
    let known = deeds.any(|deed| (deed.subject, deed.by, big(deed.at)) == (owner.0, by.0, at_ms));
    if known { by } else { owner }
}

/// A moment that may not have come.
pub(super) fn ms(moment: Option<u64>) -> Option<i64> {
    moment.map(big)
}

/// What the model does not hold, but knows whether there is any.
pub(super) fn only_if<T: Default>(there: bool, value: Option<T>) -> Option<T> {
    there.then(|| value.unwrap_or_default())
}

/// The same of an account.
pub(super) fn account_if(there: bool, value: Option<AccountId>) -> Option<AccountId> {
    only_if(there, value.map(|account| account.0)).map(AccountId)
}
