//! Configuration of every pallet, with the reason for each limit and deposit.

use crate::*;
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::{
        ConstBool, ConstU8, ConstU32, ConstU64, ConstU128, Nothing, Randomness, VariantCountOf,
    },
    weights::{
        IdentityFee, Weight,
        constants::{
            BlockExecutionWeight, ExtrinsicBaseWeight, ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND,
        },
    },
};
use frame_system::{EnsureSigned, limits};
use pallet_transaction_payment::{ConstFeeMultiplier, FungibleAdapter, Multiplier};
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::Perbill;

/// Share of a block that ordinary transactions may fill; the rest is left to operational ones, so
/// that an administrator gets through a flood.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
/// Two of a slot's six seconds are for executing; the rest is for gossip, import and finality on
/// modest hardware. A chain of its own proves nothing to a relay chain: proof size is unbounded.
const MAXIMUM_BLOCK_WEIGHT: Weight =
    Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND.saturating_mul(2), u64::MAX);

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    /// 42: the generic Substrate prefix, which every wallet accepts.
    pub const SS58Prefix: u8 = 42;
    /// 4,096 hashes: transactions may be mortal for up to about seven hours.
    pub const BlockHashCount: BlockNumber = 4_096;
    /// 5 MiB: room for a contract upload (123 KiB) many times over.
    pub BlockLength: limits::BlockLength =
        limits::BlockLength::builder().max_length(5 * 1024 * 1024).modify_max_length_for_class(
            DispatchClass::Normal,
            |m| *m = NORMAL_DISPATCH_RATIO * *m,
        ).build();
    pub BlockWeights: limits::BlockWeights = limits::BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |weights| weights.base_extrinsic = ExtrinsicBaseWeight::get())
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
            weights.reserved =
                Some(MAXIMUM_BLOCK_WEIGHT.saturating_sub(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT));
        })
        .avg_block_initialization(Perbill::from_percent(10))
        .build_or_panic();
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type BlockLength = BlockLength;
    type BlockWeights = BlockWeights;
    type DbWeight = ParityDbWeight;
    type Hash = Hash;
    type Lookup = sp_runtime::traits::AccountIdLookup<AccountId, ()>;
    type MaxConsumers = ConstU32<16>;
    type Nonce = Nonce;
    type SS58Prefix = SS58Prefix;
    type Version = Version;
}

/// Lets Aura check that a block's time lies in the slot that its author was due in.
///
/// A development chain is sealed without slots, and its blocks carry no slot digest: there is
/// nothing to check. On a consortium chain a block without that digest is refused at import, so
/// that no author can avoid the check.
pub struct CheckSlotWhenThereIsOne;

impl frame_support::traits::OnTimestampSet<u64> for CheckSlotWhenThereIsOne {
    fn on_timestamp_set(now: u64) {
        let has_slot = System::digest().logs().iter().any(|log| {
            matches!(log.as_pre_runtime(), Some((id, _)) if id == sp_consensus_aura::AURA_ENGINE_ID)
        });
        if has_slot {
            <Aura as frame_support::traits::OnTimestampSet<u64>>::on_timestamp_set(now);
        }
    }
}

impl pallet_timestamp::Config for Runtime {
    /// Milliseconds since 1970.
    type Moment = u64;
    type OnTimestampSet = CheckSlotWhenThereIsOne;
    /// One millisecond: a development chain seals many blocks a second; a consortium chain is held
    /// to its slots by Aura.
    type MinimumPeriod = ConstU64<1>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    /// GRANDPA's messages grow with the square of the validators; a consortium has tens.
    type MaxAuthorities = ConstU32<100>;
    type DisabledValidators = ();
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT_DURATION_MS>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<100>;
    type MaxNominators = ConstU32<0>;
    /// Without sessions there is no proof of key ownership to look up in an older set.
    type MaxSetIdSessionEntries = ConstU64<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    /// A thousandth of a unit keeps dust accounts from piling up in the state.
    type ExistentialDeposit = ConstU128<MILLI_UNIT>;
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type ReserveIdentifier = [u8; 8];
    type RuntimeEvent = RuntimeEvent;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// Fees do not rise with demand: members of a consortium agree on them.
    pub FeeMultiplier: Multiplier = Multiplier::from_u32(1);
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ()>;
    /// One base unit per picosecond: a second of execution costs one unit.
    type WeightToFee = IdentityFee<Balance>;
    /// One base unit per byte.
    type LengthToFee = IdentityFee<Balance>;
    type FeeMultiplierUpdate = ConstFeeMultiplier<FeeMultiplier>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

impl pallet_sudo::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type WeightInfo = pallet_sudo::weights::SubstrateWeight<Runtime>;
}

