//! Rows behind private routes, put straight into the tables, each with who may see it.

use std::collections::{BTreeMap, BTreeSet};

use assent_indexer_testing::{FIRST, address};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, PgPool, types::Json};

use crate::support::{hex32, ss58};

/// Roles, as the contracts number them.
pub mod role {
    pub const DATA_OWNER: i32 = 1;
    pub const PROVIDER: i32 = 2;
    pub const RESEARCHER: i32 = 4;
    pub const RESOURCE_HOLDER: i32 = 8;
    pub const EMITTER: i32 = 16;
    pub const AUDITOR: i32 = 128;
    pub const REGULATOR: i32 = 256;
}

/// Time of the block that the mirror is at, ms since 1970.
pub const NOW: u64 = 100_000;
/// Readings of a world are numbered from here on, far above those that a test makes.
pub const READINGS: i64 = 1_000_000;

/// What tells items from each other that are listed in the order of the chain.
const POSITION: &[&str] = &["/provenance/block_number", "/provenance/event_index"];

/// The private lists of rows, and what tells the items of each from each other.
pub const LISTS: &[(&str, &[&str])] = &[
    ("/v1/reads", &["/id"]),
    ("/v1/participants", &["/account"]),
    ("/v1/mandates", &["/subject", "/agent"]),
    ("/v1/successions", &["/subject"]),
    ("/v1/consents", &["/id"]),
    ("/v1/denials", &["/owner", "/requester", "/purpose/index"]),
    ("/v1/delegations", &["/owner", "/delegate"]),
    ("/v1/emergency-windows", &["/id"]),
    ("/v1/emergency-bars", &["/key"]),
    ("/v1/sanctions", &["/window_id"]),
    ("/v1/access-log", &["/access"]),
    ("/v1/proposals", &["/id"]),
    ("/v1/erasures", &["/id"]),
    ("/v1/reports", &["/owner", "/series", "/sequence"]),
    ("/v1/audits", &["/audit"]),
    ("/v1/rewards/budgets", &["/requester"]),
    ("/v1/rewards/budget-movements", POSITION),
    ("/v1/rewards/accruals", &["/access"]),
    ("/v1/rewards/unfunded", &["/access"]),
    ("/v1/rewards/withdrawals", POSITION),
    ("/v1/token/balances", &["/account"]),
    ("/v1/token/receipts", &["/receipt"]),
    ("/v1/carbon/balances", &["/batch", "/owner"]),
    ("/v1/carbon/approvals", &["/owner", "/operator", "/batch"]),
    ("/v1/carbon/escrows", &["/owner", "/operator", "/batch"]),
    ("/v1/carbon/frozen", &["/account"]),
    ("/v1/carbon/duties", &["/period", "/account"]),
    ("/v1/carbon/penalties", &["/period", "/account"]),
    ("/v1/carbon/reports", &["/period", "/account", "/version"]),
    ("/v1/carbon/surrenders", POSITION),
    ("/v1/carbon/ratings", &["/account"]),
];

/// What tells an item from others, as one text.
pub fn key_of(values: &[Value]) -> String {
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Who may see a row: whoever has one of these accounts as his own, or is a party as one of those; or everybody.
#[derive(Debug, Clone)]
pub struct Parties {
    own: Vec<u8>,
    party: Vec<u8>,
    /// Only those are a party to it who give care, do research or hold records.
    is_of_care: bool,
    everybody: bool,
}

impl Parties {
    fn of(own: &[u8], party: &[u8]) -> Self {
        Self { own: own.to_vec(), party: party.to_vec(), is_of_care: false, everybody: false }
    }

    /// To a row of consent, agreements or reports.
    fn of_care(own: &[u8], party: &[u8]) -> Self {
        Self { is_of_care: true, ..Self::of(own, party) }
    }
}

/// What somebody may see.
#[derive(Debug, Default)]
pub struct Sight {
    /// As whom his key acts; `None`: for nobody, since it was replaced.
    pub account: Option<u8>,
    /// Whether he sees every row.
    pub is_overseer: bool,
    own: BTreeSet<u8>,
    party: BTreeSet<u8>,
    /// Those of `party` who have such a role that counts.
    carers: BTreeSet<u8>,
}

impl Sight {
    /// Whether he sees a row.
    pub fn sees(&self, parties: &Parties) -> bool {
        let has = |his: &BTreeSet<u8>, theirs: &[u8]| theirs.iter().any(|n| his.contains(n));
        // A key that was replaced sees nothing, not even what everybody does.
        self.account.is_some()
            && (self.is_overseer
                || parties.everybody
                || has(&self.own, &parties.own)
                || has(if parties.is_of_care { &self.carers } else { &self.party }, &parties.party))
    }
}

/// What has become of a mandate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Counts,
    Expired,
    Ended,
}

