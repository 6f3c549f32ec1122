//! From events to rows: each projection is a pure fold, without I/O.
//!
//! A projection reads and writes rows of its own only, so that the others go on when it stands still,
//! and expects no order between contracts inside a block: a contract that is called emits before its
//! caller does. What holds between projections holds at the ends of blocks, and
//! [the invariants](crate::INVARIANTS) ask for it there. What a contract guarantees is theirs to check
//! too: a fold refuses only what it cannot make sense of.

pub mod agreements;
pub mod carbon;
pub mod consent;
pub mod governance;
pub mod market;
pub mod participants;
pub mod reports;
pub mod rewards;
mod scheduled;
#[cfg(test)]
mod story;
pub mod token;

use assent_events::{AccountId, Contract, Event};
use primitive_types::U256;

use crate::position::Position;
use crate::rows::Rows;
use crate::table::Table;

/// An event of one of our contracts, and where and when it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Which contract emitted it.
    pub contract: Contract,
    /// That contract's address.
    pub address: AccountId,
    /// What happened.
    pub event: Event,
    /// Where it stands on chain.
    pub at: Position,
    /// Time of its block, ms since 1970.
    pub time_ms: u64,
}

/// Why an event is not folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A row is not known that the event builds on: load what is [wanted](Rows::wanted), fold again.
    Need,
    /// The rows do not hold what the event builds on.
    Contradiction(String),
}

/// An event that contradicts what its projection holds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {at} contradicts the projection: {reason}")]
pub struct Contradiction {
    /// Where the event stands.
    pub at: Position,
    /// What does not fit.
    pub reason: String,
}

/// Declares the projections from the modules of the folds: one of each contract's own events, and one
/// of what all of them say of their government.
macro_rules! projections {
    ($($(#[doc = $doc:literal])* $projection:ident: $module:ident, version $version:literal;)+) => {
        /// What is made of the events: groups of tables that stand still or go on together.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Projection {
            /// How each contract is governed; fed by all of them.
            Governance,
            $($(#[doc = $doc])* $projection,)+
        }

        impl Projection {
            /// All of them.
            pub const ALL: &'static [Self] = &[Self::Governance, $(Self::$projection,)+];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Governance => "governance",
                    $(Self::$projection => stringify!($module),)+
                }
            }

            /// Its version: rows of another version are made again from the events.
            #[must_use]
            pub const fn version(self) -> i32 {
                match self {
                    Self::Governance => 1,
                    $(Self::$projection => $version,)+
                }
            }

            /// Its tables.
            #[must_use]
            pub const fn tables(self) -> &'static [Table] {
                match self {
                    Self::Governance => governance::TABLES,
                    $(Self::$projection => $module::TABLES,)+
                }
            }

            /// No row of its tables yet.
            #[must_use]
            pub fn rows(self) -> Rows {
                match self {
                    Self::Governance => governance::rows(),
                    $(Self::$projection => $module::rows(),)+
                }
            }

            /// The projection that an event is folded into.
            #[must_use]
            pub const fn of(event: &Event) -> Self {
                match event {
                    Event::Governance(_) => Self::Governance,
                    $(Event::$projection(_) => Self::$projection,)+
                }
            }

            /// The projection of a contract's own events.
            #[must_use]
            pub const fn of_contract(contract: Contract) -> Self {
                match contract {
                    $(Contract::$projection => Self::$projection,)+
                }
            }

            /// Names the rows that an event will read, as far as the event tells.
            pub fn want(happened: &Happened, rows: &mut Rows) {
                match &happened.event {
                    Event::Governance(_) => governance::want(happened.address, rows),
                    $(Event::$projection(event) => $module::want(event, rows),)+
                }
            }

            fn apply(
                happened: &Happened,
                next: Option<&Event>,
                rows: &mut Rows,
            ) -> Result<(), Stop> {
                let Happened { at, time_ms, .. } = *happened;
                match &happened.event {
                    Event::Governance(event) => governance::apply(event, happened, rows),
                    $(Event::$projection(event) => {
                        $module::apply(event, Moment { at, time_ms, next }, rows)
                    })+
                }
            }
        }
    };
}