/// No contract may ask for randomness: what a chain of known validators could offer, the author of
/// the block could choose.
pub struct NoRandomness;

impl Randomness<Hash, BlockNumber> for NoRandomness {
    fn random(_subject: &[u8]) -> (Hash, BlockNumber) {
        (Hash::zero(), 0)
    }
}

/// What `items` storage items of `bytes` bytes in all hold back from whoever pays for them.
/// A kilobyte costs about a hundredth of a unit: nothing for an honest user, a bill for a flood.
const fn deposit(items: u32, bytes: u32) -> Balance {
    items as Balance * MILLI_UNIT + bytes as Balance * (MILLI_UNIT / 100)
}

parameter_types! {
    pub const DepositPerItem: Balance = deposit(1, 0);
    pub const DepositPerByte: Balance = deposit(0, 1);
    /// What one transaction may hold back when its sender set no limit.
    pub const DefaultDepositLimit: Balance = deposit(1_024, 1_024 * 1_024);
    /// Each contract made of a code holds back this share of the code's deposit, so that code in
    /// use is paid for by its users too.
    pub const CodeHashLockupDepositPercent: Perbill = Perbill::from_percent(30);
    /// A block can write 208 MiB, which a node has to hold beside the runtime's memory. The pallet
    /// checks that it is at most half of what a node has more than that memory, 128 MiB; nothing
    /// else reads this limit.
    pub Schedule: pallet_contracts::Schedule<Runtime> = pallet_contracts::Schedule {
        limits: pallet_contracts::Limits {
            validator_runtime_memory: 640 * 1024 * 1024,
            ..Default::default()
        },
        ..Default::default()
    };
}

impl pallet_contracts::Config for Runtime {
    type Time = Timestamp;
    type Randomness = NoRandomness;
    type Currency = Balances;
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type RuntimeHoldReason = RuntimeHoldReason;
    /// Contracts call contracts, never pallets: what they may do is what their code says.
    type CallFilter = Nothing;
    type WeightPrice = TransactionPayment;
    type WeightInfo = pallet_contracts::weights::SubstrateWeight<Runtime>;
    type ChainExtension = ();
    type Schedule = Schedule;
    /// Five frames: the deepest story (market, carbon, participants) needs three. The stack and
    /// the code share the memory of the runtime, so that five frames allow codes of 123 KiB.
    type CallStack = [pallet_contracts::Frame<Self>; 5];
    type DepositPerByte = DepositPerByte;
    type DepositPerItem = DepositPerItem;
    type DefaultDepositLimit = DefaultDepositLimit;
    type CodeHashLockupDepositPercent = CodeHashLockupDepositPercent;
    type AddressGenerator = pallet_contracts::DefaultAddressGenerator;
    type MaxCodeLen = ConstU32<{ 123 * 1024 }>;
    type MaxStorageKeyLen = ConstU32<128>;
    type MaxTransientStorageSize = ConstU32<{ 1024 * 1024 }>;
    type MaxDelegateDependencies = ConstU32<32>;
    /// Unstable host functions may change under a deployed contract.
    type UnsafeUnstableInterface = ConstBool<false>;
    type MaxDebugBufferLen = ConstU32<{ 2 * 1024 * 1024 }>;
    type UploadOrigin = EnsureSigned<AccountId>;
    type InstantiateOrigin = EnsureSigned<AccountId>;
    /// A fresh chain writes the newest storage version at genesis: there is nothing to migrate.
    type Migrations = ();
    type Debug = ();
    type Environment = ();
    type ApiVersion = ();
    type Xcm = ();
}

/// Several calls in one transaction: each runs as if whoever signed had sent it alone, and all of
/// them have to fit into the block together.
impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// A call that waits for signatures is one item in the state: a key of 120 bytes (its prefix,
    /// the account, the call's hash), and 57 bytes besides the signatories who have signed. The
    /// first of them pays it, and gets it back when the call is executed or cancelled.
    pub const MultisigDepositBase: Balance = deposit(1, 120 + 57);
    /// Each signature that is needed adds an account to that item.
    pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    /// Sixteen keys are enough for the board of an organisation. Every signature names all of
    /// them: an electorate needs a contract that counts.
    type MaxSignatories = ConstU32<16>;
    type BlockNumberProvider = System;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
}
