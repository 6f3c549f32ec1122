#![doc = include_str!("../README.md")]

mod bundle;
pub mod cases;
pub mod ledger;
pub mod mirrored;
mod transactions;

use std::sync::Arc;

use assent_runtime::{
    AccountId, Balances, Contracts, Hash, Runtime, RuntimeEvent, RuntimeOrigin, System, Timestamp,
    UNIT,
};
use parity_scale_codec::{Decode, DecodeAll as _, Encode};
use polkadot_sdk::frame_support::storage::storage_prefix;
use polkadot_sdk::frame_support::traits::fungible::Mutate as _;
use polkadot_sdk::frame_support::{Blake2_128Concat, StorageHasher as _};
use polkadot_sdk::frame_system::BlockHash;
use polkadot_sdk::pallet_contracts::{
    Code, CollectEvents, DebugInfo, Determinism, Event, StorageDeposit,
};
use polkadot_sdk::sp_io::{TestExternalities, default_child_storage as child};
pub use polkadot_sdk::sp_runtime::Weight;
use polkadot_sdk::sp_runtime::{DispatchError, ModuleError, StateVersion};

pub use crate::bundle::{Bundle, Message};
pub use crate::transactions::Applied;

/// An account, or the address of a contract.
pub type Account = [u8; 32];

/// Time of the first block, ms since 1970: 2026-01-01.
pub const GENESIS: u64 = 1_767_225_600_000;

/// What an ordinary transaction may use: what the runtime's blocks leave for one.
pub const GAS_LIMIT: Weight = Weight::from_parts(1_200_000_000_000, u64::MAX / 2);

/// A deployed contract.
#[derive(Debug, Clone)]
pub struct Contract {
    /// Its address.
    pub address: Account,
    /// What it was made of.
    pub bundle: Arc<Bundle>,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It returned this value, SCALE-encoded; of a `Result`, what is inside `Ok`.
    Returned(Vec<u8>),
    /// It returned an error of this name, with the text that it carries, if it does, as in
    /// `Custom("Paused")`; all that it did is undone.
    Refused(String),
    /// It trapped, or could not be called at all, and the pallet calls that so; all that it did is
    /// undone.
    Failed(String),
}

/// An event of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emitted {
    /// The contract's address.
    pub contract: Account,
    /// Signature topic, which says which event it is.
    pub topic: [u8; 32],
    /// All its fields, SCALE-encoded.
    pub data: Vec<u8>,
}

/// What a call did.
#[derive(Debug, Clone)]
pub struct Executed {
    /// How it ended.
    pub outcome: Outcome,
    /// Events of all contracts that took part, in order.
    pub events: Vec<Emitted>,
    /// What it used.
    pub weight: Weight,
    /// What its gas limit must be at least.
    pub weight_required: Weight,
    /// What it held back for storage, in native base units; below zero what it gave back.
    pub deposit: i128,
}

impl Executed {
    /// The returned value.
    ///
    /// # Panics
    /// If the call was refused or failed, or returned something else.
    #[track_caller]
    #[must_use]
    pub fn value<T: Decode>(&self) -> T {
        match &self.outcome {
            Outcome::Returned(bytes) => decode(bytes),
            other => panic!("expected a value, got {other:?}"),
        }
    }
}

/// The chain: one block that never ends, at a time that the test sets.
pub struct Sandbox {
    chain: TestExternalities,
    now: u64,
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::new()
    }
}

impl Sandbox {
    /// A chain without contracts, at [`GENESIS`].
    #[must_use]
    pub fn new() -> Self {
        let mut sandbox = Self { chain: TestExternalities::default(), now: GENESIS };
        sandbox.chain.execute_with(|| {
            // No event is recorded in block 0. Transactions name it, and so it needs a hash.
            System::set_block_number(1);
            BlockHash::<Runtime>::insert(0, Hash::zero());
            Timestamp::set_timestamp(GENESIS);
        });
        sandbox
    }

    /// The time, ms since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Lets `ms` milliseconds pass.
    pub fn advance(&mut self, ms: u64) {
        self.now = self.now.saturating_add(ms);
        let now = self.now;
        self.chain.execute_with(|| Timestamp::set_timestamp(now));
    }

