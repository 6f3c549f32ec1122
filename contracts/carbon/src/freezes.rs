//! Freezes: a regulator stops what an account has, and what it does with what others have.

use crate::data::{Data, ZERO};
use crate::errors::CarbonError;
use assent_events::{
    carbon::{AccountFrozen, AccountUnfrozen},
    Hash,
};
use ink::primitives::AccountId;

impl Data {
    /// Freezes an account.
    pub fn freeze(
        &mut self,
        by: AccountId,
        regulator: bool,
        account: AccountId,
        reason: Hash,
    ) -> Result<AccountFrozen, CarbonError> {
        if !regulator {
            return Err(CarbonError::NotRegulator);
        }
        if account == ZERO {
            return Err(CarbonError::ZeroAccount);
        }
        if self.is_frozen(account) {
            return Err(CarbonError::AlreadyFrozen);
        }
        self.frozen.insert(account, &());
        Ok(AccountFrozen { account, reason, by })
    }

    /// Ends the freeze of an account.
    pub fn unfreeze(
        &mut self,
        by: AccountId,
        regulator: bool,
        account: AccountId,
    ) -> Result<AccountUnfrozen, CarbonError> {
        if !regulator {
            return Err(CarbonError::NotRegulator);
        }
        if !self.is_frozen(account) {
            return Err(CarbonError::NotFrozen);
        }
        self.frozen.remove(account);
        Ok(AccountUnfrozen { account, by })
    }

    /// Whether an account is frozen.
    pub fn is_frozen(&self, account: AccountId) -> bool {
        self.frozen.contains(account)
    }
}