#[derive(Debug)]
struct Participant {
    roles: i32,
    suspended: i32,
    key: Option<u8>,
}

#[derive(Debug)]
struct Key {
    subject: u8,
    is_replaced: bool,
}

#[derive(Debug)]
struct Mandate {
    subject: u8,
    agent: u8,
    is_guardian: bool,
    counts: bool,
}

/// An item of a list.
#[derive(Debug)]
pub struct Entry {
    /// What tells it from others.
    pub key: String,
    pub parties: Parties,
}

/// Rows, and who may see them. An account `n` has the bytes `n`.
#[derive(Debug, Default)]
pub struct World {
    participants: BTreeMap<u8, Participant>,
    keys: BTreeMap<u8, Key>,
    mandates: Vec<Mandate>,
    /// Patients by owner and series.
    patients: BTreeMap<(u8, u8), Vec<u8>>,
    /// Entries of the log of each owner.
    logs: BTreeMap<u8, i64>,
    tables: BTreeMap<&'static str, Vec<Value>>,
    events: u32,
    /// What there is in each list.
    pub lists: BTreeMap<&'static str, Vec<Entry>>,
    /// What there is at each path: nothing, a row, or several of which one is shown, or all.
    pub items: BTreeMap<String, Vec<Parties>>,
}

/// An account or a hash as Postgres writes bytes.
fn bytes(n: u8) -> String {
    format!("\\x{}", hex::encode([n; 32]))
}

fn maybe(n: Option<u8>) -> Option<String> {
    n.map(bytes)
}

/// Who acts and who has rights, and what follows.
impl World {
    /// With a profile that was checked; these keys replaced its own, one after the other.
    pub fn participant(&mut self, n: u8, roles: i32, suspended: i32, keys: &[u8]) {
        let key = keys.last().copied();
        self.participants.insert(n, Participant { roles, suspended, key });
        let reason = maybe((suspended != 0).then_some(0xee));
        let columns = json!({
            "account": bytes(n),
            "profile": bytes(0xf0),
            "confirmed": bytes(0xf0),
            "roles": roles,
            "suspended": suspended,
            "suspension_reason": reason,
            "guardianship": 0,
            "key": maybe(key),
        });
        self.add("participants", columns);
        // Which organisations there are is no secret; who is a patient is.
        let everybody = roles != 0 && roles & role::DATA_OWNER == 0;
        let parties = Parties { everybody, ..Parties::of(&[n], &[n]) };
        self.show("/v1/participants", &[json!(ss58(n))], &parties);
        self.item(format!("/v1/participants/{}", ss58(n)), parties);
        // Its own account is among them once it was replaced.
        let own = (!keys.is_empty()).then_some(n);
        for acted in own.into_iter().chain(keys.iter().copied()) {
            let is_replaced = Some(acted) != key;
            self.keys.insert(acted, Key { subject: n, is_replaced });
            let accepted_at = (acted != n).then_some(1);
            let replaced_at = is_replaced.then_some(2);
            let columns = json!({
                "key": bytes(acted),
                "subject": bytes(n),
                "accepted_at_ms": accepted_at,
                "replaced_at_ms": replaced_at,
            });
            self.add("participant_keys", columns);
        }
    }

