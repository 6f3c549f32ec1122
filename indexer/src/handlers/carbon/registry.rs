//! What there is: classes, projects, batches and the units that were issued.

use assent_events::carbon::{
    BatchCreated, BatchSealed, ClassCreated, Issued, IssuerSet, ProjectCreated,
};
use sqlx::PgConnection;

use super::freezes::check_not_frozen;
use super::{State, Units};
use crate::handlers::{Commit, CommitError, Position, bigint, one_row};

impl Commit for ClassCreated {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { class, issuer, metadata } = *self;
        sqlx::query(
            "insert into carbon_classes \
             (class, issuer, metadata, last_serial, block_number, event_index) \
             values ($1, $2, $3, 0, $4, $5)",
        )
        .bind(bigint(class, "class")?)
        .bind(issuer.map(|account| account.0))
        .bind(metadata)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for IssuerSet {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { class, issuer, by: _ } = *self;
        let done = sqlx::query(
            "update carbon_classes set issuer = $2, block_number = $3, event_index = $4 \
             where class = $1 and issuer is distinct from $2",
        )
        .bind(bigint(class, "class")?)
        .bind(issuer.0)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("carbon class {} is not there, or has that issuer already", class))
    }
}

impl Commit for ProjectCreated {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { project, class, owner, metadata } = *self;
        sqlx::query(
            "insert into carbon_projects \
             (project, class, owner, metadata, block_number, event_index) \
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(bigint(project, "project")?)
        .bind(bigint(class, "class")?)
        .bind(owner.0)
        .bind(metadata)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for BatchCreated {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, class, project, serial_start, serial_end, vintage_start, vintage_end } =
            *self;
        let class = bigint(class, "class")?;
        let done = sqlx::query(
            "update carbon_classes set last_serial = $3::text::amount, \
             block_number = $4, event_index = $5 \
             where class = $1 and last_serial < $2::text::amount",
        )
        .bind(class)
        .bind(serial_start.to_string())
        .bind(serial_end.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || {
            format!(
                "the serial numbers of carbon batch {} do not follow those of class {class}",
                batch
            )
        })?;
        sqlx::query(
            "insert into carbon_batches (batch, class, project, serial_start, serial_end, \
             vintage_start_ms, vintage_end_ms, block_number, event_index) \
             values ($1, $2, $3, $4::text::amount, $5::text::amount, $6::text::u64, \
             $7::text::u64, $8, $9)",
        )
        .bind(bigint(batch, "batch")?)
        .bind(class)
        .bind(project.map(|project| bigint(project, "project")).transpose()?)
        .bind(serial_start.to_string())
        .bind(serial_end.to_string())
        .bind(vintage_start.to_string())
        .bind(vintage_end.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        Ok(())
    }
}

impl Commit for Issued {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch, to, amount } = *self;
        let units = Units::of(batch, amount)?;
        check_not_frozen(&[to], &mut *db).await?;
        let done = sqlx::query(
            "update carbon_batches set issued = issued + $2::text::amount, \
             tradable = tradable + $2::text::amount, block_number = $3, event_index = $4 \
             where batch = $1 and not sealed",
        )
        .bind(units.batch)
        .bind(amount.to_string())
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(&mut *db)
        .await?;
        one_row(done, || format!("carbon batch {} is not there, or sealed", batch))?;
        units.give(to, State::Tradable, at, db).await
    }
}

impl Commit for BatchSealed {
    async fn commit(&self, at: Position, db: &mut PgConnection) -> Result<(), CommitError> {
        let Self { batch } = *self;
        let done = sqlx::query(
            "update carbon_batches set sealed = true, block_number = $2, event_index = $3 \
             where batch = $1 and not sealed",
        )
        .bind(bigint(batch, "batch")?)
        .bind(at.block_number)
        .bind(at.event_index)
        .execute(db)
        .await?;
        one_row(done, || format!("carbon batch {} is not there, or sealed already", batch))
    }
}
