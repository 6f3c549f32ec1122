//! The registry: classes, projects, batches with their serial numbers, and the units that are issued
//! under them.

use crate::data::{more, next, Data, ALLOWANCES};
use crate::errors::CarbonError;
use crate::types::{Batch, Class, Project, Totals};
use assent_events::{
    carbon::{BatchCreated, BatchSealed, ClassCreated, Issued, IssuerSet, ProjectCreated},
    Hash,
};
use ink::primitives::AccountId;

/// The batch that an issuer wants; the fields are those of [`Batch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewBatch {
    /// The project.
    pub project: u64,
    /// First serial number.
    pub serial_start: u128,
    /// Last serial number, inclusive.
    pub serial_end: u128,
    /// Start of the vintage, ms since 1970.
    pub vintage_start: u64,
    /// End of the vintage, ms since 1970, exclusive.
    pub vintage_end: u64,
}

impl Batch {
    /// How many serial numbers it has.
    pub fn serials(&self) -> u128 {
        let after_first = self.serial_end.checked_sub(self.serial_start);
        after_first
            .and_then(|after_first| after_first.checked_add(1))
            .expect("a range starts at 1 or later, and ends where it starts or later")
    }
}

impl Data {
    /// Creates a class of credits; `admitted` is about its issuer.
    pub fn create_class(
        &mut self,
        regulator: bool,
        admitted: bool,
        issuer: AccountId,
        metadata: Hash,
    ) -> Result<ClassCreated, CarbonError> {
        if !regulator {
            return Err(CarbonError::NotRegulator);
        }
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        let mut counts = self.counts();
        counts.classes = next(counts.classes)?;

        self.counts.set(&counts);
        let class = Class { issuer: Some(issuer), metadata, last_serial: 0 };
        self.classes.insert(counts.classes, &class);
        Ok(ClassCreated { class: counts.classes, issuer: class.issuer, metadata })
    }

    /// Names another issuer, for whom `admitted` is.
    pub fn set_issuer(
        &mut self,
        by: AccountId,
        regulator: bool,
        admitted: bool,
        class: u64,
        issuer: AccountId,
    ) -> Result<IssuerSet, CarbonError> {
        if !regulator {
            return Err(CarbonError::NotRegulator);
        }
        let known = self.class(class).ok_or(CarbonError::UnknownClass)?;
        if class == ALLOWANCES {
            return Err(CarbonError::AllowanceClass);
        }
        if known.issuer == Some(issuer) {
            return Err(CarbonError::AlreadyIssuer);
        }
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        self.classes.insert(class, &Class { issuer: Some(issuer), ..known });
        Ok(IssuerSet { class, issuer, by })
    }

    /// Registers a project; `admitted` is about the issuer, who is the `caller`, and the owner.
    pub fn create_project(
        &mut self,
        caller: AccountId,
        admitted: bool,
        class: u64,
        owner: AccountId,
        metadata: Hash,
    ) -> Result<ProjectCreated, CarbonError> {
        self.class_of_issuer(caller, class)?;
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        let mut counts = self.counts();
        counts.projects = next(counts.projects)?;

        self.counts.set(&counts);
        self.projects.insert(counts.projects, &Project { class, owner, metadata });
        Ok(ProjectCreated { project: counts.projects, class, owner, metadata })
    }

    /// Creates a batch of a project; `admitted` is about the issuer, who is the `caller`.
    pub fn create_batch(
        &mut self,
        caller: AccountId,
        admitted: bool,
        new: NewBatch,
    ) -> Result<BatchCreated, CarbonError> {
        let number = self.project(new.project).ok_or(CarbonError::UnknownProject)?.class;
        let class = self.class_of_issuer(caller, number)?;
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        if new.serial_start == 0 || new.serial_end < new.serial_start {
            return Err(CarbonError::InvalidRange);
        }
        if new.vintage_end <= new.vintage_start {
            return Err(CarbonError::InvalidVintage);
        }
        if new.serial_start <= class.last_serial {
            return Err(CarbonError::SerialsTaken);
        }
        let mut counts = self.counts();
        counts.batches = next(counts.batches)?;

        self.counts.set(&counts);
        let batch = Batch {
            class: number,
            project: Some(new.project),
            period: None,
            serial_start: new.serial_start,
            serial_end: new.serial_end,
            vintage_start: new.vintage_start,
            vintage_end: new.vintage_end,
            sealed: false,
        };
        Ok(self.store_batch(counts.batches, &batch, class))
    }

