//! What the settled periods say of an account: its penalties and its rating.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Amount},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_carbon_penalties))
        .routes(routes!(list_carbon_ratings))
        .routes(routes!(get_carbon_rating))
}

/// A penalty for what was missing when a period was settled. It never erases the deficit.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonPenalty {
    /// The period.
    period: i64,
    /// The emitter.
    account: Account,
    /// Units missing.
    deficit: Amount,
    /// Token base units.
    amount: Amount,
    /// When it was imposed, ms since 1970.
    imposed_at_ms: i64,
    /// Whether it was paid; always whole.
    paid: bool,
    /// When it was paid, ms since 1970; null: it was not.
    paid_at_ms: Option<i64>,
    /// Who paid it; anybody may.
    payer: Option<Account>,
    /// Who was paid.
    collector: Option<Account>,
    /// The event that imposed it or, once it is paid, that one.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_carbon_penalties`] takes.
    pub struct ListCarbonPenalties {
        /// Only penalties of this account.
        account: Option<Account>,
        /// Only penalties that were paid, or only others.
        paid: Option<bool>,
        page: PageRequest<(i64, Account)>,
    }
}

/// Penalties, by period and account.
#[utoipa::path(
    get,
    path = "/carbon/penalties",
    tag = "carbon",
    params(ListCarbonPenalties),
    responses(
        (status = 200, description = "A page of penalties", body = Page<CarbonPenalty>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_penalties(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonPenalties { account, paid, page }: ListCarbonPenalties,
) -> Result<Json<Page<CarbonPenalty>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select d.period, d.account, d.deficit::text as deficit, d.penalty::text as amount,
            d.settled_at_ms as imposed_at_ms, d.paid_at_ms is not null as paid, d.paid_at_ms,
            d.payer, d.collector,
            d.block_number, b.hash as block_hash, d.event_index
        from carbon_duties d
        join blocks b on b.number = d.block_number
        where ",
            seen!(carbon_duties),
            " and d.penalty is not null
            and ($3::bytea is null or d.account = $3)
            and ($4::boolean is null or (d.paid_at_ms is not null) = $4)
            and ($5::bigint is null or (d.period, d.account::bytea) > ($5, $6::bytea))
        order by d.period, d.account
        limit $7"
        ))
        .bind(account)
        .bind(paid)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonPenalty| (item.period, item.account))))
}

/// How well one account met its duties; a function of recorded history that everybody can compute
/// again from the counters.
#[derive(Serialize, FromRow, ToSchema)]
pub struct CarbonRating {
    /// The account.
    account: Account,
    /// 0 to 1,000: the sum of the parts; 500 until a period is settled.
    rating: i16,
    /// What the rating is made of; null until a period is settled.
    #[sqlx(skip)]
    parts: Option<RatingParts>,
    /// Periods settled.
    settled: i64,
    /// Those without a deficit.
    compliant: i64,
    /// Those of them that were reported and covered in time.
    timely: i64,
    /// Penalties imposed.
    penalties: i64,
    /// Those of them that were paid.
    paid: i64,
    /// Units missing after the last settled period.
    deficit: Amount,
    /// Units left over after the last settled period.
    surplus: Amount,
    /// The period to settle next.
    next: i64,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The parts of a rating, each rounded down.
#[derive(Serialize, ToSchema)]
pub struct RatingParts {
    /// 600 × compliant / settled.
    compliance: i64,
    /// 250 × timely / settled.
    timeliness: i64,
    /// 150 × paid / penalties; 150 when there was no penalty.
    penalties: i64,
}

impl CarbonRating {
    /// With the parts of the contract's formula, made from the counters that the answer shows.
    fn with_parts(mut self) -> Self {
        if self.settled > 0 {
            self.parts = Some(RatingParts {
                compliance: 600 * self.compliant / self.settled,
                timeliness: 250 * self.timely / self.settled,
                penalties: match self.penalties {
                    0 => 150,
                    penalties => 150 * self.paid / penalties,
                },
            });
        }
        self
    }
}

/// Ratings.
macro_rules! select_ratings {
    ($($rest:tt)*) => {
        concat!(
            "select s.account, s.rating, s.settled, s.compliant, s.timely, s.penalties, s.paid,
                s.deficit::text as deficit, s.surplus::text as surplus, s.next,
                s.block_number, b.hash as block_hash, s.event_index
            from carbon_standings s
            join blocks b on b.number = s.block_number ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_carbon_ratings`] takes.
    pub struct ListCarbonRatings {
        page: PageRequest<Account>,
    }
}

/// Ratings, by account; of those that take part in a compliance period.
#[utoipa::path(
    get,
    path = "/carbon/ratings",
    tag = "carbon",
    params(ListCarbonRatings),
    responses(
        (status = 200, description = "A page of ratings", body = Page<CarbonRating>),
        PrivateListProblems
    )
)]
pub async fn list_carbon_ratings(
    State(state): State<AppState>,
    asker: Asker,
    ListCarbonRatings { page }: ListCarbonRatings,
) -> Result<Json<Page<CarbonRating>>, ApiError> {
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rows: Vec<CarbonRating> = snapshot
        .select(select_ratings!(
            "where ",
            seen!(carbon_standings),
            " and ($3::bytea is null or s.account > $3) order by s.account limit $4"
        ))
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    let rows = rows.into_iter().map(CarbonRating::with_parts).collect();
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &CarbonRating| item.account)))
}

parameters! {
    /// What [`get_carbon_rating`] takes.
    pub struct GetCarbonRating {
        /// The account.
        address: Segment<Account>,
    }
}

/// The rating of one account; 404 until it takes part in a compliance period, and the contract gives
/// the neutral 500 for it.
#[utoipa::path(
    get,
    path = "/carbon/ratings/{address}",
    tag = "carbon",
    params(GetCarbonRating),
    responses(
        (status = 200, description = "Its rating", body = Item<CarbonRating>),
        PrivateItemProblems
    )
)]
pub async fn get_carbon_rating(
    State(state): State<AppState>,
    asker: Asker,
    GetCarbonRating { address: Segment(account) }: GetCarbonRating,
) -> Result<Json<Item<CarbonRating>>, ApiError> {
    let mut snapshot = state.private(Projection::Carbon, &asker).await?;
    let rating: Option<CarbonRating> = snapshot
        .select(select_ratings!("where ", seen!(carbon_standings), " and s.account = $3"))
        .bind(account)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || {
        ApiError::unseen(format!(
            "{account} never took part in a compliance period, so that its rating is the neutral 500"
        ))
    };
    rating.map(|rating| snapshot.item(rating.with_parts())).ok_or_else(absent)
}
