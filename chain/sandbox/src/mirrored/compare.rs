//! Compares rows with what the model holds.

use assent_mirror::column::{NotAColumn, Value};
use assent_mirror::fold::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
};
use assent_mirror::table::{Key as _, Row};
use assent_mirror::{Changes, Memory};
use assent_model::World;

/// A row of which the model knows what it says.
pub(super) trait Modelled: Row {
    /// The row as the model has it, `None` when it has none of this key. Columns that it does not hold
    /// are those of this row.
    fn expected(&self, world: &World) -> Option<Self>;

    /// Keys of which there must be a row.
    fn keys(world: &World) -> Vec<Self::Key>;
}

/// A row of a log that the model keeps in a list, without the position.
pub(super) trait Listed: Row {
    /// What the model has for a row.
    type Model;

    /// All of these, in the order of the chain.
    fn models(world: &World) -> Vec<Self::Model>;

    /// The row as the model has it. Columns that it does not hold are those of this row.
    fn expected(&self, model: &Self::Model) -> Self;
}

macro_rules! compared {
    (
        modelled { $($modelled:ty,)+ }
        listed { $($listed:ty,)+ }
    ) => {
        /// Compares the rows that a block changed.
        pub(super) fn changed(changes: &Changes, world: &World) -> Result<(), String> {
            let name = changes.table.name;
            $(if name == <$modelled>::TABLE.name {
                return changes.added.iter().chain(&changes.changed).try_for_each(|row| {
                    agrees(&<$modelled>::read(row.clone()).map_err(unreadable)?, world)
                });
            })+
            // These are compared in the end, all of a table.
            let in_the_end = [$(<$listed>::TABLE.name,)+];
            if in_the_end.contains(&name) {
                return Ok(());
            }
            Err(format!("the rows of {name} are not compared with anything"))
        }

        /// Compares all rows.
        pub(super) fn all(memory: &Memory, world: &World) -> Result<(), String> {
            $(
                for row in memory.rows::<$modelled>().map_err(unreadable)? {
                    agrees(&row, world)?;
                }
                for key in <$modelled>::keys(world) {
                    if memory.get::<$modelled>(&key).map_err(unreadable)?.is_none() {
                        let (table, key) = (<$modelled>::TABLE.name, shown(&key.values()));
                        return Err(format!("{table} has no row {key}, the model has"));
                    }
                }
            )+
            $(in_order::<$listed>(memory, world)?;)+
            Ok(())
        }
    };
}

compared! {
    modelled {
        governance::Governance,
        participants::Participant,
        participants::Guardianship,
        participants::Mandate,
        participants::ParticipantKey,
        participants::Succession,
        consent::Epoch,
        consent::Grant,
        consent::Denial,
        consent::Restriction,
        consent::Exception,
        consent::EmergencyRefusal,
        consent::Delegation,
        consent::Window,
        consent::DelegateRevocation,
        consent::Bar,
        consent::Outsiders,
        consent::Sanction,
        consent::Access,
        consent::LogHead,
        agreements::Proposal,
        agreements::Erasure,
        reports::Report,
        rewards::Tariff,
        rewards::Statement,
        reports::Audit,
        rewards::Budget,
        rewards::Pot,
        rewards::Accrual,
        rewards::Missed,
        rewards::Totals,
        token::Balance,
        token::Allowance,
        token::Receipt,
        token::Totals,
        carbon::Class,
        carbon::Project,
        carbon::Batch,
        carbon::Balance,
        carbon::Approval,
        carbon::Escrow,
        carbon::Account,
        carbon::Period,
        carbon::Penalty,
        carbon::Duty,
        carbon::EmissionReport,
        carbon::Standing,
        market::Settings,
        market::Order,
    }
    listed {
        carbon::Retirement,
        carbon::Cancellation,
        carbon::Surrender,
        market::Fill,
        rewards::BudgetMovement,
        rewards::PotMovement,
        rewards::Withdrawal,
    }
}

fn unreadable(error: NotAColumn) -> String {
    error.to_string()
}

fn agrees<R: Modelled>(row: &R, world: &World) -> Result<(), String> {
    match row.expected(world) {
        Some(expected) => equal(row, &expected),
        None => Err(format!(
            "{} has a row {}, the model has none: {row:?}",
            R::TABLE.name,
            shown(&row.key().values())
        )),
    }
}

fn in_order<R: Listed>(memory: &Memory, world: &World) -> Result<(), String> {
    let mut rows: Vec<R> = memory.rows().map_err(unreadable)?;
    rows.sort_by_key(R::at);
    let models = R::models(world);
    if rows.len() != models.len() {
        let (table, here, there) = (R::TABLE.name, rows.len(), models.len());
        return Err(format!("{table} has {here} rows, the model {there}"));
    }
    rows.iter().zip(&models).try_for_each(|(row, model)| equal(row, &row.expected(model)))
}

/// Names the columns that differ.
fn equal<R: Row>(row: &R, expected: &R) -> Result<(), String> {
    if row == expected {
        return Ok(());
    }
    let mut differences = Vec::new();
    let values = row.values().into_iter().zip(expected.values());
    for (column, (here, there)) in R::TABLE.columns.iter().zip(values) {
        if here != there {
            let [here, there] = [here, there].map(|value| shown(&[value]));
            differences.push(format!("{column} is {here}, in the model {there}"));
        }
    }
    let (table, key) = (R::TABLE.name, shown(&row.key().values()));
    Err(format!("{table} {key}: {}", differences.join("; ")))
}

/// That two stores hold the same rows of a table.
pub(super) fn same<'a>(
    table: &str,
    mut one: impl Iterator<Item = &'a [Value]>,
    mut other: impl Iterator<Item = &'a [Value]>,
) -> Result<(), String> {
    loop {
        match (one.next(), other.next()) {
            (None, None) => return Ok(()),
            (one, other) if one == other => {}
            (one, other) => {
                let [one, other] = [one, other].map(|row| row.map_or("none".to_owned(), shown));
                return Err(format!(
                    "{table} depends on how the blocks are cut into batches: {one} when each is \
                     stored at once, {other} when some are stored together"
                ));
            }
        }
    }
}

fn shown(values: &[Value]) -> String {
    values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
}
