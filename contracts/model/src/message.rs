//! Every message that changes the state of a contract, as a value that can be applied to the model
//! and sent to the contract.

mod agreements;
mod carbon;
mod consent;
mod market;
mod reports;
mod rewards;

pub use agreements::AgreementsMessage;
pub use carbon::CarbonMessage;
pub use consent::ConsentMessage;
pub use market::MarketMessage;
pub use reports::ReportsMessage;
pub use rewards::RewardsMessage;

use crate::types::*;
use parity_scale_codec::Encode;
use std::{cell::RefCell, collections::BTreeMap};

/// A message with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// To participants.
    Participants(ParticipantsMessage),
    /// To consent.
    Consent(ConsentMessage),
    /// To rewards.
    Rewards(RewardsMessage),
    /// To agreements.
    Agreements(AgreementsMessage),
    /// To reports.
    Reports(ReportsMessage),
    /// On the government of a contract.
    Governed(Contract, GovernedMessage),
    /// To the token.
    Token(TokenMessage),
    /// To carbon.
    Carbon(CarbonMessage),
    /// To the market.
    Market(MarketMessage),
}

/// Messages of participants. The fields of all these are the arguments, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum ParticipantsMessage {
    /// `register(profile)`
    Register(Hash),
    /// `update_profile(profile)`
    UpdateProfile(Hash),
    /// `approve(account, roles, profile)`
    Approve(Account, u16, Hash),
    /// `confirm_profile(account, profile)`
    ConfirmProfile(Account, Hash),
    /// `set_roles(account, roles)`
    SetRoles(Account, u16),
    /// `suspend(account, roles, reason)`
    Suspend(Account, u16, Hash),
    /// `reinstate(account, roles)`
    Reinstate(Account, u16),
    /// `leave()`
    Leave,
    /// `admit_member(agent, powers, until, person)`
    AdmitMember(Account, u16, u64, Hash),
    /// `appoint_guardian(ward, guardian, until, person)`
    AppointGuardian(Account, Account, u64, Hash),
    /// `name_successor(to)`
    NameSuccessor(Account),
    /// `replace_key(subject, to, evidence)`
    ReplaceKey(Account, Account, Hash),
    /// `cancel_succession()`
    CancelSuccession,
    /// `decide_replacement(subject, to, confirmed)`
    DecideReplacement(Account, Account, bool),
    /// `accept_succession(subject)`
    AcceptSuccession(Account),
    /// `end_mandate(subject, agent)`
    EndMandate(Account, Account),
}

/// Messages on the government of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum GovernedMessage {
    /// `pause()`
    Pause,
    /// `unpause()`
    Unpause,
    /// `propose_handover(to)`
    ProposeHandover(Account),
    /// `cancel_handover()`
    CancelHandover,
    /// `accept_handover()`
    AcceptHandover,
    /// `announce_upgrade(code_hash)`
    AnnounceUpgrade(Hash),
    /// `cancel_upgrade()`
    CancelUpgrade,
    /// `apply_upgrade()`
    ApplyUpgrade,
}

/// Messages of the token. The data that PSP22 lets a transfer carry is empty.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum TokenMessage {
    /// `set_treasury(account)`
    SetTreasury(Account),
    /// `mint(to, amount, receipt)`
    Mint(Account, u128, Hash),
    /// `burn(amount, receipt)`
    Burn(u128, Hash),
    /// `freeze(account, reason)`
    Freeze(Account, Hash),
    /// `unfreeze(account)`
    Unfreeze(Account),
    /// `take_over(from)`
    TakeOver(Account),
    /// `transfer(to, value, data)`
    Transfer(Account, u128, Vec<u8>),
    /// `transfer_from(from, to, value, data)`
    TransferFrom(Account, Account, u128, Vec<u8>),
    /// `approve(spender, value)`
    Approve(Account, u128),
    /// `increase_allowance(spender, delta_value)`
    IncreaseAllowance(Account, u128),
    /// `decrease_allowance(spender, delta_value)`
    DecreaseAllowance(Account, u128),
}

thread_local! {
    static SELECTORS: RefCell<BTreeMap<String, [u8; 4]>> = const { RefCell::new(BTreeMap::new()) };
}

/// The first four bytes of the label's BLAKE2b-256; PSP22 has fixed ones instead.
pub fn selector(label: &str) -> [u8; 4] {
    match label {
        "PSP22::total_supply" => [0x16, 0x2d, 0xf8, 0xc2],
        "PSP22::balance_of" => [0x65, 0x68, 0x38, 0x2f],
        "PSP22::allowance" => [0x4d, 0x47, 0xd9, 0x21],
        "PSP22::transfer" => [0xdb, 0x20, 0xf9, 0xf5],
        "PSP22::transfer_from" => [0x54, 0xb3, 0xc7, 0x6e],
        "PSP22::approve" => [0xb2, 0x0f, 0x1b, 0xbd],
        "PSP22::increase_allowance" => [0x96, 0xd6, 0xb5, 0x7a],
        "PSP22::decrease_allowance" => [0xfe, 0xcb, 0x57, 0xd5],
        "PSP22Metadata::token_name" => [0x3d, 0x26, 0x1b, 0xd4],
        "PSP22Metadata::token_symbol" => [0x34, 0x20, 0x5b, 0xe5],
        "PSP22Metadata::token_decimals" => [0x72, 0x71, 0xb7, 0x82],
        // Asked for often, and a hash is slow without optimisation.
        _ => SELECTORS.with_borrow_mut(|known| {
            *known.entry(label.to_string()).or_insert_with(|| {
                let hash = blake2b(label.as_bytes());
                [hash[0], hash[1], hash[2], hash[3]]
            })
        }),
    }
}