    /// Number of the block that calls are in.
    #[must_use]
    pub fn block(&mut self) -> u32 {
        self.chain.execute_with(System::block_number)
    }

    /// What is called from now on is in the next block; no time passes.
    pub fn next_block(&mut self) {
        self.chain.execute_with(|| System::set_block_number(System::block_number() + 1));
    }

    /// Gives accounts a million native units each, for deposits.
    pub fn endow(&mut self, accounts: &[Account]) {
        self.chain.execute_with(|| {
            for account in accounts {
                Balances::set_balance(&AccountId::from(*account), 1_000_000 * UNIT);
            }
        });
    }

    /// Uploads a contract's code and gives its hash.
    ///
    /// # Panics
    /// If the pallet refuses it.
    #[track_caller]
    pub fn upload(&mut self, uploader: Account, bundle: &Bundle) -> [u8; 32] {
        let code = bundle.code.clone();
        let uploaded = self.chain.execute_with(|| {
            Contracts::bare_upload_code(uploader.into(), code, None, Determinism::Enforced)
        });
        uploaded.unwrap_or_else(|error| panic!("upload of {}: {error:?}", bundle.name)).code_hash.0
    }

    /// Gives a contract another code, as only the chain itself can: nobody asks whether it reads what the
    /// contract stores.
    ///
    /// # Panics
    /// If the pallet refuses it.
    #[track_caller]
    pub fn set_code(&mut self, contract: &Contract, code: [u8; 32]) {
        let account = AccountId::from(contract.address);
        let set = self.chain.execute_with(|| {
            Contracts::set_code(RuntimeOrigin::root(), account.into(), code.into())
        });
        set.unwrap_or_else(|error| panic!("code of {}: {error:?}", contract.bundle.name));
    }

    /// Has a code removed that `uploader` uploaded; whether it was.
    pub fn remove_code(&mut self, uploader: Account, code: [u8; 32]) -> bool {
        let origin = RuntimeOrigin::signed(uploader.into());
        self.chain.execute_with(|| Contracts::remove_code(origin, code.into())).is_ok()
    }

    /// Uploads and instantiates a contract by its constructor `new` with SCALE-encoded arguments.
    ///
    /// # Errors
    /// The name of the constructor's error, or what the pallet says.
    pub fn instantiate(
        &mut self,
        deployer: Account,
        bundle: &Arc<Bundle>,
        arguments: &impl Encode,
    ) -> Result<Contract, String> {
        self.instantiate_raw(deployer, bundle, arguments.encode())
    }

    /// [`Sandbox::instantiate`] with arguments that are encoded already.
    ///
    /// # Errors
    /// The name of the constructor's error, or what the pallet says.
    pub fn instantiate_raw(
        &mut self,
        deployer: Account,
        bundle: &Arc<Bundle>,
        arguments: Vec<u8>,
    ) -> Result<Contract, String> {
        self.deploy(deployer, bundle, arguments).map(|(contract, _events)| contract)
    }

    /// [`Sandbox::instantiate_raw`], with what the constructor emitted.
    ///
    /// # Errors
    /// The name of the constructor's error, or what the pallet says.
    pub fn deploy(
        &mut self,
        deployer: Account,
        bundle: &Arc<Bundle>,
        arguments: Vec<u8>,
    ) -> Result<(Contract, Vec<Emitted>), String> {
        let new = bundle.constructors.get("new").ok_or("no constructor `new`")?;
        let input = [&new.selector[..], &arguments].concat();
        let code = Code::Upload(bundle.code.clone());
        let (result, events) = self.chain.execute_with(|| {
            System::reset_events();
            let result = Contracts::bare_instantiate(
                deployer.into(),
                0,
                GAS_LIMIT,
                None,
                code,
                input,
                self.now.encode(),
                DebugInfo::Skip,
                CollectEvents::Skip,
            )
            .result;
            (result, emitted())
        });
        let instantiated = result.map_err(|error| format!("{error:?}"))?;
        if instantiated.result.did_revert() {
            return Err(format!("{:?}", outcome(new, true, &instantiated.result.data)));
        }
        let address = instantiated.account_id.into();
        Ok((Contract { address, bundle: Arc::clone(bundle) }, events))
    }

