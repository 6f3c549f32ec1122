//! The settlement token: constructor and labels.

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
pub struct New<T> {
    /// The first four arguments.
    pub terms: Terms<T>,
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

/// `set_treasury(account)`
pub const SET_TREASURY: &str = "set_treasury";
/// `mint(to, amount, receipt)`
pub const MINT: &str = "mint";
/// `burn(amount, receipt)`
pub const BURN: &str = "burn";
/// `freeze(account, reason)`
pub const FREEZE: &str = "freeze";
/// `unfreeze(account)`
pub const UNFREEZE: &str = "unfreeze";
/// `transfer(to, value, data)`; the data is ignored.
pub const TRANSFER: &str = "PSP22::transfer";
/// `transfer_from(from, to, value, data)`; the data is ignored.
pub const TRANSFER_FROM: &str = "PSP22::transfer_from";
/// `approve(spender, value)`
pub const APPROVE: &str = "PSP22::approve";
/// `increase_allowance(spender, delta_value)`
pub const INCREASE_ALLOWANCE: &str = "PSP22::increase_allowance";
/// `decrease_allowance(spender, delta_value)`
pub const DECREASE_ALLOWANCE: &str = "PSP22::decrease_allowance";
/// `total_supply() -> u128`, a view.
pub const TOTAL_SUPPLY: &str = "PSP22::total_supply";
/// `balance_of(owner) -> u128`, a view.
pub const BALANCE_OF: &str = "PSP22::balance_of";
/// `allowance(owner, spender) -> u128`, a view.
pub const ALLOWANCE: &str = "PSP22::allowance";
/// `token_name() -> Option<String>`, a view.
pub const TOKEN_NAME: &str = "PSP22Metadata::token_name";
/// `token_symbol() -> Option<String>`, a view.
pub const TOKEN_SYMBOL: &str = "PSP22Metadata::token_symbol";
/// `token_decimals() -> u8`, a view.
pub const TOKEN_DECIMALS: &str = "PSP22Metadata::token_decimals";
