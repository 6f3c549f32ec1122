//! What a decision rests on, from the row that [`FACTS`](super::FACTS) selects.

use assent_events::Hash;
use serde::Deserialize;
use sqlx::{FromRow, Row as _, postgres::PgRow, types::Json};

use super::{Denial, Facts, GrantFacts, Record, Restriction};

#[derive(Deserialize)]
struct DenialRow {
    purpose: u8,
    categories: u32,
    by_guardians: u32,
}

#[derive(Deserialize)]
struct RestrictionRow {
    purposes: u32,
    categories: u32,
    by_guardian: bool,
    excepts_requester: bool,
}

#[derive(Deserialize)]
struct GrantRow {
    number: i64,
    purposes: u32,
    categories: u32,
    from: u64,
    until: u64,
    max_uses: Option<i64>,
    uses: i64,
    /// In hexadecimal digits.
    record: Option<String>,
    link_erased: bool,
    epoch: u32,
    guardianship: Option<u32>,
    revoked: bool,
}

impl From<DenialRow> for Denial {
    fn from(row: DenialRow) -> Self {
        let DenialRow { purpose, categories, by_guardians } = row;
        Self { purpose, categories, by_guardians }
    }
}

impl From<RestrictionRow> for Restriction {
    fn from(row: RestrictionRow) -> Self {
        let RestrictionRow { purposes, categories, by_guardian, excepts_requester } = row;
        Self { purposes, categories, by_guardian, excepts_requester }
    }
}

impl TryFrom<GrantRow> for GrantFacts {
    type Error = hex::FromHexError;

    fn try_from(row: GrantRow) -> Result<Self, Self::Error> {
        let mut record = Hash::default();
        let record = match row.record {
            Some(digits) => {
                hex::decode_to_slice(digits, &mut record)?;
                Record::One(record)
            }
            None if row.link_erased => Record::Erased,
            None => Record::All,
        };
        Ok(Self {
            number: row.number,
            purposes: row.purposes,
            categories: row.categories,
            from: row.from,
            until: row.until,
            max_uses: row.max_uses,
            uses: row.uses,
            record,
            epoch: row.epoch,
            guardianship: row.guardianship,
            revoked: row.revoked,
        })
    }
}

impl FromRow<'_, PgRow> for Facts {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        let Json(denials): Json<Vec<DenialRow>> = row.try_get("denials")?;
        let restriction: Option<Json<RestrictionRow>> = row.try_get("restriction")?;
        let Json(grants): Json<Vec<GrantRow>> = row.try_get("grants")?;
        let grants = grants.into_iter().map(GrantFacts::try_from).collect::<Result<_, _>>();
        Ok(Self {
            now: number(row, "now")?,
            paused: row.try_get("paused")?,
            requester_roles: number(row, "requester_roles")?,
            owner_roles: number(row, "owner_roles")?,
            guardianship: number(row, "guardianship")?,
            epoch: number(row, "epoch")?,
            denials: denials.into_iter().map(Denial::from).collect(),
            restriction: restriction.map(|Json(row)| row.into()),
            refuses_emergencies: row.try_get("refuses_emergencies")?,
            grants: grants.map_err(|error| of_column("grants", error))?,
            window: row.try_get("window")?,
        })
    }
}

/// A number of the chain, which its column holds as a bigint.
fn number<N: TryFrom<i64, Error: std::error::Error + Send + Sync + 'static>>(
    row: &PgRow,
    column: &str,
) -> sqlx::Result<N> {
    let stored: i64 = row.try_get(column)?;
    stored.try_into().map_err(|error| of_column(column, error))
}

fn of_column(column: &str, error: impl std::error::Error + Send + Sync + 'static) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: Box::new(error) }
}
