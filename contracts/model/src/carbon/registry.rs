//! Classes, projects and batches, who may issue units, and whose are frozen.

use crate::{
    carbon::{Change, Movement},
    ensure,
    governance::running,
    Account, Answer, Batch, BatchTotals, Carbon, Class, Hash, Project, Refusal, Reply, World,
    ALLOWANCES, ZERO,
};

/// The number of the next of so many.
fn next(count: usize) -> u64 {
    count as u64 + 1
}

impl Carbon {
    fn issuer(&self, class: u64) -> Option<Account> {
        self.classes.get(&class)?.issuer
    }

    /// The number of units that a batch has serial numbers for.
    pub(crate) fn room(&self, batch: u64) -> u128 {
        let range = self.batches.get(&batch).map_or(0, |b| b.serial_end - b.serial_start + 1);
        range - self.total(batch).issued
    }

    /// Adds a batch after the last serial number of its class.
    pub(super) fn add_batch(&mut self, batch: Batch) -> u64 {
        let number = next(self.batches.len());
        if let Some(class) = self.classes.get_mut(&batch.class) {
            class.last_serial = batch.serial_end;
        }
        self.batches.insert(number, batch);
        self.totals.insert(number, BatchTotals::default());
        self.created.push(batch);
        number
    }
}

impl World {
    /// That `caller` issues in `class`, and may.
    fn issues(&self, caller: Account, class: u64) -> Result<(), Refusal> {
        ensure(self.carbon.issuer(class) == Some(caller), "NotIssuer")?;
        self.all_admitted(&[caller])
    }

    /// `create_class`
    pub fn create_class(&mut self, caller: Account, issuer: Account, metadata: Hash) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.regulates(caller)?;
        self.all_admitted(&[issuer])?;
        let number = next(self.carbon.classes.len());
        let class = Class { issuer: Some(issuer), metadata, last_serial: 0 };
        self.carbon.classes.insert(number, class);
        Ok(Answer::Number(number))
    }

    /// `set_issuer`
    pub fn set_issuer(&mut self, caller: Account, class: u64, issuer: Account) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.regulates(caller)?;
        let old = self.carbon.classes.get(&class).copied().ok_or("UnknownClass")?;
        ensure(class != ALLOWANCES, "AllowanceClass")?;
        ensure(old.issuer != Some(issuer), "AlreadyIssuer")?;
        self.all_admitted(&[issuer])?;
        self.carbon.classes.insert(class, Class { issuer: Some(issuer), ..old });
        Ok(Answer::Nothing)
    }

    /// `create_project`
    pub fn create_project(
        &mut self,
        caller: Account,
        class: u64,
        owner: Account,
        metadata: Hash,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        ensure(self.carbon.classes.contains_key(&class), "UnknownClass")?;
        self.issues(caller, class)?;
        self.all_admitted(&[owner])?;
        let number = next(self.carbon.projects.len());
        self.carbon.projects.insert(number, Project { class, owner, metadata });
        Ok(Answer::Number(number))
    }

    /// `create_batch`, with its first and last serial number and the start and end of its vintage
    pub fn create_batch(
        &mut self,
        caller: Account,
        project: u64,
        (serial_start, serial_end): (u128, u128),
        (vintage_start, vintage_end): (u64, u64),
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        let class = self.carbon.projects.get(&project).ok_or("UnknownProject")?.class;
        self.issues(caller, class)?;
        ensure(serial_start > 0 && serial_start <= serial_end, "InvalidRange")?;
        ensure(vintage_start < vintage_end, "InvalidVintage")?;
        let taken = self.carbon.classes.get(&class).map_or(0, |c| c.last_serial);
        ensure(serial_start > taken, "SerialsTaken")?;
        let number = self.carbon.add_batch(Batch {
            class,
            project: Some(project),
            period: None,
            serial_start,
            serial_end,
            vintage_start,
            vintage_end,
            sealed: false,
        });
        Ok(Answer::Number(number))
    }

    /// `issue`
    pub fn issue(
        &mut self,
        caller: Account,
        now: u64,
        batch: u64,
        to: Account,
        amount: u128,
    ) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        let Batch { class, sealed, .. } = *self.carbon.batches.get(&batch).ok_or("UnknownBatch")?;
        self.issues(caller, class)?;
        self.all_admitted(&[to])?;
        ensure(amount > 0, "ZeroAmount")?;
        ensure(!sealed, "BatchSealed")?;
        self.carbon.none_frozen(&[to])?;
        ensure(amount <= self.carbon.room(batch), "RangeExceeded")?;
        self.bring_in(caller, now, batch, to, amount);
        Ok(Answer::Nothing)
    }

    /// Brings units into being, of whose batch there is room for them.
    pub(super) fn bring_in(&mut self, by: Account, at: u64, batch: u64, to: Account, amount: u128) {
        let change = Change::Issued;
        self.note(Movement { change, batch, amount, by, from: None, to: Some(to), at });
        self.carbon.totals.entry(batch).or_default().issued += amount;
        self.carbon.holdings.entry((batch, to)).or_default().tradable += amount;
    }

    /// `seal_batch`
    pub fn seal_batch(&mut self, caller: Account, batch: u64) -> Reply {
        let caller = self.participants.who(caller)?;
        let old = *self.carbon.batches.get(&batch).ok_or("UnknownBatch")?;
        self.issues(caller, old.class)?;
        ensure(!old.sealed, "BatchSealed")?;
        self.carbon.batches.insert(batch, Batch { sealed: true, ..old });
        let issued = self.carbon.total(batch).issued;
        self.carbon.sealed.entry(batch).or_insert(issued);
        Ok(Answer::Nothing)
    }

    /// `freeze` of carbon
    pub fn freeze_account(&mut self, caller: Account, account: Account) -> Reply {
        let caller = self.participants.who(caller)?;
        self.regulates(caller)?;
        ensure(account != ZERO, "ZeroAccount")?;
        ensure(self.carbon.frozen.insert(account), "AlreadyFrozen")?;
        Ok(Answer::Nothing)
    }

    /// `unfreeze` of carbon
    pub fn unfreeze_account(&mut self, caller: Account, account: Account) -> Reply {
        running(&self.carbon.governance)?;
        let caller = self.participants.who(caller)?;
        self.regulates(caller)?;
        ensure(self.carbon.frozen.remove(&account), "NotFrozen")?;
        Ok(Answer::Nothing)
    }
}