impl Message {
    /// Which contract it goes to.
    pub fn to(&self) -> Contract {
        match self {
            Self::Participants(_) => Contract::Participants,
            Self::Consent(_) => Contract::Consent,
            Self::Rewards(_) => Contract::Rewards,
            Self::Agreements(_) => Contract::Agreements,
            Self::Reports(_) => Contract::Reports,
            Self::Governed(contract, _) => *contract,
            Self::Token(_) => Contract::Token,
            Self::Carbon(_) => Contract::Carbon,
            Self::Market(_) => Contract::Market,
        }
    }

    /// The name of the contract that it goes to.
    pub fn contract(&self) -> &'static str {
        self.to().name()
    }

    /// Its label in the contract's metadata.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Participants(message) => message.label(),
            Self::Consent(message) => message.label(),
            Self::Rewards(message) => message.label(),
            Self::Agreements(message) => message.label(),
            Self::Reports(message) => message.label(),
            Self::Governed(_, message) => message.label(),
            Self::Token(message) => message.label(),
            Self::Carbon(message) => message.label(),
            Self::Market(message) => message.label(),
        }
    }

    /// The arguments, SCALE-encoded one after the other.
    pub fn arguments(&self) -> Vec<u8> {
        let mut variant = match self {
            Self::Participants(message) => message.encode(),
            Self::Consent(message) => message.encode(),
            Self::Rewards(message) => message.encode(),
            Self::Agreements(message) => message.encode(),
            Self::Reports(message) => message.encode(),
            Self::Governed(_, message) => message.encode(),
            Self::Token(message) => message.encode(),
            Self::Carbon(message) => message.encode(),
            Self::Market(message) => message.encode(),
        };
        // The first byte is the number of the variant.
        variant.split_off(1)
    }

    /// Call data: selector and arguments.
    pub fn input(&self) -> Vec<u8> {
        let mut input = selector(self.label()).to_vec();
        input.extend(self.arguments());
        input
    }
}

impl ParticipantsMessage {
    fn label(&self) -> &'static str {
        use assent_interface::participants as labels;
        match self {
            Self::Register(..) => labels::REGISTER,
            Self::UpdateProfile(..) => labels::UPDATE_PROFILE,
            Self::Approve(..) => labels::APPROVE,
            Self::ConfirmProfile(..) => labels::CONFIRM_PROFILE,
            Self::SetRoles(..) => labels::SET_ROLES,
            Self::Suspend(..) => labels::SUSPEND,
            Self::Reinstate(..) => labels::REINSTATE,
            Self::Leave => labels::LEAVE,
            Self::AdmitMember(..) => labels::ADMIT_MEMBER,
            Self::AppointGuardian(..) => labels::APPOINT_GUARDIAN,
            Self::NameSuccessor(..) => labels::NAME_SUCCESSOR,
            Self::ReplaceKey(..) => labels::REPLACE_KEY,
            Self::CancelSuccession => labels::CANCEL_SUCCESSION,
            Self::DecideReplacement(..) => labels::DECIDE_REPLACEMENT,
            Self::AcceptSuccession(..) => labels::ACCEPT_SUCCESSION,
            Self::EndMandate(..) => labels::END_MANDATE,
        }
    }
}

impl GovernedMessage {
    fn label(&self) -> &'static str {
        use assent_interface::governance as labels;
        match self {
            Self::Pause => labels::PAUSE,
            Self::Unpause => labels::UNPAUSE,
            Self::ProposeHandover(..) => labels::PROPOSE_HANDOVER,
            Self::CancelHandover => labels::CANCEL_HANDOVER,
            Self::AcceptHandover => labels::ACCEPT_HANDOVER,
            Self::AnnounceUpgrade(..) => labels::ANNOUNCE_UPGRADE,
            Self::CancelUpgrade => labels::CANCEL_UPGRADE,
            Self::ApplyUpgrade => labels::APPLY_UPGRADE,
        }
    }
}

impl TokenMessage {
    fn label(&self) -> &'static str {
        use assent_interface::token as labels;
        match self {
            Self::SetTreasury(..) => labels::SET_TREASURY,
            Self::TakeOver(..) => labels::TAKE_OVER,
            Self::Mint(..) => labels::MINT,
            Self::Burn(..) => labels::BURN,
            Self::Freeze(..) => labels::FREEZE,
            Self::Unfreeze(..) => labels::UNFREEZE,
            Self::Transfer(..) => labels::TRANSFER,
            Self::TransferFrom(..) => labels::TRANSFER_FROM,
            Self::Approve(..) => labels::APPROVE,
            Self::IncreaseAllowance(..) => labels::INCREASE_ALLOWANCE,
            Self::DecreaseAllowance(..) => labels::DECREASE_ALLOWANCE,
        }
    }
}