    /// Of the staff; or of a guardian, whom somebody appointed.
    pub fn mandate(&mut self, subject: u8, agent: u8, appointed_by: Option<u8>, is: Standing) {
        let is_guardian = appointed_by.is_some();
        let counts = is == Standing::Counts;
        self.mandates.push(Mandate { subject, agent, is_guardian, counts });
        // What ends now does not count any more.
        let valid_until = if is == Standing::Expired { NOW } else { NOW + 1 };
        let ended_by = (is == Standing::Ended).then(|| appointed_by.unwrap_or(agent));
        let powers = if is_guardian { 32 } else { 1 };
        let columns = json!({
            "subject": bytes(subject),
            "agent": bytes(agent),
            "powers": powers,
            "valid_until_ms": valid_until,
            "person": bytes(0x57),
            "appointed_by": maybe(appointed_by),
            "admitted_at_ms": 1,
            "ended_at_ms": ended_by.map(|_| 2),
            "ended_by": maybe(ended_by),
        });
        self.add("mandates", columns);
        let key = [json!(ss58(subject)), json!(ss58(agent))];
        self.show("/v1/mandates", &key, &Parties::of(&[subject, agent], &[subject]));
    }

    /// What whoever has this key may see.
    pub fn sight(&self, key: u8) -> Sight {
        let me = match self.keys.get(&key) {
            Some(Key { is_replaced: true, .. }) => return Sight::default(),
            Some(Key { subject, .. }) => *subject,
            None => key,
        };
        let acts_for = |as_guardian: bool| {
            let mandates = self.mandates.iter().filter(move |mandate| {
                mandate.agent == me && mandate.is_guardian == as_guardian && mandate.counts
            });
            mandates.map(|mandate| mandate.subject)
        };
        let with_key = |n: u8| [Some(n), self.participants.get(&n).and_then(|of| of.key)];
        let wards = std::iter::once(me).chain(acts_for(true));
        let own = wards.flat_map(with_key).flatten().collect();
        let organisations: Vec<u8> = std::iter::once(me).chain(acts_for(false)).collect();
        let roles = |n: &u8| self.participants.get(n).map_or(0, |of| of.roles & !of.suspended);
        let care = role::PROVIDER | role::RESEARCHER | role::RESOURCE_HOLDER;
        let oversees = |n: &u8| roles(n) & (role::AUDITOR | role::REGULATOR) != 0;
        Sight {
            account: Some(me),
            is_overseer: organisations.iter().any(oversees),
            own,
            party: organisations.iter().copied().filter(|n| roles(n) != 0).collect(),
            carers: organisations.into_iter().filter(|n| roles(n) & care != 0).collect(),
        }
    }
}

/// Rows of health data.
impl World {
    pub fn succession(&mut self, subject: u8, successor: u8) {
        let columns = json!({
            "subject": bytes(subject),
            "successor": bytes(successor),
            "named_at_ms": 1,
            "not_before_ms": 2,
            "until_ms": NOW + 1,
        });
        self.add("successions", columns);
        let parties = Parties::of_care(&[subject, successor], &[]);
        self.show("/v1/successions", &[json!(ss58(subject))], &parties);
        self.item(format!("/v1/successions/{}", ss58(subject)), parties);
    }

    pub fn grant(&mut self, id: i64, owner: u8, grantee: u8, by: u8) {
        let columns = json!({
            "id": id,
            "owner": bytes(owner),
            "grantee": bytes(grantee),
            "purposes": 1,
            "categories": 1,
            "valid_from_ms": 1,
            "valid_until_ms": NOW + 1,
            "uses": 0,
            "link_erased": false,
            "policy": bytes(0xbb),
            "version": 1,
            "epoch": 0,
            "granted_by": bytes(by),
        });
        self.add("grants", columns);
        let parties = Parties::of_care(&[owner, by], &[grantee]);
        self.show("/v1/consents", &[json!(id)], &parties);
        self.item(format!("/v1/consents/{id}"), parties);
    }

    /// What would be decided between these two.
    pub fn check(&mut self, owner: u8, requester: u8) {
        let (of, by) = (ss58(owner), ss58(requester));
        let path = format!("/v1/consents/check?owner={of}&requester={by}&purpose=0&category=0");
        self.items.insert(path, vec![Parties::of_care(&[owner], &[requester])]);
    }