    /// Calls a message by label with SCALE-encoded arguments.
    pub fn call(
        &mut self,
        caller: Account,
        contract: &Contract,
        label: &str,
        arguments: &impl Encode,
    ) -> Executed {
        self.call_within(GAS_LIMIT, caller, contract, label, arguments)
    }

    /// [`Sandbox::call`] with another gas limit than [`GAS_LIMIT`].
    pub fn call_within(
        &mut self,
        limit: Weight,
        caller: Account,
        contract: &Contract,
        label: &str,
        arguments: &impl Encode,
    ) -> Executed {
        let message = contract.bundle.message(label);
        let input = [&message.selector[..], &arguments.encode()].concat();
        self.run(limit, caller, contract, label, input)
    }

    /// Calls a message by label with its whole input: the selector and the arguments.
    pub fn call_raw(
        &mut self,
        caller: Account,
        contract: &Contract,
        label: &str,
        input: Vec<u8>,
    ) -> Executed {
        self.run(GAS_LIMIT, caller, contract, label, input)
    }

    fn run(
        &mut self,
        limit: Weight,
        caller: Account,
        contract: &Contract,
        label: &str,
        input: Vec<u8>,
    ) -> Executed {
        let (result, events) = self.chain.execute_with(|| {
            System::reset_events();
            let result = Contracts::bare_call(
                caller.into(),
                contract.address.into(),
                0,
                limit,
                None,
                input,
                DebugInfo::Skip,
                CollectEvents::Skip,
                Determinism::Enforced,
            );
            (result, emitted())
        });
        let message = contract.bundle.message(label);
        let outcome = match result.result {
            Ok(returned) => outcome(message, returned.did_revert(), &returned.data),
            Err(error) => Outcome::Failed(named(error)),
        };
        Executed {
            outcome,
            events,
            weight: result.gas_consumed,
            weight_required: result.gas_required,
            deposit: match result.storage_deposit {
                StorageDeposit::Charge(amount) => signed(amount),
                StorageDeposit::Refund(amount) => signed(amount).saturating_neg(),
            },
        }
    }

    /// Calls a view and decodes what it returns; changes nothing.
    ///
    /// # Panics
    /// If it does not return a `T`.
    #[track_caller]
    pub fn view<T: Decode>(
        &mut self,
        contract: &Contract,
        label: &str,
        arguments: &impl Encode,
    ) -> T {
        let selector = contract.bundle.message(label).selector;
        let input = [&selector[..], &arguments.encode()].concat();
        match self.view_raw(contract, label, input) {
            Outcome::Returned(bytes) => decode(&bytes),
            other => panic!("{label}: expected a value, got {other:?}"),
        }
    }

    /// Calls a view with its whole input: the selector and the arguments; changes nothing.
    pub fn view_raw(&mut self, contract: &Contract, label: &str, input: Vec<u8>) -> Outcome {
        self.begin();
        // Anyone may call a view: the contract itself is an account that exists.
        let executed = self.call_raw(contract.address, contract, label, input);
        self.rollback();
        executed.outcome
    }

    /// From here on everything can be undone by [`Sandbox::rollback`].
    pub fn begin(&mut self) {
        self.chain.execute_with(polkadot_sdk::sp_io::storage::start_transaction);
    }

    /// Undoes everything since the last [`Sandbox::begin`], and the time that passed.
    pub fn rollback(&mut self) {
        self.now = self.chain.execute_with(|| {
            polkadot_sdk::sp_io::storage::rollback_transaction();
            polkadot_sdk::pallet_timestamp::Now::<Runtime>::get()
        });
    }

    /// A value of a contract's storage, by its key: a `ManualKey`, and of a mapping also the
    /// SCALE-encoded key in it.
    #[must_use]
    pub fn storage(&mut self, contract: &Contract, key: &[u8]) -> Option<Vec<u8>> {
        let trie = self.trie(contract);
        let key = Blake2_128Concat::hash(key);
        self.chain.execute_with(|| child::get(&trie, &key).map(|value| value.to_vec()))
    }

    /// Overwrites a value of a contract's storage: for states that no test can reach by calls.
    pub fn set_storage(&mut self, contract: &Contract, key: &[u8], value: &[u8]) {
        let trie = self.trie(contract);
        let key = Blake2_128Concat::hash(key);
        self.chain.execute_with(|| child::set(&trie, &key, value));
    }

