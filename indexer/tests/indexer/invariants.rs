//! A query that cannot fail is worth nothing: each invariant is broken by a row, and reported.

use std::collections::BTreeSet;

use assent_indexer_testing::{Mirror, story};
use assent_mirror::{INVARIANTS, violations};
use sqlx::{PgConnection, PgPool};

/// A mirror in which everything has happened.
async fn told(pool: PgPool) -> Mirror {
    let mut mirror = Mirror::new(pool).await;
    for events in story::everything() {
        mirror.write(events).await;
    }
    mirror
}

/// The names of the invariants that do not hold.
async fn broken(db: &mut PgConnection) -> BTreeSet<&'static str> {
    let found = violations(db).await.expect("the invariants can be checked");
    found.into_iter().map(|violation| violation.invariant).collect()
}

/// Statements that break rows, each with the invariants that it breaks, the one in question first.
const BREAKS: &[(&[&str], &str)] = &[
    (
        &["watermark", "projections"],
        "update watermark w set block_number = b.number, block_hash = b.hash, \
         block_time_ms = b.time_ms from blocks b where b.number = 5",
    ),
    (&["watermark"], "update watermark set block_time_ms = 1"),
    (
        &["blocks"],
        "insert into blocks (number, hash, parent_hash, time_ms) \
         values (4, sha256('4'), sha256('3'), 4000)",
    ),
    (&["blocks"], "update blocks set parent_hash = sha256('x') where number = 6"),
    (&["watermark", "projections"], "update watermark set block_number = 8"),
    (&["projections"], "update projections set block_number = 5 where name = 'token'"),
    (
        &["projections"],
        "update projections set block_number = 5, stopped_block = 6, stopped_index = 999, \
         stopped_reason = 'none' where name = 'token'",
    ),
    (&["positions"], "update denials set event_index = 999"),
    (
        &["positions", "epochs"],
        "update grants set event_index = \
         (select min(event_index) from events where contract_name = 'token')",
    ),
    (&["raw_events"], "update events set contract_name = 'carbon' where name = 'ConsentSet'"),
    (&["raw_events"], "update contracts set deployment_block = 6 where name = 'reports'"),
    (
        &["codes"],
        "delete from contract_codes where address = (select address from contracts where name = 'market')",
    ),
    (
        &["codes"],
        "update contract_codes set code_hash = sha256('x') where address = \
         (select contract from contract_governance where code_hash is not null limit 1)",
    ),
    (
        &["governance"],
        "update contract_governance set paused = true \
         where contract = (select address from contracts where name = 'token')",
    ),
    (&["governance"], "delete from contract_governance"),
    (
        &["governance"],
        "update events set fields = jsonb_set(fields::jsonb, '{until}', '\"5000\"')::json \
         where name = 'HandoverProposed'",
    ),
    (
        &["governance"],
        "update events set fields = jsonb_set(fields::jsonb, '{not_before}', '\"5001\"')::json \
         where name = 'UpgradeAnnounced'",
    ),
    (
        &["governance"],
        "update contract_governance g set event_index = (select min(e.event_index) from events e \
         where e.contract = g.contract and e.name = 'Paused')",
    ),
    (&["participants"], "update participants set roles = 1"),
    (&["participants"], "update participants set suspended = suspended + 2 where suspended <> 0"),
    (&["participants"], "update participants set profile = sha256('x')"),
    (&["participants"], "update participants set confirmed = sha256('x')"),
    (&["participants", "references"], "delete from participants"),
    (&["mandates"], "update mandates set powers = powers + 16"),
    (&["mandates"], "update mandates set valid_until_ms = valid_until_ms + 1"),
    (&["mandates"], "update mandates set person = sha256('x')"),
    (&["mandates"], "update mandates set admitted_at_ms = admitted_at_ms - 1"),
    (
        &["mandates"],
        "update mandates set ended_at_ms = null, ended_by = null where ended_by is not null",
    ),
    (&["mandates"], "update mandates set ended_at_ms = ended_at_ms + 1 where ended_by is not null"),
    (
        &["mandates"],
        "update mandates set ended_by = subject where ended_by is not null and appointed_by is null",
    ),
    (
        &["mandates"],
        "update mandates set ended_by = agent where appointed_by is not null and ended_by <> agent",
    ),
    (
        &["mandates"],
        "update mandates set appointed_by = sha256('x') where appointed_by is not null",
    ),
    (&["mandates"], "update mandates set ended_at_ms = admitted_at_ms, ended_by = agent"),
    (&["mandates"], "delete from mandates where ended_by is not null"),
    // One that an event gives, and that the contracts have no name for.
    (
        &["mandates"],
        "with said as (update events set data = set_byte(data, 64, get_byte(data, 64) + 64) \
         where name = 'MemberAdmitted') \
         update mandates set powers = powers + 64 where appointed_by is null",
    ),
    (&["participants"], "update participants set guardianship = guardianship + 1"),
    (&["participants"], "update participants set key = null where key is not null"),
    (&["successions"], "delete from successions"),
    (&["successions"], "update successions set successor = sha256('x')"),
    (
        &["successions"],
        "update successions set proposed_by = sha256('x') where proposed_by is not null",
    ),
    (&["successions"], "update successions set evidence = sha256('x') where evidence is not null"),
    (&["successions"], "update successions set named_at_ms = named_at_ms - 1"),
    (&["successions"], "update successions set until_ms = until_ms + 1"),
    (
        &["successions"],
        "update successions set objected_at_ms = null, confirmed_at_ms = null, \
         confirmed_by = null where confirmed_by is not null",
    ),
    (
        &["successions"],
        "update successions set ending = 'cancelled' where ending = 'accepted' and proposed_by is null",
    ),
    (
        &["successions"],
        "update successions set rejected_by = sha256('x') where rejected_by is not null",
    ),
    // A key accepts too late, one that was named before, and an objection that is about nothing.
    (
        &["successions"],
        "with said as (update events set fields = \
         jsonb_set(fields::jsonb, '{until}', '\"6000\"')::json where name = 'SuccessorNamed') \
         update successions set until_ms = 6000 where proposed_by is null",
    ),
    (
        &["successions"],
        "update events set event_index = 0 where name = 'ReplacementObjected' \
         and substring(data from 1 for 32) = decode(repeat('12', 32), 'hex')",
    ),
    (&["keys"], "delete from participant_keys"),
    (
        &["keys"],
        "update participant_keys set accepted_at_ms = accepted_at_ms - 1 \
         where accepted_at_ms is not null",
    ),
    (
        &["keys"],
        "update participant_keys set replaced_at_ms = replaced_at_ms + 1 \
         where replaced_at_ms is not null",
    ),
    (
        &["keys"],
        "update participant_keys set subject = decode(repeat('10', 32), 'hex') \
         where key = decode(repeat('0f', 32), 'hex')",
    ),
    // It has the mandate before it is named.
    (
        &["keys", "positions"],
        "update events set event_index = 0 where name = 'MemberAdmitted' \
         and substring(data from 1 for 32) = decode(repeat('10', 32), 'hex')",
    ),
    (&["guardianships"], "update guardianships set guardianship = 2"),
    (&["guardianships"], "update guardianships set began_at_ms = 4999"),
    (&["guardianships"], "delete from guardianships"),
    (&["guardianships"], "update grants set guardianship = 1 where guardianship is not null"),
    // A grant outlasts the mandate of who gave it.
    (
        &["guardianships"],
        "update events set fields = jsonb_set(fields::jsonb, '{until}', '\"20001\"')::json \
         where name = 'Granted' and fields ->> 'grant' = '5'",
    ),
    (&["guardian_acts"], "update erasures set requested_by = owner where requested_by <> owner"),
    (&["guardian_acts"], "update restrictions set lifted_by = owner where lifted_by <> owner"),
    (&["guardian_acts"], "update owner_epochs set began_by = sha256('x')"),
    (&["guardian_acts"], "update delegate_revocations set revoked_by = sha256('x')"),
    (
        &["guardian_acts"],
        "update emergency_refusals set allowed_by = sha256('x') where allowed_by is not null",
    ),
    (
        &["guardian_acts"],
        "update proposals set answered_by = sha256('x') where answered_by is not null",
    ),
    // Another's key, another person, another mandate.
    (&["agency"], "update access_log set asked_by = sha256('x') where person is not null"),
    (&["agency"], "update access_log set person = sha256('x') where person is not null"),
    (
        &["agency"],
        "update access_log set asked_by = decode(repeat('05', 32), 'hex'), \
         person = decode(repeat('55', 32), 'hex') where person is not null",
    ),
    (&["agency", "emergencies"], "update emergency_windows set opened_by = sha256('x')"),
    (&["agency"], "update emergency_windows set person = sha256('x')"),
    (&["agency"], "update emergency_windows set closed_by = sha256('x')"),
    (&["agency"], "update reports set anchored_by = sha256('x') where sequence = 1"),
    (&["agency"], "update reports set revoked_by = sha256('x') where revoked_by is not null"),
    (&["agency"], "update reports set doctor_signed_by = patient_signed_by where sequence = 2"),
    (&["agency"], "update reports set patient_signed_by = doctor_signed_by where sequence = 2"),
    // A power that is lacking, a mandate whose time is over, one that is given later.
    (
        &["agency"],
        "with said as (update events set data = set_byte(data, 64, 1) where name = 'MemberAdmitted') \
         update mandates set powers = 1 where appointed_by is null",
    ),
    (
        &["agency"],
        "with said as (update events set fields = \
         jsonb_set(fields::jsonb, '{until}', '\"5001\"')::json where name = 'MemberAdmitted') \
         update mandates set valid_until_ms = 5001 where appointed_by is null",
    ),
    // A guardian whose time is over.
    (
        &["agency"],
        "with said as (update events set fields = \
         jsonb_set(fields::jsonb, '{until}', '\"5001\"')::json where name = 'GuardianAppointed') \
         update mandates set valid_until_ms = 5001 where appointed_by is not null",
    ),
    // One guardian appoints, and dismisses, another.
    (
        &["agency"],
        "with said as (update events set data = \
         overlay(data placing decode(repeat('0c', 32), 'hex') from 105 for 32) \
         where name = 'GuardianAppointed' \
         and substring(data from 33 for 32) = decode(repeat('0d', 32), 'hex')) \
         update mandates set appointed_by = decode(repeat('0c', 32), 'hex') \
         where agent = decode(repeat('0d', 32), 'hex')",
    ),
    (
        &["agency"],
        "with said as (update events set data = \
         overlay(data placing decode(repeat('0c', 32), 'hex') from 65 for 32) \
         where name = 'MandateEnded' \
         and substring(data from 33 for 32) = decode(repeat('0d', 32), 'hex')) \
         update mandates set ended_by = decode(repeat('0c', 32), 'hex') \
         where agent = decode(repeat('0d', 32), 'hex')",
    ),
    // One proposes to replace the key of his ward, and ends that.
    (
        &["agency"],
        "with said as (update events set data = \
         overlay(data placing decode(repeat('0c', 32), 'hex') from 113 for 32) \
         where name = 'ReplacementProposed' \
         and substring(data from 1 for 32) = decode(repeat('0b', 32), 'hex')) \
         update successions set proposed_by = decode(repeat('0c', 32), 'hex') \
         where subject = decode(repeat('0b', 32), 'hex')",
    ),
    (
        &["agency"],
        "with said as (update events set data = \
         overlay(data placing decode(repeat('0c', 32), 'hex') from 65 for 32) \
         where name = 'ReplacementRejected' \
         and substring(data from 1 for 32) = decode(repeat('0b', 32), 'hex')) \
         update successions set rejected_by = decode(repeat('0c', 32), 'hex') \
         where subject = decode(repeat('0b', 32), 'hex')",
    ),
    (
        &["agency", "positions"],
        "update events set event_index = 990 where name = 'MemberAdmitted' \
         and substring(data from 1 for 32) = decode(repeat('04', 32), 'hex')",
    ),
    // Whoever judges acts for one of the parties.
    (
        &["agency"],
        "update emergency_windows set reviewed_by = decode(repeat('05', 32), 'hex'), \
         closed_by = decode(repeat('05', 32), 'hex')",
    ),
    (&["agency"], "update report_audits set auditor = decode(repeat('05', 32), 'hex')"),
    (&["agency"], "update report_audits set auditor = decode(repeat('08', 32), 'hex')"),
    (&["agency"], "update proposals set proposed_by = sha256('x') where person is not null"),
    (&["agency"], "update proposals set person = sha256('x') where person is not null"),
    (&["agency"], "update proposals set withdrawn_by = sha256('x') where withdrawn_by is not null"),
    (&["agency"], "update erasures set answered_by = sha256('x') where person is not null"),
    (&["agency"], "update erasures set person = sha256('x') where person is not null"),
    (&["grants"], "update grants set uses = uses - 1 where id = 1"),
    (&["grants"], "update grants set version = version + 1 where id = 1"),
    (&["grants"], "update grants set revoked_at_ms = revoked_at_ms + 1"),
    (&["grants"], "update grants set granted_by = sha256('x') where id = 1"),
    (&["grants"], "update grants set revoked_at_ms = null, revoked_by = null"),
    (&["grants"], "update grants set link_erased = false"),
    // Its link is erased before it is revoked, and it does not expire.
    (
        &["grants"],
        "with moved as (update events set event_index = 0 where name = 'LinkErased') \
         update grants g set valid_until_ms = 18446744073709551615, event_index = e.event_index \
         from events e where e.contract_name = 'consent' and e.name = 'Revoked' and g.id = 1",
    ),
    // Nine of one owner to one grantee, and five of them by a delegate.
    (
        &["grants"],
        "insert into grants (id, owner, grantee, purposes, categories, valid_from_ms, \
         valid_until_ms, link_erased, policy, version, epoch, granted_by, block_number, event_index) \
         select n, g.owner, g.grantee, 1, 1, 0, 18446744073709551615, false, g.policy, 1, 1, g.owner, \
         e.block_number, e.event_index from grants g, events e, generate_series(11, 19) as n \
         where g.id = 2 and e.name = 'GlassBroken'",
    ),
    (
        &["grants"],
        "insert into grants (id, owner, grantee, purposes, categories, valid_from_ms, \
         valid_until_ms, link_erased, policy, version, epoch, granted_by, block_number, event_index) \
         select n, g.owner, g.grantee, 1, 1, 0, 18446744073709551615, false, g.policy, 1, 1, \
         g.granted_by, e.block_number, e.event_index from grants g, events e, \
         generate_series(11, 15) as n where g.id = 2 and e.name = 'GlassBroken'",
    ),
    (&["delegate_revocations"], "update delegate_revocations set revoked_up_to = 1"),
    (&["delegate_revocations"], "update delegate_revocations set revoked_after = 1"),
    (&["delegate_revocations"], "update delegations set revoked_up_to = 1"),
    (&["delegate_revocations"], "update delegate_revocations set revoked_at_ms = 4999"),
    (&["delegate_revocations"], "delete from delegate_revocations"),
    (
        &["delegate_revocations"],
        "with said as (update events set fields = \
         jsonb_set(fields::jsonb, '{revoked_up_to}', '\"3\"')::json where name = 'DelegateRemoved'), \
         kept as (update delegations set revoked_up_to = 3) \
         update delegate_revocations set revoked_up_to = 3",
    ),
    (
        &["delegate_revocations"],
        "update grants g set event_index = e.event_index from events e \
         where e.name = 'Denied' and g.id = 2",
    ),
    (&["agreements"], "update proposals set id = 7 where id = 6"),
    (&["agreements"], "update erasures set id = 5 where id = 3"),
    // Other parties, another grant, other terms.
    (
        &["agreements"],
        "update proposals set owner = sha256('x'), answered_by = sha256('x') where id = 1",
    ),
    (&["agreements"], "update proposals set grant_id = 1 where id = 1"),
    (&["agreements"], "update proposals set purposes = 3 where id = 1"),
    (&["agreements"], "update proposals set categories = 9 where id = 1"),
    (&["agreements"], "update proposals set valid_from_ms = 11 where id = 1"),
    (&["agreements"], "update proposals set valid_until_ms = 21 where id = 1"),
    (&["agreements"], "update proposals set max_uses = 3 where id = 1"),
    (
        &["agreements"],
        "update events set fields = jsonb_set(fields::jsonb, '{record}', 'null')::json \
         where name = 'Proposed' and fields ->> 'proposal' = '1'",
    ),
    (&["agreements"], "update proposals set policy = sha256('x') where id = 1"),
    // One that a delegate gave, that was amended before, that is given later, revoked or used up.
    (
        &["agreements", "grants"],
        "update grants set granted_by = d.delegate from delegations d where id = 3",
    ),
    (
        &["agreements"],
        "update events set fields = jsonb_set(fields::jsonb, '{purposes}', '1')::json \
         where name = 'Amended' and fields ->> 'grant' = '4'",
    ),
    (
        &["agreements"],
        "update events set event_index = 990 where name = 'Granted' and fields ->> 'grant' = '3'",
    ),
    (
        &["agreements", "grants", "log_basis"],
        "update grants set revoked_at_ms = 14, revoked_by = owner where id = 3",
    ),
    (
        &["agreements"],
        "with said as (update events set fields = \
         jsonb_set(fields::jsonb, '{max_uses}', '1')::json \
         where name = 'Granted' and fields ->> 'grant' = '3') \
         update proposals set max_uses = 1 where id = 1",
    ),
    // While the grant of 4 lived.
    (
        &["agreements"],
        "update erasures set owner = decode(repeat('04', 32), 'hex'), \
         requested_by = decode(repeat('04', 32), 'hex'), requested_at_ms = 19 where id = 1",
    ),
    (&["agreements"], "update erasures set requested_at_ms = 8999 where id = 2"),
    (
        &["agreements"],
        "update erasures set requester = decode(repeat('02', 32), 'hex'), \
         answered_by = decode(repeat('02', 32), 'hex'), \
         owner = decode(repeat('01', 32), 'hex'), requested_by = decode(repeat('01', 32), 'hex') \
         where id = 3",
    ),
    (&["denials"], "update denials set categories = categories + 4 where categories > 0"),
    (&["denials"], "delete from denials where categories > 0"),
    (&["denials"], "update denials set by_guardians = by_guardians + 4 where by_guardians > 0"),
    (&["denials"], "delete from denials where by_guardians > 0"),
    (&["restrictions"], "update restrictions set number = number + 1"),
    (&["restrictions"], "update restrictions set categories = categories + 1"),
    (&["restrictions"], "update restrictions set restricted_at_ms = 12"),
    (
        &["restrictions", "guardian_acts"],
        "update restrictions set lifted_at_ms = 13, lifted_by = owner where lifted_at_ms is null",
    ),
    (
        &["restrictions"],
        "update restrictions set restricted_by = sha256('x') where restricted_by <> owner",
    ),
    (&["restrictions"], "delete from restrictions"),
    (&["restrictions"], "update restriction_exceptions set restriction = 1"),
    (&["restrictions"], "delete from restriction_exceptions"),
    // An access of one who is not excepted.
    (
        &["restrictions"],
        "with said as (update events set data = overlay(data placing sha256('x') from 33) \
         where name = 'Excepted') \
         update restriction_exceptions set account = sha256('x') where restriction = 2",
    ),
    (&["epochs"], "update owner_epochs set epoch = epoch + 1"),
    (&["epochs"], "delete from owner_epochs"),
    (&["epochs"], "update delegations set epoch = epoch + 1"),
    (&["log_chain"], "update access_log set previous_head = sha256('x') where access = 2"),
    (&["log_chain"], "update access_log set previous_head = sha256('x') where access = 1"),
    (&["log_chain"], "update access_log set access = 9 where access = 3"),
    (&["log_chain"], "update access_log set sequence = 9 where access = 3"),
    (&["log_chain"], "update log_heads set sequence = sequence + 1"),
    (&["log_chain"], "update outsider_refusals set sequence = sequence + 1"),
    (&["log_chain"], "delete from outsider_refusals"),
    (
        &["log_chain"],
        "update events set data = overlay(data placing sha256('x') from octet_length(data) - 95) \
         where name = 'OutsiderRefused'",
    ),
    (&["log_basis", "agreements"], "update grants set grantee = sha256('x')"),
    (
        &["log_basis", "grants"],
        "update grants set record = sha256('x'), link_erased = false where id = 1",
    ),
    (&["log_basis"], "update access_log set grant_id = 99 where deny_reason = 'Unfunded'"),
    (&["log_basis"], "update events set event_index = 0 where name = 'GlassClosed'"),
    (&["log_basis", "grants"], "update grants set revoked_at_ms = 5999 where id = 1"),
    (&["log_basis"], "update emergency_windows set uses = uses + 1"),
    (&["log_basis"], "update access_log set at_ms = 9 where access = 3"),
    (&["references"], "update sanctions set window_id = 99"),
    (&["references"], "update emergency_bars set window_id = 99"),
    (
        &["references", "participants"],
        "update participants set account = sha256('x') where account = decode(repeat('04', 32), 'hex')",
    ),
    (&["emergencies"], "update emergency_bars set key = sha256('x')"),
    (&["emergencies"], "update emergency_bars set lifted_at_ms = null, lifted_by = null"),
    (&["emergencies"], "update events set event_index = 0 where name = 'EmergencyBarred'"),
    (&["emergencies"], "update sanctions set provider = sha256('x')"),
    (&["emergencies"], "update sanctions set reason = 'unreviewed'"),
    (&["emergencies"], "update emergency_windows set outcome = 'justified', closed_by = provider"),
    (
        &["emergencies"],
        "insert into emergency_windows (id, patient, provider, opened_by, justification, opened_at_ms, \
         until_ms, review_by_ms, block_number, event_index) select 2, patient, provider, provider, \
         justification, opened_at_ms, until_ms, review_by_ms, block_number, event_index \
         from emergency_windows",
    ),
    (
        &["emergencies"],
        "insert into emergency_windows (id, patient, provider, opened_by, justification, opened_at_ms, \
         until_ms, review_by_ms, block_number, event_index) select 3, patient, provider, provider, \
         justification, 100, 110, 120, block_number, event_index from emergency_windows",
    ),
    (&["emergency_refusals"], "delete from emergency_refusals"),
    (&["emergency_refusals"], "update emergency_refusals set refused_at_ms = 7"),
    (
        &["emergency_refusals", "guardian_acts"],
        "update emergency_refusals set allowed_at_ms = 8, allowed_by = owner \
         where allowed_at_ms is null",
    ),
    (
        &["emergency_refusals"],
        "update emergency_refusals set allowed_at_ms = null, allowed_by = null \
         where allowed_at_ms is not null",
    ),
    // A window on a patient who refuses.
    (
        &["emergency_refusals"],
        "update events set data = overlay(data placing r.owner::bytea from 9) \
         from emergency_refusals r where r.allowed_at_ms is null and name = 'GlassBroken'",
    ),
    // An access in a window before the patient allows it again.
    (
        &["emergency_refusals", "log_chain"],
        "update access_log a set event_index = e.event_index from events e \
         where e.name = 'EmergenciesAllowed' and a.window_id is not null",
    ),
    (&["reports"], "update reports set previous = sha256('x') where sequence = 2"),
    (&["reports", "report_audits"], "update reports set owner = sha256('x') where sequence = 2"),
    (&["reports"], "update reports set superseded_by = 3 where sequence = 1"),
    (&["reports"], "update reports set patient_signed_at_ms = 6001 where sequence = 2"),
    (&["reports"], "delete from reports where sequence = 1"),
    (&["report_audits"], "update report_audits set audit = 2"),
    (&["report_audits"], "update report_audits set sequence = 3"),
    (&["agency", "report_audits"], "update reports set doctor = a.auditor from report_audits a"),
    (&["report_audits"], "update report_audits set auditor = r.patient from reports r"),
    (&["report_audits"], "update report_audits set challenge_block = 5"),
    (&["report_audits"], "update report_audits set nonce = sha256('x')"),
    (
        &["reward_sums"],
        "update rewards set accrued = accrued + 1, owed = owed + 1 where accrued > 0",
    ),
    (
        &["reward_sums"],
        "update rewards set returned = returned - 1, accrued = 1 where returned > 0",
    ),
    (&["reward_sums", "reward_backing"], "update reward_totals set budgets = budgets + 1"),
    (&["reward_sums", "reward_backing"], "update reward_totals set pots = pots + 1"),
    (
        &["reward_budgets", "reward_sums"],
        "update reward_budgets set balance = balance + 1, funded = funded + 1",
    ),
    (&["reward_budgets"], "update reward_budgets set spent = spent + 1, withdrawn = withdrawn - 1"),
    (&["reward_budgets"], "update reward_budget_movements set amount = 9 where kind = 'funded'"),
    (&["reward_budgets", "reward_sums"], "delete from reward_budgets"),
    (
        &["reward_budgets", "reward_pots"],
        "update reward_accruals set sponsor = null, sponsorship = null where access = 4",
    ),
    (&["reward_pots"], "update reward_pot_movements set amount = 9 where kind = 'sponsored'"),
    (&["reward_pots"], "update reward_pots set sponsorship = 1"),
    (
        &["reward_pots"],
        "update reward_pot_movements set sponsor = sha256('x') where kind = 'withdrawn'",
    ),
    (&["reward_pots"], "update reward_pots set sponsored = 1, spent = 1"),
    (&["reward_pots"], "update reward_pots set sponsor = sha256('x'), cap = 1"),
    (&["reward_pots"], "delete from reward_pots"),
    (
        &["reward_accesses", "reward_tariffs"],
        "update reward_accruals set purpose = 1 where access = 1",
    ),
    (&["reward_accesses"], "update reward_unfunded set access = 77 where access = 2"),
    (&["reward_accesses"], "update reward_accruals set requester = owner where access = 4"),
    // A reward for an emergency, and an access that was paid and not paid.
    (&["reward_accesses"], "update reward_unfunded set access = 3 where access = 2"),
    (&["reward_accesses"], "update reward_unfunded set access = 1 where access = 2"),
    // Refused as unfunded on one side alone.
    (&["reward_accesses"], "delete from reward_unfunded where required"),
    (
        &["reward_accesses"],
        "update access_log set deny_reason = 'Denied' where deny_reason = 'Unfunded'",
    ),
    (&["reward_tariffs"], "update reward_unfunded set amount = 4"),
    (
        &["reward_tariffs"],
        "update events set fields = jsonb_set(fields::jsonb, '{required}', 'false')::json \
         where name = 'TariffSet'",
    ),
    (
        &["reward_tariffs"],
        "update events set fields = jsonb_set(fields::jsonb, '{from}', '\"5001\"')::json \
         where name = 'TariffSet'",
    ),
    (
        &["reward_backing"],
        "update token_balances b set balance = b.balance + case when b.account = c.address then -1 \
         else 1 end from contracts c where c.name = 'rewards' \
         and b.account in (c.address, (select account from token_balances order by account limit 1))",
    ),
    (
        &["token_sums"],
        "update token_balances set balance = balance + 1 \
         where account = (select account from token_balances order by account limit 1)",
    ),
    (&["token_sums"], "update token_totals set minted = minted + 1, burned = burned + 1"),
    (
        &["token_sums"],
        "update events set fields = jsonb_set(fields::jsonb, '{value}', '\"3\"')::json \
         where name = 'Transfer' and fields ->> 'to' is null",
    ),
    (
        &["token_freezes"],
        "update token_balances set frozen = true, freeze_reason = sha256('x') where moved_to is null",
    ),
    (
        &["token_takeovers"],
        "update token_balances set moved_to = sha256('x') where moved_to is not null",
    ),
    (&["token_takeovers"], "update token_balances set moved_to = null where moved_to is not null"),
    // Before the key acts, and before the units moved.
    (
        &["token_takeovers", "token_freezes", "positions"],
        "update events set event_index = 0 where name = 'TakenOver'",
    ),
    (&["token_treasury"], "update token_totals set treasury = sha256('x')"),
    (&["token_treasury"], "update token_totals set treasury_confirmed = false"),
    (
        &["token_treasury"],
        "update token_totals set next_treasury = treasury, next_treasury_from_ms = 9000",
    ),
    // It is minted after minting was stopped, and before the treasury is named again.
    (
        &["token_treasury", "positions"],
        "update events set event_index = case name when 'Minted' then 901 else 902 end \
         where (name = 'Minted' and fields ->> 'amount' = '9') or event_index = \
         (select max(event_index) from events where name = 'TreasurySet') and block_number = 5",
    ),
    (
        &["token_treasury"],
        "update events set data = overlay(data placing sha256('x') from 1) where name = 'Burned'",
    ),
    (&["carbon_numbers"], "update carbon_classes set last_serial = 7 where class = 1"),
    (&["carbon_numbers", "periods"], "update carbon_batches set period = null where batch = 2"),
    (
        &["carbon_numbers"],
        "insert into carbon_classes (class, issuer, metadata, block_number, event_index) \
         select 4, issuer, metadata, block_number, event_index from carbon_classes where class = 2",
    ),
    (
        &["carbon_numbers"],
        "with moved as (update carbon_batches set serial_start = 301, serial_end = 400 \
         where batch = 2) update carbon_classes set last_serial = 400 where class = 1",
    ),
    (
        &["batch_sums"],
        "update carbon_batches set tradable = tradable - 1, retired = retired + 1 where batch = 1",
    ),
    (&["batch_sums"], "update carbon_batches set sealed = false where batch = 1"),
    (
        &["batch_sums"],
        "update events set fields = jsonb_set(fields::jsonb, '{amount}', '\"499\"')::json \
         where name = 'Issued' and fields ->> 'batch' = '1'",
    ),
    (&["holding_sums"], "update carbon_retirements set amount = amount + 1"),
    (&["holding_sums"], "update carbon_cancellations set amount = amount + 1"),
    (&["holding_sums", "order_escrow"], "update carbon_escrows set amount = amount + 1"),
    (&["operators"], "delete from carbon_approvals"),
    (
        &["operators"],
        "update events set data = overlay(data placing sha256('x') from 89) \
         where name = 'Transferred'",
    ),
    (
        &["carbon_freezes"],
        "update carbon_accounts set frozen = true, freeze_reason = sha256('x'), \
         frozen_by = sha256('x'), event_index = \
         (select min(event_index) from events where contract_name = 'carbon' and block_number = 5)",
    ),
    (&["periods"], "update carbon_periods set tariff = tariff + 1 where period = 2"),
    (&["periods"], "update carbon_periods set cap = cap - 1 where period = 2"),
    (&["periods"], "update carbon_periods set start_ms = 100, end_ms = 200 where period = 2"),
    (&["duties"], "update carbon_duties set allocated = allocated + 1 where period = 2"),
    (&["duties"], "update carbon_emission_reports set emissions = emissions + 1"),
    (&["duties"], "update carbon_emission_reports set version = 2"),
    (&["duties", "holding_sums"], "update carbon_surrenders set batch = 1"),
    (&["duties", "duty_times"], "update carbon_surrenders set period = 1"),
    (&["duty_times"], "update carbon_duties set settled_at_ms = 5001 where period = 1"),
    (&["duty_times"], "update carbon_duties set reported_at_ms = 4999 where period = 1"),
    (&["duty_times"], "update carbon_duties set surrendered_at_ms = 5001 where period = 2"),
    (&["duty_times"], "update carbon_duties set paid_at_ms = 5001 where period = 1"),
    (&["duty_times"], "update carbon_periods set settle_from_ms = 5001 where period = 1"),
    (
        &["duty_times", "periods"],
        "update carbon_periods set end_ms = 4000, settle_from_ms = 5000 where period = 2",
    ),
    (&["settlements"], "update carbon_duties set penalty = 11 where period = 1"),
    (
        &["settlements", "standings"],
        "update carbon_duties set brought_deficit = 1, deficit = 11 where period = 1",
    ),
    (
        &["settlements", "duty_times", "standings"],
        "update carbon_duties set penalty = null, paid_at_ms = null, payer = null, \
         collector = null where period = 1",
    ),
    (&["standings"], "update carbon_standings set next = 9"),
    (&["standings"], "delete from carbon_standings"),
    (&["orders"], "update market_orders set filled = filled + 1 where order_id = 1"),
    (&["orders"], "update market_orders set fee_bps = 99 where order_id = 1"),
    (&["orders", "staff_trades"], "update market_orders set order_id = 9 where order_id = 2"),
    (&["staff_trades"], "update market_orders set placed_by = sha256('x') where order_id = 1"),
    (&["staff_trades"], "update market_orders set changed_by = seller where order_id = 1"),
    (&["staff_trades"], "update market_fills set filled_by = buyer"),
    // Before there is anything that somebody can have done.
    (
        &["staff_trades", "agency"],
        "update events set event_index = 0 where name = 'StaffActed' \
         and substring(data from 33 for 32) = decode(repeat('16', 32), 'hex')",
    ),
    (
        &["agency", "staff_trades"],
        "update events set data = overlay(data placing sha256('x') from 33) \
         where name = 'StaffActed'",
    ),
    (
        &["orders"],
        "update market_orders o set event_index = f.event_index from market_fills f \
         where f.order_id = o.order_id",
    ),
    (
        &["order_escrow"],
        "update market_orders set status = 'open', amount = 10, released = 0, expired_by = null \
         where order_id = 2",
    ),
    (&["fills", "fill_legs"], "update market_fills set fee = fee + 1, proceeds = proceeds - 1"),
    (
        &["fill_legs"],
        "update events set fields = jsonb_set(fields::jsonb, '{amount}', '\"9\"')::json where name = 'Delivered'",
    ),
    (
        &["fill_legs"],
        "update events set fields = jsonb_set(fields::jsonb, '{value}', '\"9\"')::json \
         where name = 'Transfer' and fields ->> 'value' = '8'",
    ),
];