    pub fn denial(&mut self, owner: u8, requester: u8, purpose: u8) {
        let columns = json!({
            "owner": bytes(owner),
            "requester": bytes(requester),
            "purpose": purpose,
            "categories": 1,
            "by_guardians": 0,
            "denied_at_ms": 1,
        });
        self.add("denials", columns);
        let key = [json!(ss58(owner)), json!(ss58(requester)), json!(purpose)];
        self.show("/v1/denials", &key, &Parties::of_care(&[owner], &[requester]));
    }

    pub fn delegation(&mut self, owner: u8, delegate: u8) {
        let columns = json!({
            "owner": bytes(owner),
            "delegate": bytes(delegate),
            "purposes": 1,
            "categories": 1,
            "valid_until_ms": NOW + 1,
            "epoch": 0,
        });
        self.add("delegations", columns);
        let key = [json!(ss58(owner)), json!(ss58(delegate))];
        self.show("/v1/delegations", &key, &Parties::of_care(&[owner, delegate], &[]));
    }

    pub fn window(&mut self, id: i64, patient: u8, provider: u8, by: u8) {
        let columns = json!({
            "id": id,
            "patient": bytes(patient),
            "provider": bytes(provider),
            "opened_by": bytes(by),
            "person": maybe((by != provider).then_some(0x57)),
            "justification": bytes(0x1f),
            "opened_at_ms": 1,
            "until_ms": 2,
            "review_by_ms": 3,
            "uses": 0,
        });
        self.add("emergency_windows", columns);
        let parties = Parties::of_care(&[patient, by], &[provider]);
        self.show("/v1/emergency-windows", &[json!(id)], &parties);
        self.item(format!("/v1/emergency-windows/{id}"), parties);
    }

    pub fn bar(&mut self, key: u8) {
        let columns = json!({ "key": bytes(key), "window_id": 1, "barred_at_ms": 1 });
        self.add("emergency_bars", columns);
        self.show("/v1/emergency-bars", &[json!(ss58(key))], &Parties::of_care(&[key], &[]));
    }

    pub fn sanction(&mut self, window: i64, provider: u8) {
        let columns = json!({
            "window_id": window,
            "provider": bytes(provider),
            "reason": "unreviewed",
            "proposed_at_ms": 1,
        });
        self.add("sanctions", columns);
        self.show("/v1/sanctions", &[json!(window)], &Parties::of_care(&[provider], &[provider]));
    }

    /// He wants no emergency access.
    pub fn refusal(&mut self, owner: u8) {
        self.add("emergency_refusals", json!({ "owner": bytes(owner), "refused_at_ms": 1 }));
        self.choice(owner);
    }

    /// He denies everybody.
    pub fn restriction(&mut self, owner: u8) {
        let columns = json!({
            "owner": bytes(owner),
            "number": 1,
            "purposes": 1,
            "categories": 1,
            "restricted_at_ms": 1,
            "restricted_by": bytes(owner),
        });
        self.add("restrictions", columns);
        self.choice(owner);
    }

    fn choice(&mut self, owner: u8) {
        let path = format!("/v1/patient-choices/{}", ss58(owner));
        self.items.insert(path, vec![Parties::of_care(&[owner], &[])]);
    }

    pub fn access(&mut self, id: i64, owner: u8, requester: u8, by: u8) {
        let sequence = self.logs.entry(owner).or_default();
        *sequence += 1;
        let columns = json!({
            "access": id,
            "owner": bytes(owner),
            "requester": bytes(requester),
            "asked_by": bytes(by),
            "person": maybe((by != requester).then_some(0x57)),
            "sequence": *sequence,
            "purpose": 0,
            "category": 0,
            "permitted": false,
            "deny_reason": "NoGrant",
            "at_ms": 1,
            "previous_head": bytes(0),
            "content": bytes(0xa1),
            "head": bytes(0xa2),
        });
        self.add("access_log", columns);
        let parties = Parties::of_care(&[owner, by], &[requester]);
        self.show("/v1/access-log", &[json!(id)], &parties);
        let path = format!("/v1/access-log/{}/head", ss58(owner));
        self.items.insert(path, vec![Parties::of_care(&[owner], &[])]);
    }

