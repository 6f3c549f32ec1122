//! Why the constructor or `mint` was refused; the PSP22 messages have the standard's errors.

/// Longest name and longest symbol, in bytes.
pub const MAX_LABEL_BYTES: usize = 64;

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum TokenError {
    /// The name has more than [`MAX_LABEL_BYTES`].
    NameTooLong,
    /// The symbol has more than [`MAX_LABEL_BYTES`].
    SymbolTooLong,
    /// The caller is not the treasury.
    NotTreasury,
    /// The amount is zero.
    ZeroAmount,
    /// The recipient is the zero account, which nobody can spend from.
    ZeroRecipient,
    /// The receipt was minted against before.
    ReceiptUsed,
    /// The supply would exceed the greatest amount there is.
    SupplyOverflow,
}

/// Bounds what every call of the token has to load.
pub fn check_labels(name: Option<&str>, symbol: Option<&str>) -> Result<(), TokenError> {
    let too_long = |label: Option<&str>| label.is_some_and(|l| l.len() > MAX_LABEL_BYTES);
    if too_long(name) {
        return Err(TokenError::NameTooLong);
    }
    if too_long(symbol) {
        return Err(TokenError::SymbolTooLong);
    }
    Ok(())
}