projections! {
    /// Who is admitted, with which roles.
    Participants: participants, version 1;
    /// Grants, emergencies, and decisions on accesses.
    Consent: consent, version 1;
    /// Proposals of grants, and requests for erasure.
    Agreements: agreements, version 1;
    /// Anchored reports.
    Reports: reports, version 1;
    /// Budgets, pots, and what accesses earn.
    Rewards: rewards, version 1;
    /// The settlement token.
    Token: token, version 1;
    /// The carbon registry.
    Carbon: carbon, version 1;
    /// The market.
    Market: market, version 1;
}

/// Where and when an event happened, and what followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment<'a> {
    /// Where it stands on chain.
    pub at: Position,
    /// Time of its block, ms since 1970.
    pub time_ms: u64,
    /// The next event of the projection in its block: of what a guardian does, it says that he did it.
    pub next: Option<&'a Event>,
}

/// Folds the events of one block that are of one projection, in order, into its rows. `done` counts
/// those that are folded: called again with it, the fold goes on where it stopped for a row.
///
/// # Errors
///
/// [`BlockStop`].
pub fn fold_block(events: &[Happened], done: &mut usize, rows: &mut Rows) -> Result<(), BlockStop> {
    while let Some(happened) = events.get(*done) {
        rows.begin(happened.at);
        let next = events.get(*done + 1).map(|next| &next.event);
        match Projection::apply(happened, next, rows) {
            Ok(()) => *done += 1,
            Err(Stop::Need) => {
                rows.undo_event();
                return Err(BlockStop::Need);
            }
            Err(Stop::Contradiction(reason)) => {
                rows.undo_block();
                return Err(BlockStop::Contradiction(Contradiction { at: happened.at, reason }));
            }
        }
    }
    if let Some(last) = events.last() {
        rows.end_block(last.at.block_number);
    }
    Ok(())
}

/// Why a block is not folded to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockStop {
    /// A row is missing.
    Need,
    /// An event contradicts the rows; nothing of the block is in them.
    Contradiction(Contradiction),
}

fn contradiction<T>(reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Contradiction(reason.into()))
}

/// How an account is named in a reason.
fn hex(account: AccountId) -> String {
    format!("0x{}", ::hex::encode(account.0))
}

/// A counter of the chain as bigint. It counts single events, so it stays below 2^63.
fn bigint(value: u64, field: &str) -> Result<i64, Stop> {
    i64::try_from(value).or_else(|_| contradiction(format!("{field} = {value} exceeds a bigint")))
}

/// A counter as the key of a row that an event will read. No row is beyond a bigint; that an event names
/// one is a contradiction once it is folded.
fn key(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A small number of the chain as smallint: fees in basis points and ratings stay below 2^15.
fn smallint(value: u16, field: &str) -> Result<i16, Stop> {
    i16::try_from(value).or_else(|_| contradiction(format!("{field} = {value} exceeds a smallint")))
}

/// The sum of two amounts, which must be one.
fn plus(a: u128, b: u128, what: impl FnOnce() -> String) -> Result<u128, Stop> {
    a.checked_add(b).ok_or_else(|| Stop::Contradiction(format!("{} exceeds a u128", what())))
}

/// What is left of an amount, which must be so much at least.
fn minus(a: u128, b: u128, what: impl FnOnce() -> String) -> Result<u128, Stop> {
    a.checked_sub(b).ok_or_else(|| Stop::Contradiction(format!("{} falls below zero", what())))
}

/// A running total, which may exceed a u128.
fn total(sum: U256, amount: u128, what: impl FnOnce() -> String) -> Result<U256, Stop> {
    let more = sum.checked_add(U256::from(amount));
    more.ok_or_else(|| Stop::Contradiction(format!("{} exceeds 256 bits", what())))
}