    pub fn proposal(&mut self, id: i64, owner: u8, requester: u8, by: u8) {
        let columns = json!({
            "id": id,
            "owner": bytes(owner),
            "requester": bytes(requester),
            "proposed_by": bytes(by),
            "person": maybe((by != requester).then_some(0x57)),
            "purposes": 1,
            "categories": 1,
            "valid_from_ms": 1,
            "valid_until_ms": NOW + 2,
            "policy": bytes(0xbb),
            "proposed_at_ms": 1,
            "expires_at_ms": NOW + 1,
        });
        self.add("proposals", columns);
        let parties = Parties::of_care(&[owner, by], &[requester]);
        self.show("/v1/proposals", &[json!(id)], &parties);
        self.item(format!("/v1/proposals/{id}"), parties);
    }

    pub fn erasure(&mut self, id: i64, owner: u8, requester: u8, by: u8) {
        let columns = json!({
            "id": id,
            "owner": bytes(owner),
            "requester": bytes(requester),
            "requested_by": bytes(by),
            "requested_at_ms": 1,
            "due_ms": 2,
        });
        self.add("erasures", columns);
        let parties = Parties::of_care(&[owner], &[requester]);
        self.show("/v1/erasures", &[json!(id)], &parties);
        self.item(format!("/v1/erasures/{id}"), parties);
    }

    pub fn report(
        &mut self,
        owner: u8,
        series: u8,
        sequence: i64,
        patient: Option<u8>,
        doctor: u8,
    ) {
        self.patients.entry((owner, series)).or_default().extend(patient);
        let columns = json!({
            "owner": bytes(owner),
            "series": bytes(series),
            "sequence": sequence,
            "previous": bytes(0),
            "head": bytes(0xa2),
            "root": bytes(0x11),
            "chunks": 1,
            "byte_length": 1,
            "metadata": bytes(0x3e),
            "patient": maybe(patient),
            "doctor": bytes(doctor),
            "anchored_by": bytes(owner),
            "at_ms": 1,
        });
        self.add("reports", columns);
        let own: Vec<u8> = [owner, doctor].into_iter().chain(patient).collect();
        let parties = Parties::of_care(&own, &[owner, doctor]);
        let key = [json!(ss58(owner)), json!(hex32(series)), json!(sequence)];
        self.show("/v1/reports", &key, &parties);
        self.item(format!("/v1/reports/{}/{}", ss58(owner), hex32(series)), parties);
    }

    /// Of the first version of a series, whose reports are there already.
    pub fn audit(&mut self, id: i64, owner: u8, series: u8, auditor: u8) {
        let patients = self.patients.get(&(owner, series)).into_iter().flatten().copied();
        let own: Vec<u8> = [owner, auditor].into_iter().chain(patients).collect();
        let columns = json!({
            "audit": id,
            "owner": bytes(owner),
            "series": bytes(series),
            "sequence": 1,
            "auditor": bytes(auditor),
            "commitment": bytes(0xc0),
            "challenge_block": 7,
            "opened_at_ms": 1,
        });
        self.add("report_audits", columns);
        let parties = Parties::of_care(&own, &[owner]);
        self.show("/v1/audits", &[json!(id)], &parties);
        self.item(format!("/v1/audits/{id}"), parties);
    }

    /// That somebody read a subject's data, numbered from [`READINGS`] on.
    pub fn reading(&mut self, id: i64, subject: u8, reader: u8, reader_as: u8) {
        let id = READINGS + id;
        let columns = json!({
            "id": id,
            "at_ms": 1,
            "subject": bytes(subject),
            "reader": bytes(reader),
            "reader_as": bytes(reader_as),
            "route": "/v1/consents",
        });
        self.add("auth.reads", columns);
        self.show("/v1/reads", &[json!(id)], &Parties::of(&[subject, reader_as], &[reader_as]));
    }
}

/// Rows of what accounts own and owe.
impl World {
    pub fn rewards(&mut self, n: u8) {
        let columns =
            json!({ "account": bytes(n), "owed": 0, "accrued": 0, "returned": 0, "paid": 0 });
        self.add("rewards", columns);
        self.item(format!("/v1/rewards/{}", ss58(n)), Parties::of(&[n], &[n]));
    }

