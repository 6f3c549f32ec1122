//! Who mints and burns.

use crate::{ensure, Account, InTime as _, Refusal, Scheduled, Setting, Token, Treasury, ZERO};

impl Token {
    /// Whether `caller` mints and burns at `now`; what he is.
    pub(super) fn treasury_at(&self, caller: Account, now: u64) -> Result<Treasury, Refusal> {
        let treasury = self.treasury.at(now);
        ensure(caller == treasury.account, "NotTreasury")?;
        Ok(treasury)
    }

    /// `set_treasury`
    pub fn set_treasury(
        &mut self,
        caller: Account,
        now: u64,
        account: Account,
    ) -> Result<(), Refusal> {
        self.administered(caller)?;
        ensure(account != ZERO, "ZeroAccount")?;
        let current = self.treasury.at(now);
        let named = Treasury { account, confirmed: true };
        if account != current.account {
            let set = self.treasury.set(now, self.governance.delay, named);
            self.treasuries.push(set);
            return Ok(());
        }
        let changes = !current.confirmed || self.treasury.pending(now).is_some();
        ensure(changes, "AlreadyTreasury")?;
        self.set_at_once(now, named);
        Ok(())
    }

    /// What a handover brings with it.
    pub(crate) fn stop_minting(&mut self, now: u64) {
        let stopped = Treasury { confirmed: false, ..self.treasury.at(now) };
        self.set_at_once(now, stopped);
    }

    fn set_at_once(&mut self, now: u64, value: Treasury) {
        self.treasury = Scheduled { value, next: None };
        self.treasuries.push(Setting { value, at: now, from: now });
    }
}