    /// Every key (as in [`Sandbox::storage`]) and value of a contract's storage.
    #[must_use]
    pub fn entries(&mut self, contract: &Contract) -> Vec<(Vec<u8>, Vec<u8>)> {
        let trie = self.trie(contract);
        self.chain.execute_with(|| {
            let mut entries = Vec::new();
            let mut last = Vec::new();
            while let Some(key) = child::next_key(&trie, &last) {
                let value = child::get(&trie, &key).unwrap_or_default();
                // The hash before the key is 16 bytes long.
                entries.push((key.get(16..).unwrap_or_default().to_vec(), value.to_vec()));
                last = key;
            }
            entries
        })
    }

    /// A digest of everything that contracts store.
    #[must_use]
    pub fn root(&mut self, contract: &Contract) -> Vec<u8> {
        let trie = self.trie(contract);
        self.chain.execute_with(|| child::root(&trie, StateVersion::V1))
    }

    /// Hash of the code that a contract runs.
    ///
    /// # Panics
    /// If there is no contract.
    #[must_use]
    pub fn code_hash(&mut self, contract: &Contract) -> [u8; 32] {
        let account = AccountId::from(contract.address);
        self.chain.execute_with(|| Contracts::code_hash(&account)).expect("it is a contract").0
    }

    /// The pallet keeps this to itself; it is the first field of what it stores of a contract.
    fn trie(&mut self, contract: &Contract) -> Vec<u8> {
        let mut key = storage_prefix(b"Contracts", b"ContractInfoOf").to_vec();
        key.extend(polkadot_sdk::frame_support::Twox64Concat::hash(&contract.address));
        let info = self.chain.execute_with(|| polkadot_sdk::sp_io::storage::get(&key));
        decode_prefix(&info.expect("it is a contract"))
    }
}

/// What contracts emitted since the events were reset.
fn emitted() -> Vec<Emitted> {
    let events = System::read_events_no_consensus().filter_map(|record| {
        let record = *record;
        match record.event {
            RuntimeEvent::Contracts(Event::ContractEmitted { contract, data }) => {
                let topic = record.topics.first().map_or([0; 32], |topic| topic.0);
                Some(Emitted { contract: contract.into(), topic, data })
            }
            _ => None,
        }
    });
    events.collect()
}

/// What a pallet calls an error.
fn named(error: DispatchError) -> String {
    match error {
        DispatchError::Module(ModuleError { message: Some(name), .. }) => name.to_owned(),
        other => format!("{other:?}"),
    }
}

/// Reads what a message returned.
fn outcome(message: &Message, reverted: bool, data: &[u8]) -> Outcome {
    match (&message.errors, data) {
        (Some(_), [0, 0, value @ ..]) if !reverted => Outcome::Returned(value.to_vec()),
        (Some(errors), [0, 1, index, fields @ ..]) => refusal(errors, *index, fields),
        (None, [0, value @ ..]) if !reverted => Outcome::Returned(value.to_vec()),
        _ => Outcome::Failed(format!("the contract could not read its input: {data:?}")),
    }
}

fn refusal(errors: &[String], index: u8, mut fields: &[u8]) -> Outcome {
    let Some(name) = errors.get(usize::from(index)) else {
        return Outcome::Failed(format!("error {index}, which the metadata does not list"));
    };
    if fields.is_empty() {
        return Outcome::Refused(name.clone());
    }
    match String::decode_all(&mut fields) {
        Ok(text) => Outcome::Refused(format!("{name}({text:?})")),
        Err(_) => Outcome::Failed(format!("{name} with fields that are no text: {fields:?}")),
    }
}

/// Decodes a value that must take up all bytes.
///
/// # Panics
/// If it does not.
#[track_caller]
pub fn decode<T: Decode>(bytes: &[u8]) -> T {
    let mut rest = bytes;
    let value = T::decode(&mut rest).unwrap_or_else(|error| panic!("{error}: {bytes:?}"));
    assert!(rest.is_empty(), "{} bytes are left of {bytes:?}", rest.len());
    value
}

fn decode_prefix<T: Decode>(mut bytes: &[u8]) -> T {
    T::decode(&mut bytes).expect("the pallet's own encoding")
}

fn signed(amount: u128) -> i128 {
    i128::try_from(amount).expect("a deposit is far below 2^127")
}
