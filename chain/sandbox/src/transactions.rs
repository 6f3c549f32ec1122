//! Transactions: calls of any pallet, with all that a block does around them. [`Sandbox::call`] is
//! only what a contract does.

use assent_runtime::{
    AccountId, Nonce, RuntimeCall, RuntimeEvent, RuntimeOrigin, System, TxExtension, UNIT,
};
use parity_scale_codec::Encode;
use polkadot_sdk::frame_support::dispatch::GetDispatchInfo as _;
use polkadot_sdk::frame_system::{
    CheckEra, CheckGenesis, CheckNonZeroSender, CheckNonce, CheckSpecVersion, CheckTxVersion,
    CheckWeight,
};
use polkadot_sdk::pallet_transaction_payment::ChargeTransactionPayment;
use polkadot_sdk::sp_runtime::DispatchResult;
use polkadot_sdk::sp_runtime::generic::Era;
use polkadot_sdk::sp_runtime::traits::{DispatchTransaction as _, TransactionExtension as _};
use polkadot_sdk::{pallet_contracts, pallet_multisig};

use crate::{Account, Contract, Emitted, GAS_LIMIT, Sandbox, emitted};

/// What a message in a transaction may hold back for storage: far more than any needs.
const DEPOSIT_LIMIT: u128 = UNIT;

/// What a transaction did that a block took.
#[derive(Debug, Clone)]
pub struct Applied {
    /// How it ended; an error undid everything but the fee.
    pub result: DispatchResult,
    /// How the call ended that an account of several keys made by it, if it made one. An error
    /// undid what that call did, and is none of the transaction.
    pub executed: Option<DispatchResult>,
    /// Events of all contracts that took part, in order.
    pub events: Vec<Emitted>,
}

impl Contract {
    /// The call of a message by label with SCALE-encoded arguments, for a transaction. Its gas limit
    /// leaves room in the block for some others.
    #[must_use]
    pub fn transaction(&self, label: &str, arguments: &impl Encode) -> RuntimeCall {
        let selector = self.bundle.message(label).selector;
        RuntimeCall::Contracts(pallet_contracts::Call::call {
            dest: AccountId::from(self.address).into(),
            value: 0,
            gas_limit: GAS_LIMIT / 8,
            storage_deposit_limit: Some(DEPOSIT_LIMIT.into()),
            data: [&selector[..], &arguments.encode()].concat(),
        })
    }
}

impl Sandbox {
    /// Applies a transaction, which is checked and charged for as any other; only its signature is
    /// taken for given.
    ///
    /// # Panics
    /// If no block takes it: the signer cannot pay the fee, or it does not fit.
    #[track_caller]
    pub fn transact(&mut self, signer: Account, call: RuntimeCall) -> Applied {
        let signer = AccountId::from(signer);
        self.chain.execute_with(|| {
            System::reset_events();
            let extension = extension(System::account_nonce(&signer));
            let mut info = call.get_dispatch_info();
            info.extension_weight = extension.weight(&call);
            let (origin, length) = (RuntimeOrigin::signed(signer), call.encoded_size());
            let taken = extension.dispatch_transaction(origin, call, &info, length, 0);
            let result = taken.unwrap_or_else(|error| panic!("no block takes it: {error:?}"));
            System::note_applied_extrinsic(&result, info);
            Applied {
                result: result.map(|_| ()).map_err(|error| error.error),
                executed: executed(),
                events: emitted(),
            }
        })
    }

    /// Reads the chain's state as the pallets do.
    pub fn state<T>(&mut self, read: impl FnOnce() -> T) -> T {
        self.chain.execute_with(read)
    }
}

/// What a transaction says besides its call.
fn extension(nonce: Nonce) -> TxExtension {
    (
        CheckNonZeroSender::new(),
        CheckSpecVersion::new(),
        CheckTxVersion::new(),
        CheckGenesis::new(),
        CheckEra::from(Era::Immortal),
        CheckNonce::from(nonce),
        CheckWeight::new(),
        ChargeTransactionPayment::from(0),
    )
}

/// How the call of an account of several keys ended, if the last transaction made one.
fn executed() -> Option<DispatchResult> {
    System::read_events_no_consensus().find_map(|record| match record.event {
        RuntimeEvent::Multisig(pallet_multisig::Event::MultisigExecuted { result, .. }) => {
            Some(result)
        }
        _ => None,
    })
}
