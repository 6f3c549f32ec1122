//! Pots: what sponsors pay for the accesses of a purpose, before the requesters' budgets do.

use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, ListProblems},
    page::{Page, PageRequest},
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    state::AppState,
    types::{Account, Amount},
    vocabulary::{Index, Purpose},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_reward_pots))
        .routes(routes!(get_reward_pot))
        .routes(routes!(list_reward_pot_movements))
}

words! {
    /// What happened to a pot.
    pub enum PotMovementKind {
        /// Its sponsor paid in, or set the cap.
        Sponsored = "sponsored",
        /// Its sponsor took something back.
        Withdrawn = "withdrawn",
        /// Its sponsor was replaced: what was left is owed to him.
        Returned = "returned",
    }
}

/// What a sponsor pays for the accesses of one purpose; balance = sponsored - spent - withdrawn. With each
/// sponsor it begins anew.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Pot {
    /// The purpose.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// How many sponsors were set so far, this one included.
    sponsorship: i64,
    /// Who fills it; null: nobody any more.
    sponsor: Option<Account>,
    /// What is in it, token base units.
    balance: Amount,
    /// What it pays for one requester in one period at most, token base units.
    cap: Amount,
    /// All that this sponsor ever paid in, token base units.
    sponsored: Amount,
    /// All that accesses were paid from it since he is the sponsor, token base units.
    spent: Amount,
    /// All that he ever took back, token base units.
    withdrawn: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Pots.
macro_rules! select_pots {
    ($rest:literal) => {
        concat!(
            "select p.purpose, p.sponsorship, p.sponsor, p.balance::text as balance,
                p.cap::text as cap, p.sponsored::text as sponsored, p.spent::text as spent,
                p.withdrawn::text as withdrawn,
                p.block_number, b.hash as block_hash, p.event_index
            from reward_pots p
            join blocks b on b.number = p.block_number ",
            $rest
        )
    };
}

parameters! {
    /// What [`list_reward_pots`] takes.
    pub struct ListRewardPots {
        page: PageRequest<i64>,
    }
}

/// Pots, by purpose; of those purposes that ever had a sponsor.
#[utoipa::path(
    get,
    path = "/rewards/pots",
    tag = "money",
    params(ListRewardPots),
    responses((status = 200, description = "A page of pots", body = Page<Pot>), ListProblems)
)]
pub async fn list_reward_pots(
    State(state): State<AppState>,
    ListRewardPots { page }: ListRewardPots,
) -> Result<Json<Page<Pot>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(select_pots!(
        "where ($1::bigint is null or p.purpose > $1) order by p.purpose limit $2"
    ))
    .bind(page.after)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Pot| item.purpose.index().into())))
}

parameters! {
    /// What [`get_reward_pot`] takes.
    pub struct GetRewardPot {
        /// Number of the purpose.
        purpose: Segment<Index>,
    }
}

/// The pot of one purpose; 404 until it has its first sponsor.
#[utoipa::path(
    get,
    path = "/rewards/pots/{purpose}",
    tag = "money",
    params(GetRewardPot),
    responses((status = 200, description = "Its pot", body = Item<Pot>), ItemProblems)
)]
pub async fn get_reward_pot(
    State(state): State<AppState>,
    GetRewardPot { purpose: Segment(purpose) }: GetRewardPot,
) -> Result<Json<Item<Pot>>, ApiError> {
    let purpose = i16::from(purpose.get());
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let pot = sqlx::query_as(select_pots!("where p.purpose = $1"))
        .bind(purpose)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::NotFound(format!("Purpose {purpose} never had a sponsor."));
    pot.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// One payment into a pot or out of it; what accesses are paid is in the accruals.
#[derive(Serialize, FromRow, ToSchema)]
pub struct PotMovement {
    /// The purpose.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// Of which of its sponsors, counted from 1.
    sponsorship: i64,
    /// What happened.
    kind: PotMovementKind,
    /// The sponsor.
    sponsor: Account,
    /// Token base units; 0 when only the cap was set, or nothing was left.
    amount: Amount,
    /// The cap that was set with it, token base units; null unless sponsored.
    cap: Option<Amount>,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_pot_movements`] takes.
    pub struct ListRewardPotMovements {
        /// Only of this purpose's pot.
        purpose: Option<Index>,
        /// Only of this sponsor.
        sponsor: Option<Account>,
        /// Only movements of this kind.
        kind: Option<PotMovementKind>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Payments into pots and out of them, in the order of the chain.
#[utoipa::path(
    get,
    path = "/rewards/pot-movements",
    tag = "money",
    params(ListRewardPotMovements),
    responses(
        (status = 200, description = "A page of movements", body = Page<PotMovement>),
        ListProblems
    )
)]
pub async fn list_reward_pot_movements(
    State(state): State<AppState>,
    ListRewardPotMovements { purpose, sponsor, kind, page }: ListRewardPotMovements,
) -> Result<Json<Page<PotMovement>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.snapshot_of(Projection::Rewards).await?;
    let rows = sqlx::query_as(
        "select m.purpose, m.sponsorship, m.kind, m.sponsor, m.amount::text as amount,
            m.cap::text as cap,
            m.block_number, b.hash as block_hash, m.event_index
        from reward_pot_movements m
        join blocks b on b.number = m.block_number
        where ($1::smallint is null or m.purpose = $1)
            and ($2::bytea is null or m.sponsor = $2)
            and ($3::text is null or m.kind = $3)
            and ($4::bigint is null or (m.block_number, m.event_index) > ($4, $5))
        order by m.block_number, m.event_index
        limit $6",
    )
    .bind(purpose.map(|purpose| i16::from(purpose.get())))
    .bind(sponsor)
    .bind(kind)
    .bind(after.0)
    .bind(after.1)
    .bind(page.rows())
    .fetch_all(snapshot.connection())
    .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &PotMovement| item.provenance.position())))
}