    pub fn budget(&mut self, n: u8) {
        let columns = json!({
            "requester": bytes(n),
            "balance": 0,
            "funded": 0,
            "spent": 0,
            "withdrawn": 0,
        });
        self.add("reward_budgets", columns);
        let parties = Parties::of(&[n], &[n]);
        self.show("/v1/rewards/budgets", &[json!(ss58(n))], &parties);
        self.item(format!("/v1/rewards/budgets/{}", ss58(n)), parties);
    }

    pub fn budget_movement(&mut self, requester: u8, by: u8) {
        let columns = json!({
            "requester": bytes(requester),
            "kind": "funded",
            "account": bytes(by),
            "amount": 1,
        });
        let position = self.add("reward_budget_movements", columns);
        let parties = Parties::of(&[requester], &[requester]);
        self.show("/v1/rewards/budget-movements", &position, &parties);
    }

    pub fn accrual(&mut self, id: i64, owner: u8, requester: u8, sponsor: Option<u8>) {
        let columns = json!({
            "access": id,
            "owner": bytes(owner),
            "requester": bytes(requester),
            "purpose": 1,
            "amount": 1,
            "sponsor": maybe(sponsor),
            "sponsorship": sponsor.map(|_| 1),
            "at_ms": 1,
        });
        self.add("reward_accruals", columns);
        let party: Vec<u8> = std::iter::once(requester).chain(sponsor).collect();
        self.show("/v1/rewards/accruals", &[json!(id)], &Parties::of(&[owner], &party));
    }

    pub fn unfunded(&mut self, id: i64, owner: u8, requester: u8) {
        let columns = json!({
            "access": id,
            "owner": bytes(owner),
            "requester": bytes(requester),
            "purpose": 1,
            "amount": 1,
            "required": false,
        });
        self.add("reward_unfunded", columns);
        self.show("/v1/rewards/unfunded", &[json!(id)], &Parties::of(&[owner], &[requester]));
    }

    pub fn withdrawal(&mut self, owner: u8, paid_to: u8) {
        let columns = json!({ "owner": bytes(owner), "paid_to": bytes(paid_to), "amount": 1 });
        let position = self.add("reward_withdrawals", columns);
        let parties = Parties::of(&[owner, paid_to], &[owner]);
        self.show("/v1/rewards/withdrawals", &position, &parties);
    }

    pub fn token_balance(&mut self, n: u8) {
        let columns = json!({ "account": bytes(n), "balance": 0, "frozen": false });
        self.add("token_balances", columns);
        let parties = Parties::of(&[n], &[n]);
        self.show("/v1/token/balances", &[json!(ss58(n))], &parties);
        self.item(format!("/v1/token/balances/{}", ss58(n)), parties);
    }

    pub fn token_receipt(&mut self, receipt: u8, n: u8) {
        let columns = json!({
            "receipt": bytes(receipt),
            "kind": "minted",
            "account": bytes(n),
            "amount": 1,
        });
        self.add("token_receipts", columns);
        let parties = Parties::of(&[n], &[n]);
        self.show("/v1/token/receipts", &[json!(hex32(receipt))], &parties);
        self.item(format!("/v1/token/receipts/{}", hex32(receipt)), parties);
    }

    pub fn carbon_balance(&mut self, batch: i64, owner: u8) {
        let columns = json!({
            "batch": batch,
            "owner": bytes(owner),
            "tradable": 0,
            "escrowed": 0,
            "retired": 0,
            "surrendered": 0,
            "cancelled": 0,
        });
        self.add("carbon_balances", columns);
        let key = [json!(batch), json!(ss58(owner))];
        self.show("/v1/carbon/balances", &key, &Parties::of(&[owner], &[owner]));
    }

    /// The operator may move units, and holds some in escrow.
    pub fn operator(&mut self, owner: u8, operator: u8, batch: i64) {
        for (table, list) in
            [("carbon_approvals", "/v1/carbon/approvals"), ("carbon_escrows", "/v1/carbon/escrows")]
        {
            let columns = json!({
                "owner": bytes(owner),
                "operator": bytes(operator),
                "batch": batch,
                "amount": 1,
            });
            self.add(table, columns);
            let key = [json!(ss58(owner)), json!(ss58(operator)), json!(batch)];
            let both = [owner, operator];
            self.show(list, &key, &Parties::of(&both, &both));
        }
    }

