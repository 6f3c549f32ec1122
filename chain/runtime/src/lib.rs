//! The runtime of an Assent chain.
//!
//! It holds what a ledger of contracts needs and no more: accounts and fees, the clock, block
//! production (Aura), finality (GRANDPA), an administrator (Sudo), `pallet-contracts`, several
//! calls in one transaction (Utility) and accounts of several keys (Multisig). The node carries no
//! runtime: it runs the Wasm build of this crate that the chain spec holds. Every limit and deposit
//! stands in [`configs`] with its reason.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod apis;
pub mod configs;

use alloc::vec::Vec;
use polkadot_sdk::*;
use sp_runtime::{
    MultiAddress, MultiSignature, generic, impl_opaque_keys,
    traits::{BlakeTwo256, IdentifyAccount, Verify},
};
use sp_version::RuntimeVersion;

/// Signatures that an account may use: sr25519, ed25519 or ECDSA.
pub type Signature = MultiSignature;
/// 32-byte account identifier.
pub type AccountId = <<Signature as Verify>::Signer as IdentifyAccount>::AccountId;
/// Native balance in base units; 10^12 of them are one [`UNIT`].
pub type Balance = u128;
/// How many transactions an account has sent.
pub type Nonce = u32;
/// Hash of blocks, codes and storage.
pub type Hash = sp_core::H256;
/// Height of a block.
pub type BlockNumber = u32;
/// How transactions name accounts.
pub type Address = MultiAddress<AccountId, ()>;
/// Block header.
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
/// Block with decoded transactions.
pub type Block = generic::Block<Header, UncheckedExtrinsic>;

/// One native unit: it pays fees and storage deposits, it is not the settlement token.
pub const UNIT: Balance = 1_000_000_000_000;
/// A thousandth of a [`UNIT`].
pub const MILLI_UNIT: Balance = UNIT / 1_000;

/// Time between two blocks of a consortium chain, milliseconds.
pub const SLOT_DURATION_MS: u64 = 6_000;

/// What every transaction is checked for, in this order.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
);

/// Transaction as it arrives.
pub type UncheckedExtrinsic =
    generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;

/// Dispatches blocks to the pallets.
pub type Executive = frame_executive::Executive<
    Runtime,
    Block,
    frame_system::ChainContext<Runtime>,
    Runtime,
    AllPalletsWithSystem,
>;

/// Event record, as dry runs of contracts return it.
pub type EventRecord = frame_system::EventRecord<RuntimeEvent, Hash>;

impl_opaque_keys! {
    /// Keys with which a validator takes part in consensus.
    pub struct SessionKeys {
        /// Block production.
        pub aura: Aura,
        /// Finality.
        pub grandpa: Grandpa,
    }
}

/// Version of this runtime. `spec_version` rises with every change of behaviour,
/// `transaction_version` with every change of a transaction's encoding.
#[sp_version::runtime_version]
pub const VERSION: RuntimeVersion = RuntimeVersion {
    spec_name: alloc::borrow::Cow::Borrowed("assent"),
    impl_name: alloc::borrow::Cow::Borrowed("assent"),
    authoring_version: 1,
    spec_version: 2,
    impl_version: 1,
    apis: apis::RUNTIME_API_VERSIONS,
    transaction_version: 1,
    system_version: 1,
};

#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(2)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(3)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(5)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(6)]
    pub type Sudo = pallet_sudo;
    #[runtime::pallet_index(7)]
    pub type Contracts = pallet_contracts;
    #[runtime::pallet_index(8)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(9)]
    pub type Multisig = pallet_multisig;
}
