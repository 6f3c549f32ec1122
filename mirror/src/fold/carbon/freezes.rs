//! Accounts that a regulator froze.

use assent_events::AccountId;
use assent_events::carbon::{AccountFrozen, AccountUnfrozen};

use super::{Account, Fold};
use crate::fold::{Moment, Stop, contradiction, hex};
use crate::rows::Rows;

impl Fold for AccountFrozen {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Account>((self.account,));
    }

    fn apply(&self, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { account, reason, by } = *self;
        if is_frozen(account, rows)? {
            return contradiction(format!("{} is frozen already", hex(account)));
        }
        let (freeze_reason, frozen_by) = (Some(reason), Some(by));
        rows.put(Account { account, frozen: true, freeze_reason, frozen_by, at })
    }
}

impl Fold for AccountUnfrozen {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Account>((self.account,));
    }

    fn apply(&self, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { account, by: _ } = *self;
        if !is_frozen(account, rows)? {
            return contradiction(format!("{} is not frozen", hex(account)));
        }
        rows.put(Account { account, frozen: false, freeze_reason: None, frozen_by: None, at })
    }
}

fn is_frozen(account: AccountId, rows: &mut Rows) -> Result<bool, Stop> {
    Ok(rows.get::<Account>((account,))?.is_some_and(|account| account.frozen))
}

/// Units of a frozen account neither come nor go, and it moves none for others. What is excepted,
/// surrenders and releases, does not ask.
pub(super) fn check(accounts: &[AccountId], rows: &mut Rows) -> Result<(), Stop> {
    for &account in accounts {
        if is_frozen(account, rows)? {
            return contradiction(format!("carbon units moved while {} was frozen", hex(account)));
        }
    }
    Ok(())
}
