//! The log of every access decision, refusals included, and what it takes to verify it; and where the log
//! of those ends who were never admitted.

use assent_interface::{Contract, Decision, DenyReason};
use assent_mirror::fold::Projection;
use axum::{Json, extract::State};
use parity_scale_codec::Encode;
use serde::Serialize;
use sqlx::FromRow;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::ApiError,
    openapi::{ItemProblems, PrivateItemProblems, PrivateListProblems},
    page::{Page, PageRequest},
    parameters::{NoParameters, Segment, parameters},
    provenance::{Item, Provenance},
    sight::{Asker, seen},
    state::AppState,
    types::{Account, Bytes, Hash},
    vocabulary::{Category, Purpose},
};

pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_access_log))
        .routes(routes!(get_access_log_head))
        .routes(routes!(get_access_log_outsiders))
}

/// One decision. The entries of an owner are a chain: `content` is BLAKE2b-256 of `preimage`, `head`
/// is BLAKE2b-256 of the 64 bytes `previous`, `content`, and `previous` is the `head` of the owner's
/// entry before. Whoever folds all contents from zero arrives at the head that the consent
/// contract's `log_head` gives; whoever kept an earlier head can start there.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Access {
    /// Number of the decision over all owners.
    access: i64,
    /// Whose data.
    owner: Account,
    /// For whom was asked.
    requester: Account,
    /// The key that asked: the requester's account, or the key that acts for it now (`key` of
    /// /v1/participants), or that of one of its staff (/v1/mandates).
    asked_by: Account,
    /// Salted commitment to the person of the staff who holds the key; null: it is the requester's, also when
    /// it is not its account.
    person: Option<Hash>,
    /// Number of the entry in the log of this owner.
    sequence: i64,
    /// What for.
    #[sqlx(try_from = "i16")]
    purpose: Purpose,
    /// Which data.
    #[sqlx(try_from = "i16")]
    category: Category,
    /// Commitment to the record that was asked for; null: none in particular.
    record: Option<Hash>,
    /// The grant that was applied; null when there was none. Of a refusal as `Unfunded` it is the one that
    /// would have permitted it, had anybody paid.
    grant_id: Option<i64>,
    /// The emergency window that permitted it; null when none did.
    window_id: Option<i64>,
    /// Whether access was permitted.
    permitted: bool,
    /// Why not, as the contract names it: `RequesterNotAdmitted`, `OwnerNotAdmitted`, `Denied`,
    /// `NoGrant`, `Revoked`, `NotYetValid`, `Expired`, `PurposeNotGranted`, `CategoryNotGranted`,
    /// `UsesExhausted`, `RecordNotGranted`, `Paused` or `Unfunded`; null when permitted.
    #[schema(example = "NoGrant")]
    deny_reason: Option<String>,
    /// Time of the block, ms since 1970.
    at_ms: i64,
    /// What `content` is the hash of: the SCALE tuple (domain, owner, requester, asked_by: 32 bytes each;
    /// person: Option of 32 bytes; access, sequence: u64; purpose, category: u8; record: Option of 32 bytes;
    /// grant, window: Option<u64>; decision: 0 for a permit, 1 and the number of the reason in the order
    /// above, from 0, for a refusal; time: u64). Integers are little-endian; an option is 0, or 1 and the value. The domain is
    /// BLAKE2b-256 of the 64 bytes genesis hash, address of the consent contract. Null when the reason is
    /// not known here.
    #[sqlx(skip)]
    preimage: Option<Bytes>,
    /// Head of the owner's log before this entry; zero for the first.
    previous: Hash,
    /// Hash of the entry's own fields.
    content: Hash,
    /// Head of the owner's log after this entry.
    head: Hash,
    /// The event that logged it.
    #[sqlx(flatten)]
    provenance: Provenance,
}

impl Access {
    /// With the preimage of its content, made from the fields that the answer shows.
    fn with_preimage(mut self, domain: Option<[u8; 32]>) -> Self {
        self.preimage = domain.and_then(|domain| self.encoded(domain)).map(Bytes);
        self
    }

    fn encoded(&self, domain: [u8; 32]) -> Option<Vec<u8>> {
        let natural = |number: i64| u64::try_from(number).ok();
        let person = self.person.map(|person| person.0);
        let parties = (domain, self.owner, self.requester, self.asked_by, person);
        let numbers = (natural(self.access)?, natural(self.sequence)?);
        let grant = self.grant_id.map(|id| natural(id).ok_or(())).transpose().ok()?;
        let window = self.window_id.map(|id| natural(id).ok_or(())).transpose().ok()?;
        let decision = match &self.deny_reason {
            Some(reason) => Decision::Deny(DenyReason::from_name(reason)?),
            None => Decision::Permit,
        };
        let record = self.record.map(|record| record.0);
        let what = (self.purpose.index(), self.category.index(), record, grant, window, decision);
        Some((parties, numbers, what, natural(self.at_ms)?).encode())
    }
}

parameters! {
    /// What [`list_access_log`] takes.
    pub struct ListAccessLog {
        /// Only accesses to this owner's data.
        owner: Option<Account>,
        /// Only accesses that were asked for this account.
        requester: Option<Account>,
        /// Only accesses that this key asked for others, of whose staff it is.
        agent: Option<Account>,
        /// Only accesses in this emergency window.
        window_id: Option<i64>,
        page: PageRequest<i64>,
    }
}