    /// Issues units; `admitted` is about the issuer, who is the `caller`, and the first holder.
    pub fn issue(
        &mut self,
        caller: AccountId,
        admitted: bool,
        batch: u64,
        to: AccountId,
        amount: u128,
    ) -> Result<Issued, CarbonError> {
        let known = self.batch_of_issuer(caller, batch)?;
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        if amount == 0 {
            return Err(CarbonError::ZeroAmount);
        }
        if known.sealed {
            return Err(CarbonError::BatchSealed);
        }
        if self.is_frozen(to) {
            return Err(CarbonError::Frozen);
        }
        let totals =
            self.totals_with(batch, amount, known.serials()).ok_or(CarbonError::RangeExceeded)?;

        Ok(self.store_issue(batch, to, amount, &totals))
    }

    /// Ends issuing; `admitted` is about the issuer, who is the `caller`.
    pub fn seal_batch(
        &mut self,
        caller: AccountId,
        admitted: bool,
        batch: u64,
    ) -> Result<BatchSealed, CarbonError> {
        let known = self.batch_of_issuer(caller, batch)?;
        if !admitted {
            return Err(CarbonError::NotAdmitted);
        }
        if known.sealed {
            return Err(CarbonError::BatchSealed);
        }
        self.batches.insert(batch, &Batch { sealed: true, ..known });
        Ok(BatchSealed { batch })
    }

    /// A class by number.
    pub fn class(&self, class: u64) -> Option<Class> {
        self.classes.get(class)
    }

    /// A project by number.
    pub fn project(&self, project: u64) -> Option<Project> {
        self.projects.get(project)
    }

    /// A batch by number.
    pub fn batch(&self, batch: u64) -> Option<Batch> {
        self.batches.get(batch)
    }

    /// What was issued of a batch and became of it.
    pub fn totals(&self, batch: u64) -> Totals {
        self.totals.get(batch).unwrap_or_default()
    }

    /// The totals of a batch with `amount` more issued, if there are serial numbers for them.
    pub(crate) fn totals_with(&self, batch: u64, amount: u128, serials: u128) -> Option<Totals> {
        let totals = self.totals(batch);
        let issued = totals.issued.checked_add(amount).filter(|issued| *issued <= serials)?;
        Some(Totals { issued, ..totals })
    }

    /// Writes what [`Self::totals_with`] allowed.
    pub(crate) fn store_issue(
        &mut self,
        batch: u64,
        to: AccountId,
        amount: u128,
        totals: &Totals,
    ) -> Issued {
        let mut holding = self.balance_of(batch, to);
        holding.tradable = more(holding.tradable, amount);
        self.totals.insert(batch, totals);
        self.holdings.insert((batch, to), &holding);
        Issued { batch, to, amount }
    }

    /// Writes a batch, and that its class, which is as it was before, has its serial numbers.
    pub(crate) fn store_batch(&mut self, number: u64, batch: &Batch, class: Class) -> BatchCreated {
        let Batch {
            class: of, project, serial_start, serial_end, vintage_start, vintage_end, ..
        } = *batch;
        self.classes.insert(of, &Class { last_serial: serial_end, ..class });
        self.batches.insert(number, batch);
        BatchCreated {
            batch: number,
            class: of,
            project,
            serial_start,
            serial_end,
            vintage_start,
            vintage_end,
        }
    }

    /// A class by number, whose issuer is the `caller`.
    fn class_of_issuer(&self, caller: AccountId, class: u64) -> Result<Class, CarbonError> {
        let known = self.class(class).ok_or(CarbonError::UnknownClass)?;
        if known.issuer != Some(caller) {
            return Err(CarbonError::NotIssuer);
        }
        Ok(known)
    }

    /// A batch by number, of whose class the issuer is the `caller`.
    fn batch_of_issuer(&self, caller: AccountId, batch: u64) -> Result<Batch, CarbonError> {
        let known = self.batch(batch).ok_or(CarbonError::UnknownBatch)?;
        self.class_of_issuer(caller, known.class)?;
        Ok(known)
    }
}
