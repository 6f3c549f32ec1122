//! Events of the carbon registry; those of compliance are in [`crate::compliance`].

use assent_client::EmittedEvent;

use crate::{account, event};

/// A class of units; without an issuer, that of the allowances.
#[must_use]
pub fn class_created(class: u64, issuer: Option<u8>) -> EmittedEvent {
    self::class(class, issuer, 0xc1)
}

/// A class of other documents than [`class_created`].
#[must_use]
pub fn class(class: u64, issuer: Option<u8>, metadata: u8) -> EmittedEvent {
    event("carbon", "ClassCreated", (class, issuer.map(account), [metadata; 32]))
}

/// A class gets another issuer.
#[must_use]
pub fn issuer_set(class: u64, issuer: u8) -> EmittedEvent {
    event("carbon", "IssuerSet", (class, account(issuer), account(9)))
}

/// A project of account 7.
#[must_use]
pub fn project_created(project: u64, class: u64) -> EmittedEvent {
    self::project(project, class, 7, 0x9e)
}

/// The vintage is from 10 to 20.
#[must_use]
pub fn batch_created(
    batch: u64,
    class: u64,
    project: Option<u64>,
    serials: (u128, u128),
) -> EmittedEvent {
    self::batch(batch, class, project, serials, (10, 20))
}

/// Units are issued.
#[must_use]
pub fn issued(batch: u64, to: u8, amount: u128) -> EmittedEvent {
    event("carbon", "Issued", (batch, account(to), amount))
}

/// No more units of a batch will be issued.
#[must_use]
pub fn sealed(batch: u64) -> EmittedEvent {
    event("carbon", "BatchSealed", (batch,))
}

/// Units change hands.
#[must_use]
pub fn transferred(batch: u64, from: u8, to: u8, amount: u128, by: u8) -> EmittedEvent {
    event("carbon", "Transferred", (batch, account(from), account(to), amount, account(by)))
}

/// An operator may move so many units.
#[must_use]
pub fn approved(batch: u64, owner: u8, operator: u8, amount: u128) -> EmittedEvent {
    event("carbon", "OperatorApproved", (batch, account(owner), account(operator), amount))
}

/// An operator holds units.
#[must_use]
pub fn escrowed(batch: u64, owner: u8, operator: u8, amount: u128) -> EmittedEvent {
    event("carbon", "Escrowed", (batch, account(owner), account(operator), amount))
}

/// They come back.
#[must_use]
pub fn released(batch: u64, owner: u8, operator: u8, amount: u128) -> EmittedEvent {
    event("carbon", "Released", (batch, account(owner), account(operator), amount))
}

/// They go to somebody else.
#[must_use]
pub fn delivered(batch: u64, from: u8, to: u8, amount: u128, operator: u8) -> EmittedEvent {
    event("carbon", "Delivered", (batch, account(from), account(to), amount, account(operator)))
}

/// Units are retired for the reason 0xee.
#[must_use]
pub fn retired(batch: u64, owner: u8, beneficiary: u8, amount: u128) -> EmittedEvent {
    retired_for(batch, owner, beneficiary, amount, 0xee)
}

/// They are cancelled for the reason 0xef.
#[must_use]
pub fn cancelled(batch: u64, owner: u8, amount: u128) -> EmittedEvent {
    cancelled_for(batch, owner, amount, 0xef)
}

/// An account is frozen by account 9.
#[must_use]
pub fn frozen(n: u8, reason: u8) -> EmittedEvent {
    frozen_by(n, reason, 9)
}

/// It is not frozen any more.
#[must_use]
pub fn unfrozen(n: u8) -> EmittedEvent {
    event("carbon", "AccountUnfrozen", (account(n), account(9)))
}

/// The class of allowances, a class of account 8, and project 1 with batch 1 of those serial numbers.
#[must_use]
pub fn registry(serials: (u128, u128)) -> Vec<EmittedEvent> {
    vec![
        class_created(1, None),
        class_created(2, Some(8)),
        project_created(1, 2),
        batch_created(1, 2, Some(1), serials),
    ]
}

/// A project of another owner and other documents than [`project_created`].
#[must_use]
pub fn project(project: u64, class: u64, owner: u8, metadata: u8) -> EmittedEvent {
    event("carbon", "ProjectCreated", (project, class, account(owner), [metadata; 32]))
}

/// A batch of another vintage than [`batch_created`].
#[must_use]
pub fn batch(
    batch: u64,
    class: u64,
    project: Option<u64>,
    serials: (u128, u128),
    vintage: (u64, u64),
) -> EmittedEvent {
    event("carbon", "BatchCreated", (batch, class, project, serials, vintage))
}

/// Units are retired for a reason.
#[must_use]
pub fn retired_for(
    batch: u64,
    owner: u8,
    beneficiary: u8,
    amount: u128,
    reason: u8,
) -> EmittedEvent {
    let fields = (batch, account(owner), account(beneficiary), amount, [reason; 32]);
    event("carbon", "Retired", fields)
}

/// Units are cancelled for a reason.
#[must_use]
pub fn cancelled_for(batch: u64, owner: u8, amount: u128, reason: u8) -> EmittedEvent {
    event("carbon", "Cancelled", (batch, account(owner), amount, [reason; 32]))
}

/// An account is frozen by somebody.
#[must_use]
pub fn frozen_by(n: u8, reason: u8, by: u8) -> EmittedEvent {
    event("carbon", "AccountFrozen", (account(n), [reason; 32], account(by)))
}
