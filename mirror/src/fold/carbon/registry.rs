//! What there is: classes, projects, batches and the units that were issued.

use assent_events::carbon::{
    BatchCreated, BatchSealed, ClassCreated, Issued, IssuerSet, ProjectCreated,
};

use super::units::{State, Units};
use super::{Account, Balance, Batch, Class, Fold, Project, freezes};
use crate::fold::{Moment, Stop, bigint, contradiction, key, plus};
use crate::rows::Rows;

impl Fold for ClassCreated {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Class>((key(self.class),));
    }

    fn apply(&self, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { class, issuer, metadata } = *self;
        let class = bigint(class, "class")?;
        rows.insert(Class { class, issuer, metadata, last_serial: 0, at }, || {
            format!("carbon class {class} is there already")
        })
    }
}

impl Fold for IssuerSet {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Class>((key(self.class),));
    }

    fn apply(&self, _: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { class, issuer, by: _ } = *self;
        let class = bigint(class, "class")?;
        let other = || format!("carbon class {class} is not there, or has that issuer already");
        let before: Class = rows.find((class,), other)?;
        if before.issuer == Some(issuer) {
            return contradiction(other());
        }
        rows.put(Class { issuer: Some(issuer), ..before })
    }
}

impl Fold for ProjectCreated {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Class>((key(self.class),));
    }

    fn apply(&self, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { project, class, owner, metadata } = *self;
        let (project, class) = (bigint(project, "project")?, bigint(class, "class")?);
        rows.find::<Class>((class,), || {
            format!("carbon class {class} of project {project} is not there")
        })?;
        rows.append(Project { project, class, owner, metadata, at });
        Ok(())
    }
}

impl Fold for BatchCreated {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Batch>((key(self.batch),));
        rows.want::<Class>((key(self.class),));
        if let Some(project) = self.project {
            rows.want::<Project>((key(project),));
        }
    }

    fn apply(&self, Moment { at, .. }: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, class, project, serial_start, serial_end, vintage_start, vintage_end } =
            *self;
        let (batch, class) = (bigint(batch, "batch")?, bigint(class, "class")?);
        let project = project.map(|project| bigint(project, "project")).transpose()?;
        let taken = || {
            format!(
                "the serial numbers of carbon batch {batch} do not follow those of class {class}"
            )
        };
        let before: Class = rows.find((class,), taken)?;
        if serial_start <= before.last_serial {
            return contradiction(taken());
        }
        if let Some(project) = project {
            let other =
                || format!("carbon project {project} is not there, or not of class {class}");
            let of: Project = rows.find((project,), other)?;
            if of.class != class {
                return contradiction(other());
            }
        }
        rows.put(Class { last_serial: serial_end, ..before })?;
        let created = Batch {
            batch,
            class,
            project,
            // That of allowances comes with the event that sets it.
            period: None,
            serial_start,
            serial_end,
            vintage_start_ms: vintage_start,
            vintage_end_ms: vintage_end,
            sealed: false,
            issued: 0,
            tradable: 0,
            escrowed: 0,
            retired: 0,
            surrendered: 0,
            cancelled: 0,
            at,
        };
        rows.insert(created, || format!("carbon batch {batch} is there already"))
    }
}

impl Fold for Issued {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Account>((self.to,));
        rows.want::<Batch>((key(self.batch),));
        rows.want::<Balance>((key(self.batch), self.to));
    }

    fn apply(&self, moment: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch, to, amount } = *self;
        let units = Units::of(batch, amount, moment)?;
        freezes::check(&[to], rows)?;
        let gone = || format!("carbon batch {batch} is not there, or sealed");
        let before: Batch = rows.find((units.batch,), gone)?;
        if before.sealed {
            return contradiction(gone());
        }
        let sum = || format!("what is issued of carbon batch {batch}");
        rows.put(Batch {
            issued: plus(before.issued, amount, sum)?,
            tradable: plus(before.tradable, amount, sum)?,
            ..before
        })?;
        units.give(to, State::Tradable, rows)
    }
}

impl Fold for BatchSealed {
    fn want(&self, rows: &mut Rows) {
        rows.want::<Batch>((key(self.batch),));
    }

    fn apply(&self, _: Moment, rows: &mut Rows) -> Result<(), Stop> {
        let Self { batch } = *self;
        let gone = || format!("carbon batch {batch} is not there, or sealed already");
        let before: Batch = rows.find((bigint(batch, "batch")?,), gone)?;
        if before.sealed {
            return contradiction(gone());
        }
        rows.put(Batch { sealed: true, ..before })
    }
}