    /// It is frozen, or was.
    pub fn freeze(&mut self, n: u8, is_frozen: bool) {
        let columns = json!({
            "account": bytes(n),
            "frozen": is_frozen,
            "freeze_reason": maybe(is_frozen.then_some(0xf2)),
            "frozen_by": maybe(is_frozen.then_some(0x90)),
        });
        self.add("carbon_accounts", columns);
        if is_frozen {
            self.show("/v1/carbon/frozen", &[json!(ss58(n))], &Parties::of(&[n], &[n]));
        }
    }

    /// It was settled with a penalty, or not yet.
    pub fn duty(&mut self, period: i64, n: u8, has_penalty: bool) {
        let (reports, verified) = if has_penalty { (1, 10) } else { (0, 0) };
        let settled = |value: i64| has_penalty.then_some(value);
        let columns = json!({
            "period": period,
            "account": bytes(n),
            "allocated": 0,
            "reports": reports,
            "reported_at_ms": settled(1),
            "verified": verified,
            "surrendered": 0,
            "settled_at_ms": settled(2),
            "brought_deficit": settled(0),
            "brought_surplus": settled(0),
            "deficit": settled(10),
            "surplus": settled(0),
            "timely": has_penalty.then_some(false),
            "penalty": settled(1),
        });
        self.add("carbon_duties", columns);
        let key = [json!(period), json!(ss58(n))];
        let parties = Parties::of(&[n], &[n]);
        self.show("/v1/carbon/duties", &key, &parties);
        if has_penalty {
            self.show("/v1/carbon/penalties", &key, &parties);
        }
    }

    pub fn emissions(&mut self, period: i64, n: u8, version: i64, verifier: u8) {
        let columns = json!({
            "period": period,
            "account": bytes(n),
            "version": version,
            "emissions": 1,
            "report": bytes(0x3e),
            "verifier": bytes(verifier),
        });
        self.add("carbon_emission_reports", columns);
        let key = [json!(period), json!(ss58(n)), json!(version)];
        let both = [n, verifier];
        self.show("/v1/carbon/reports", &key, &Parties::of(&both, &both));
    }

    pub fn surrender(&mut self, n: u8) {
        let columns = json!({ "period": 1, "batch": 1, "account": bytes(n), "amount": 1 });
        let position = self.add("carbon_surrenders", columns);
        self.show("/v1/carbon/surrenders", &position, &Parties::of(&[n], &[n]));
    }

    pub fn rating(&mut self, n: u8) {
        let columns = json!({
            "account": bytes(n),
            "next": 1,
            "settled": 0,
            "compliant": 0,
            "timely": 0,
            "penalties": 0,
            "paid": 0,
            "deficit": 0,
            "surplus": 0,
            "rating": 500,
        });
        self.add("carbon_standings", columns);
        let parties = Parties::of(&[n], &[n]);
        self.show("/v1/carbon/ratings", &[json!(ss58(n))], &parties);
        self.item(format!("/v1/carbon/ratings/{}", ss58(n)), parties);
    }
}