/// Access decisions, by number.
#[utoipa::path(
    get,
    path = "/access-log",
    tag = "consent",
    params(ListAccessLog),
    responses(
        (status = 200, description = "A page of decisions", body = Page<Access>),
        PrivateListProblems
    )
)]
pub async fn list_access_log(
    State(state): State<AppState>,
    asker: Asker,
    ListAccessLog { owner, requester, agent, window_id, page }: ListAccessLog,
) -> Result<Json<Page<Access>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let rows: Vec<Access> = snapshot
        .select(concat!(
            "select a.access, a.owner, a.requester, a.asked_by, a.person, a.sequence, a.purpose,
            a.category, a.record, a.grant_id, a.window_id, a.permitted, a.deny_reason, a.at_ms,
            a.previous_head as previous, a.content, a.head,
            a.block_number, b.hash as block_hash, a.event_index
        from access_log a
        join blocks b on b.number = a.block_number
        where ",
            seen!(access_log),
            " and ($3::bytea is null or a.owner = $3)
            and ($4::bytea is null or a.requester = $4)
            and ($5::bytea is null or (a.asked_by = $5 and a.person is not null))
            and ($6::bigint is null or a.window_id = $6)
            and ($7::bigint is null or a.access > $7)
        order by a.access
        limit $8"
        ))
        .bind(owner)
        .bind(requester)
        .bind(agent)
        .bind(window_id)
        .bind(page.after)
        .bind(page.rows())
        .fetch_all(snapshot.connection())
        .await?;
    let domain = state.domain(Contract::Consent);
    let rows: Vec<_> = rows.into_iter().map(|access| access.with_preimage(domain)).collect();
    snapshot.shows(page.shown(&rows).iter().map(|item: &Access| item.owner)).await?;
    Ok(Json(page.page(rows, snapshot.as_of(), |item: &Access| item.access)))
}

/// Where the log of one owner ends.
#[derive(Serialize, FromRow, ToSchema)]
pub struct LogHead {
    /// Whose log.
    owner: Account,
    /// How many entries it has.
    sequence: i64,
    /// Head after the last of them; compare it with the consent contract's `log_head`.
    head: Hash,
    /// Time of the last entry's block, ms since 1970.
    at_ms: i64,
    /// The event that logged the last entry.
    #[sqlx(flatten)]
    provenance: Provenance,
}

parameters! {
    /// What [`get_access_log_head`] takes.
    pub struct GetAccessLogHead {
        /// The data owner.
        address: Segment<Account>,
    }
}

/// The head of one owner's log; 404 until there is a decision on the owner's data.
#[utoipa::path(
    get,
    path = "/access-log/{address}/head",
    tag = "consent",
    params(GetAccessLogHead),
    responses((status = 200, description = "The head", body = Item<LogHead>), PrivateItemProblems)
)]
pub async fn get_access_log_head(
    State(state): State<AppState>,
    asker: Asker,
    GetAccessLogHead { address: Segment(owner) }: GetAccessLogHead,
) -> Result<Json<Item<LogHead>>, ApiError> {
    let mut snapshot = state.private(Projection::Consent, &asker).await?;
    let head = snapshot
        .select(concat!(
            "select a.owner, a.sequence, a.head, a.at_ms,
            a.block_number, b.hash as block_hash, a.event_index
        from access_log a
        join blocks b on b.number = a.block_number
        where ",
            seen!(access_log_head),
            " and a.owner = $3
        order by a.sequence desc
        limit 1"
        ))
        .bind(owner)
        .fetch_optional(snapshot.connection())
        .await?;
    snapshot.shows(head.iter().map(|item: &LogHead| item.owner)).await?;
    let absent = || ApiError::unseen(format!("Nobody ever asked for data of {owner}"));
    head.map(|item| snapshot.item(item)).ok_or_else(absent)
}

/// Where the log ends of requests by accounts that were never admitted. It is one chain for the consent
/// contract, made as those of the owners, and no owner's log shows these requests; each of them is an event
/// `OutsiderRefused` in /v1/events.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Outsiders {
    /// How many requests were refused.
    sequence: i64,
    /// Head after the last of them; compare it with the consent contract's `refusals`.
    head: Hash,
    /// Time of the last refusal's block, ms since 1970.
    at_ms: i64,
    /// The event that refused the last one.
    #[sqlx(flatten)]
    provenance: Provenance,
}

/// The head of the log of refused outsiders; 404 until there is one.
#[utoipa::path(
    get,
    path = "/access-log/outsiders",
    tag = "consent",
    responses((status = 200, description = "The head", body = Item<Outsiders>), ItemProblems)
)]
pub async fn get_access_log_outsiders(
    State(state): State<AppState>,
    _: NoParameters,
) -> Result<Json<Item<Outsiders>>, ApiError> {
    let mut snapshot = state.snapshot_of(Projection::Consent).await?;
    let head = sqlx::query_as(
        "select o.sequence, o.head, o.at_ms,
            o.block_number, b.hash as block_hash, o.event_index
        from outsider_refusals o
        join blocks b on b.number = o.block_number",
    )
    .fetch_optional(snapshot.connection())
    .await?;
    let absent = || ApiError::NotFound("Nobody asked who was never admitted.".to_owned());
    head.map(|item| snapshot.item(item)).ok_or_else(absent)
}