#[sqlx::test(migrations = false)]
async fn each_invariant_is_broken_by_a_row_and_reported(pool: PgPool) {
    let mirror = told(pool).await;
    let mut wrong = Vec::new();
    for (expected, statement) in BREAKS {
        let mut tx = mirror.pool.begin().await.unwrap();
        let done = sqlx::query(*statement).execute(&mut *tx).await.expect(statement);
        assert!(done.rows_affected() > 0, "{statement} changes nothing");
        let found = broken(&mut tx).await;
        if found != expected.iter().copied().collect() {
            wrong.push(format!("{statement}: expected {expected:?}, found {found:?}"));
        }
        tx.rollback().await.unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // As it was.
    mirror.check().await;
}

#[test]
fn every_invariant_has_such_a_row() {
    let mut tried: BTreeSet<&str> = BREAKS.iter().map(|(expected, _)| expected[0]).collect();
    // It is about sessions, not rows, and has a test of its own.
    tried.insert("one_writer");
    assert_eq!(tried, INVARIANTS.iter().map(|invariant| invariant.name).collect());
}

#[sqlx::test(migrations = false)]
async fn a_second_writer_is_reported_while_its_transaction_is_open(pool: PgPool) {
    let mirror = told(pool).await;
    let mut db = mirror.pool.acquire().await.unwrap();
    let mut other = mirror.pool.begin().await.unwrap();
    sqlx::query("select 1").execute(&mut *other).await.unwrap();
    assert_eq!(broken(&mut db).await, BTreeSet::new(), "who only reads is no writer");
    sqlx::raw_sql("create schema beside; create table beside.kept (n integer)")
        .execute(&mirror.pool)
        .await
        .unwrap();
    sqlx::query("insert into beside.kept values (1)").execute(&mut *other).await.unwrap();
    assert_eq!(broken(&mut db).await, BTreeSet::new(), "another schema is not the mirror");
    sqlx::query("update watermark set updated_at = now()").execute(&mut *other).await.unwrap();
    assert_eq!(broken(&mut db).await, BTreeSet::from(["one_writer"]));
    other.rollback().await.unwrap();
    assert_eq!(broken(&mut db).await, BTreeSet::new());
}
