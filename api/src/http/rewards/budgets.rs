//! Budgets: what requesters have paid in advance for their accesses.

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
    parameters::{Segment, parameters, words::words},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Amount},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_reward_budgets))
        .routes(routes!(get_reward_budget))
        .routes(routes!(list_reward_budget_movements))
}

words! {
    /// What happened to a budget.
    pub enum BudgetMovementKind {
        /// Somebody paid in.
        Funded = "funded",
        /// The requester took something back.
        Withdrawn = "withdrawn",
    }
}

/// What one requester's accesses are paid from, unless a sponsor pays; balance = funded - spent -
/// withdrawn.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Budget {
    /// Whose budget.
    requester: Account,
    /// What is in it, token base units.
    balance: Amount,
    /// All that was ever paid in, token base units.
    funded: Amount,
    /// All that accesses were ever paid from it, token base units.
    spent: Amount,
    /// All that the requester ever took back, token base units.
    withdrawn: Amount,
    /// The last event that changed it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// Budgets.
macro_rules! select_budgets {
    ($($rest:tt)*) => {
        concat!(
            "select u.requester, u.balance::text as balance, u.funded::text as funded,
                u.spent::text as spent, u.withdrawn::text as withdrawn,
                u.block_number, b.hash as block_hash, u.event_index
            from reward_budgets u
            join blocks b on b.number = u.block_number ",
            $($rest)*
        )
    };
}

parameters! {
    /// What [`list_reward_budgets`] takes.
    pub struct ListRewardBudgets {
        page: PageRequest<Account>,
    }
}

/// Budgets, by requester; also those that are spent.
#[utoipa::path(
    get,
    path = "/rewards/budgets",
    tag = "money",
    params(ListRewardBudgets),
    responses(
        (status = 200, description = "A page of budgets", body = Page<Budget>),
        PrivateListProblems
    )
)]
pub async fn list_reward_budgets(
    State(state): State<AppState>,
    asker: Asker,
    ListRewardBudgets { page }: ListRewardBudgets,
) -> Result<Json<Page<Budget>>, ApiError> {
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let rows = snapshot
        .select(select_budgets!(
            "where ",
            seen!(reward_budgets),
            " and ($3::bytea is null or u.requester > $3) order by u.requester limit $4"
        ))
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Budget| item.requester)))
}

parameters! {
    /// What [`get_reward_budget`] takes.
    pub struct GetRewardBudget {
        /// The requester.
        address: Segment<Account>,
    }
}

/// The budget of one requester; 404 until somebody pays in.
#[utoipa::path(
    get,
    path = "/rewards/budgets/{address}",
    tag = "money",
    params(GetRewardBudget),
    responses((status = 200, description = "Its budget", body = Item<Budget>), PrivateItemProblems)
)]
pub async fn get_reward_budget(
    State(state): State<AppState>,
    asker: Asker,
    GetRewardBudget { address: Segment(requester) }: GetRewardBudget,
) -> Result<Json<Item<Budget>>, ApiError> {
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let budget = snapshot
        .select(select_budgets!("where ", seen!(reward_budgets), " and u.requester = $3"))
        .bind(requester)
        .fetch_optional(snapshot.connection())
        .await?;
    let absent = || ApiError::unseen(format!("Nobody ever paid into a budget of {requester}"));
    budget.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// One payment into a budget or out of it; what accesses are paid is in the accruals.
#[derive(Serialize, FromRow, ToSchema)]
pub struct BudgetMovement {
    /// Whose budget.
    requester: Account,
    /// What happened.
    kind: BudgetMovementKind,
    /// Who paid in; the requester, when he took something back.
    account: Account,
    /// Token base units.
    amount: Amount,
    /// The event.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`list_reward_budget_movements`] takes.
    pub struct ListRewardBudgetMovements {
        /// Only of this requester's budget.
        requester: Option<Account>,
        /// Only movements of this kind.
        kind: Option<BudgetMovementKind>,
        page: PageRequest<(i64, i32)>,
    }
}

/// Payments into budgets and out of them, in the order of the chain.
#[utoipa::path(
    get,
    path = "/rewards/budget-movements",
    tag = "money",
    params(ListRewardBudgetMovements),
    responses(
        (status = 200, description = "A page of movements", body = Page<BudgetMovement>),
        PrivateListProblems
    )
)]
pub async fn list_reward_budget_movements(
    State(state): State<AppState>,
    asker: Asker,
    ListRewardBudgetMovements { requester, kind, page }: ListRewardBudgetMovements,
) -> Result<Json<Page<BudgetMovement>>, ApiError> {
    let after = page.after.unzip();
    let mut snapshot = state.private(Projection::Rewards, &asker).await?;
    let rows = snapshot
        .select(concat!(
            "select m.requester, m.kind, m.account, m.amount::text as amount,
            m.block_number, b.hash as block_hash, m.event_index
        from reward_budget_movements m
        join blocks b on b.number = m.block_number
        where ",
            seen!(reward_budget_movements),
            " and ($3::bytea is null or m.requester = $3)
            and ($4::text is null or m.kind = $4)
            and ($5::bigint is null or (m.block_number, m.event_index) > ($5, $6))
        order by m.block_number, m.event_index
        limit $7"
        ))
        .bind(requester)
        .bind(kind)
        .bind(after.0)
        .bind(after.1)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &BudgetMovement| item.provenance.position())))
}
