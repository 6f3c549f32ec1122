//! What there is: classes, projects, batches and the units that were issued.

use serde::Deserialize;
use sqlx::PgConnection;

use super::freezes::check_not_frozen;
use super::{State, Units};
use crate::handlers::{CommitError, Position, bigint, one_row};
use assent_client::{Account, Hash};

use crate::types::{Int, nullable};

/// Fields of `ClassCreated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClassCreated {
    class: Int<u64>,
    #[serde(deserialize_with = "nullable")]
    issuer: Option<Account>,
    metadata: Hash,
}

/// Fields of `IssuerSet`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct IssuerSet {
    class: Int<u64>,
    issuer: Account,
}

/// Fields of `ProjectCreated`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProjectCreated {
    project: Int<u64>,
    class: Int<u64>,
    owner: Account,
    metadata: Hash,
}

/// Fields of `BatchCreated`; times in ms since 1970, serial numbers inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BatchCreated {
    batch: Int<u64>,
    class: Int<u64>,
    #[serde(deserialize_with = "nullable")]
    project: Option<Int<u64>>,
    serial_start: Int<u128>,
    serial_end: Int<u128>,
    vintage_start: Int<u64>,
    vintage_end: Int<u64>,
}

/// Fields of `Issued`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Issued {
    batch: Int<u64>,
    to: Account,
    amount: Int<u128>,
}

/// Fields of `BatchSealed`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BatchSealed {
    batch: Int<u64>,
}

impl ClassCreated {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into carbon_classes \
             (class, issuer, metadata, last_serial, block_number, event_index) \
             values ($1, $2, $3, 0, $4, $5)",
        )
        .bind(bigint(self.class.0, "class")?)
        .bind(self.issuer.as_ref().map(Account::as_bytes))
        .bind(self.metadata.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl IssuerSet {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update carbon_classes set issuer = $2, block_number = $3, event_index = $4 \
             where class = $1 and issuer is distinct from $2",
        )
        .bind(bigint(self.class.0, "class")?)
        .bind(self.issuer.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || {
            format!("carbon class {} is not there, or has that issuer already", self.class)
        })
    }
}

impl ProjectCreated {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        sqlx::query(
            "insert into carbon_projects \
             (project, class, owner, metadata, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(bigint(self.project.0, "project")?)
        .bind(bigint(self.class.0, "class")?)
        .bind(self.owner.as_bytes())
        .bind(self.metadata.as_bytes())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl BatchCreated {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let class = bigint(self.class.0, "class")?;
        let done = sqlx::query(
            "update carbon_classes set last_serial = $3::text::amount, \
             block_number = $4, event_index = $5 \
             where class = $1 and last_serial < $2::text::amount",
        )
        .bind(class)
        .bind(self.serial_start.to_string())
        .bind(self.serial_end.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "the serial numbers of carbon batch {} do not follow those of class {class}",
                self.batch
            )
        })?;
        sqlx::query(
            "insert into carbon_batches (batch, class, project, serial_start, serial_end, \
             vintage_start_ms, vintage_end_ms, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5::text::amount, $6::text::u64, \
             $7::text::u64, $8, $9)",
        )
        .bind(bigint(self.batch.0, "batch")?)
        .bind(class)
        .bind(self.project.map(|project| bigint(project.0, "project")).transpose()?)
        .bind(self.serial_start.to_string())
        .bind(self.serial_end.to_string())
        .bind(self.vintage_start.to_string())
        .bind(self.vintage_end.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Issued {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let units = Units::of(self.batch, self.amount)?;
        check_not_frozen(&[self.to], &mut *db).await?;
        let done = sqlx::query(
            "update carbon_batches set issued = issued + $2::text::amount, \
             tradable = tradable + $2::text::amount, block_number = $3, event_index = $4 \
             where batch = $1 and not sealed",
        )
        .bind(units.batch)
        .bind(self.amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || format!("carbon batch {} is not there, or sealed", self.batch))?;
        units.give(self.to, State::Tradable, at, db).await
    }
}

impl BatchSealed {
    pub(super) async fn commit(
        &self,
        at: Position,
        db: &mut PgConnection,
    ) -> Result<(), CommitError> {
        let done = sqlx::query(
            "update carbon_batches set sealed = true, block_number = $2, event_index = $3 \
             where batch = $1 and not sealed",
        )
        .bind(bigint(self.batch.0, "batch")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("carbon batch {} is not there, or sealed already", self.batch))
    }
}
