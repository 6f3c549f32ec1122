//! Who mints and burns: one account, which the administrator names. Another one takes over after the
//! delay of the government; and a new administrator has to say whom he wants before anything is
//! minted, so that no treasury outlasts the office that trusted it.

use crate::data::{Data, Settings, ZERO};
use crate::errors::TokenError;
use assent_events::token::{MintingStopped, TreasurySet};
use assent_governance::Scheduled;
use ink::primitives::AccountId;

/// Who mints and burns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
#[cfg_attr(feature = "std", derive(ink::storage::traits::StorageLayout))]
pub struct Treasury {
    /// Its account.
    pub account: AccountId,
    /// Whether the administrator named it: after a handover nothing is minted until he does.
    pub confirmed: bool,
}

impl Data {
    /// Names the treasury; `by` is the administrator. The one that there is takes the office on at
    /// once, also when another one was to come; another one does so after `delay` ms.
    pub fn set_treasury(
        &mut self,
        by: AccountId,
        now: u64,
        delay: u64,
        account: AccountId,
    ) -> Result<TreasurySet, TokenError> {
        if account == ZERO {
            return Err(TokenError::ZeroAccount);
        }
        let Settings { mut treasury, cap } = self.settings();
        let current = treasury.at(now);
        let pending = treasury.next.is_some_and(|next| next.from > now);
        let named = Treasury { account, confirmed: true };
        let from = if account == current.account {
            if current.confirmed && !pending {
                return Err(TokenError::AlreadyTreasury);
            }
            treasury = Scheduled::now(named);
            now
        } else {
            treasury.set(now, delay, named)
        };
        self.settings.set(&Settings { treasury, cap });
        Ok(TreasurySet { treasury: account, from, by })
    }

    /// Lets nothing be minted until a treasury is named; `by` is the administrator, who has taken
    /// over. A treasury that was to come does not.
    pub fn stop_minting(&mut self, by: AccountId, now: u64) -> MintingStopped {
        let settings = self.settings();
        let Treasury { account, .. } = settings.treasury.at(now);
        let treasury = Scheduled::now(Treasury { account, confirmed: false });
        self.settings.set(&Settings { treasury, ..settings });
        MintingStopped { treasury: account, by }
    }

    /// Who mints and burns, and who will.
    pub fn treasury(&self) -> Scheduled<Treasury> {
        self.settings().treasury
    }
}
