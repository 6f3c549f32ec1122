//! The settlement token: constructor and labels.

use crate::AccountId;
use parity_scale_codec::{Decode, Encode};

/// What the token is called and how much of it there may be. `T` is the text's type.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Terms<T> {
    /// Name, if it has one.
    pub name: Option<T>,
    /// Symbol, if it has one.
    pub symbol: Option<T>,
    /// How many decimal places a displayed unit has.
    pub decimals: u8,
    /// The greatest supply, base units; `None`: no limit.
    pub cap: Option<u128>,
}

/// What the constructor takes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct New<T, A = AccountId> {
    /// The contract that knows which key replaced which.
    pub participants: A,
    /// The next four arguments.
    pub terms: Terms<T>,
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

/// Who mints and burns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Treasury<A = AccountId> {
    /// Its account.
    pub account: A,
    /// Whether the administrator named it: after a handover nothing is minted until he does.
    pub confirmed: bool,
}

labels! {
    /// `set_treasury(account)`
    SET_TREASURY = "set_treasury";
    /// `mint(to, amount, receipt)`
    MINT = "mint";
    /// `burn(amount, receipt)`
    BURN = "burn";
    /// `freeze(account, reason)`
    FREEZE = "freeze";
    /// `unfreeze(account)`
    UNFREEZE = "unfreeze";
    /// `take_over(from)`
    TAKE_OVER = "take_over";
    /// `treasury() -> Scheduled<Treasury>`, a view.
    TREASURY = "treasury";
    /// `cap() -> Option<u128>`, a view.
    CAP = "cap";
    /// `is_frozen(account) -> bool`, a view.
    IS_FROZEN = "is_frozen";
    /// `receipt_used(receipt) -> bool`, a view.
    RECEIPT_USED = "receipt_used";
    /// `participants() -> AccountId`, a view.
    PARTICIPANTS = "participants";
    /// `total_supply() -> u128`, a view.
    TOTAL_SUPPLY = "PSP22::total_supply";
    /// `balance_of(owner) -> u128`, a view.
    BALANCE_OF = "PSP22::balance_of";
    /// `allowance(owner, spender) -> u128`, a view.
    ALLOWANCE = "PSP22::allowance";
    /// `transfer(to, value, data)`; the data is ignored.
    TRANSFER = "PSP22::transfer";
    /// `transfer_from(from, to, value, data)`; the data is ignored.
    TRANSFER_FROM = "PSP22::transfer_from";
    /// `approve(spender, value)`
    APPROVE = "PSP22::approve";
    /// `increase_allowance(spender, delta_value)`
    INCREASE_ALLOWANCE = "PSP22::increase_allowance";
    /// `decrease_allowance(spender, delta_value)`
    DECREASE_ALLOWANCE = "PSP22::decrease_allowance";
    /// `token_name() -> Option<String>`, a view.
    TOKEN_NAME = "PSP22Metadata::token_name";
    /// `token_symbol() -> Option<String>`, a view.
    TOKEN_SYMBOL = "PSP22Metadata::token_symbol";
    /// `token_decimals() -> u8`, a view.
    TOKEN_DECIMALS = "PSP22Metadata::token_decimals";
}