impl World {
    /// One row in each list that is public, and one event of the token.
    pub fn public(&mut self) {
        let (one, two) = (bytes(1), bytes(2));
        let pot = json!({
            "purpose": 1, "sponsorship": 1, "sponsor": one, "balance": 0, "cap": 0,
            "sponsored": 0, "spent": 0, "withdrawn": 0,
        });
        let pot_movement = json!({
            "purpose": 1, "sponsorship": 1, "kind": "sponsored", "sponsor": one, "amount": 1,
            "cap": 1,
        });
        let reward_totals = json!({
            "singleton": true, "budgets": 0, "pots": 0, "owed": 0, "accrued": 0, "returned": 0,
            "paid": 0,
        });
        let token_totals = json!({
            "singleton": true, "treasury_confirmed": false, "minted": 0, "burned": 0, "supply": 0,
        });
        let class = json!({ "class": 2, "issuer": one, "metadata": bytes(3), "last_serial": 0 });
        let project = json!({ "project": 1, "class": 2, "owner": one, "metadata": bytes(3) });
        let batch = json!({
            "batch": 2, "class": 2, "project": 1, "serial_start": 1, "serial_end": 10,
            "vintage_start_ms": 0, "vintage_end_ms": 10, "sealed": false, "issued": 0,
            "tradable": 0, "escrowed": 0, "retired": 0, "surrendered": 0, "cancelled": 0,
        });
        let period = json!({
            "period": 1, "batch": 1, "start_ms": 1, "end_ms": 2, "settle_from_ms": 3, "cap": 1,
            "tariff": 1,
        });
        let penalty = json!({ "singleton": true, "tariff": 1, "collector": one });
        let retirement = json!({
            "batch": 2, "owner": one, "beneficiary": two, "amount": 1, "reason": bytes(3),
        });
        let cancellation = json!({ "batch": 2, "owner": one, "amount": 1, "reason": bytes(3) });
        let order = json!({
            "order_id": 1, "seller": one, "batch": 2, "status": "open", "amount": 1, "filled": 0,
            "released": 0, "price": 1, "expiry_ms": NOW + 1, "fee_bps": 0, "placed_by": one,
        });
        let fill = json!({
            "order_id": 1, "batch": 2, "seller": one, "buyer": two, "filled_by": two, "amount": 1,
            "remaining": 1, "price": 1_000, "payment": 1, "fee": 0, "proceeds": 1,
        });
        let settings = json!({
            "singleton": true, "fee_bps": 0, "collector": one, "floor": 1, "ceiling": 2,
        });
        let outsiders = json!({ "singleton": true, "sequence": 1, "head": bytes(3), "at_ms": 1 });
        let [token, ..] = address("token");
        let event = json!({
            "contract": bytes(token), "contract_name": "token", "topics": [], "data": "\\x",
            "name": "Approval", "fields": {},
        });
        for (table, columns) in [
            ("tariffs", json!({ "purpose": 1, "amount": 1, "required": false })),
            ("reward_pots", pot),
            ("reward_pot_movements", pot_movement),
            ("reward_totals", reward_totals),
            ("token_totals", token_totals),
            ("carbon_classes", class),
            ("carbon_projects", project),
            ("carbon_batches", batch),
            ("carbon_periods", period),
            ("carbon_penalty", penalty),
            ("carbon_retirements", retirement),
            ("carbon_cancellations", cancellation),
            ("market_orders", order),
            ("market_fills", fill),
            ("market_settings", settings),
            ("outsider_refusals", outsiders),
            ("events", event),
        ] {
            self.add(table, columns);
        }
    }

    /// A row, at a place on the chain where no other is: its block and index there.
    fn add(&mut self, table: &'static str, mut columns: Value) -> [Value; 2] {
        self.events += 1;
        let position = [json!(FIRST + u64::from(self.events % 90)), json!(self.events)];
        let [block, index] = position.clone();
        columns["block_number"] = block;
        columns["event_index"] = index;
        self.tables.entry(table).or_default().push(columns);
        position
    }

    fn show(&mut self, list: &'static str, key: &[Value], parties: &Parties) {
        let entry = Entry { key: key_of(key), parties: parties.clone() };
        self.lists.entry(list).or_default().push(entry);
    }

    fn item(&mut self, path: String, parties: Parties) {
        self.items.entry(path).or_default().push(parties);
    }

    /// A path at which nothing is, unless something is there already.
    pub fn maybe_nothing(&mut self, path: String) {
        self.items.entry(path).or_default();
    }

    /// Puts the rows into the tables, those of `assent-auth` among them.
    pub async fn insert(&self, pool: &PgPool) {
        for (table, rows) in &self.tables {
            // Readings are numbered by the table otherwise. Columns that a row has not are null, and what the table
            // has not is passed over.
            let sql = format!(
                "insert into {table} overriding system value
                select * from jsonb_populate_recordset(null::{table}, $1)"
            );
            let inserted = sqlx::query(AssertSqlSafe(sql)).bind(Json(rows)).execute(pool).await;
            inserted.unwrap_or_else(|error| panic!("{table}: {error}"));
        }
    }

    /// Empties the tables.
    pub async fn remove(&self, pool: &PgPool) {
        let sql: String = self.tables.keys().map(|table| format!("delete from {table};")).collect();
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
    }
}
