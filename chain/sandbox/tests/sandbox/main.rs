//! The contracts on the real pallet, in-process.

mod agreements;
mod batches;
mod constructors;
mod decisions;
mod gas;
mod market;
mod messages;
mod offices;
mod pauses;
mod proofs;
mod reentrancy;
mod runtime;
mod storage;
mod stories;
mod token;
mod upgrade;
mod walk;
