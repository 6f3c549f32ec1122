//! Stories of reports and of audits.

use super::{meets, started};
use crate::{
    arbitrary::{self, Mix, START},
    power,
    role::{AUDITOR, EMITTER, PROVIDER, TRADER},
    sha256, Account, Answer, AuditResult, Chained as _, Hash, Message, NewVersion, Reply,
    ReportsMessage, World, ZERO,
};
use parity_scale_codec::Encode;

const DONE: Reply = Ok(Answer::Nothing);
const SERIES: Hash = [7; 32];
const NONCE: Hash = [8; 32];

fn accounts() -> [Account; 8] {
    arbitrary::setup().accounts.try_into().unwrap()
}

fn first(patient: Option<Account>, doctor: Account) -> NewVersion {
    NewVersion {
        series: SERIES,
        sequence: 1,
        previous: ZERO,
        root: [1; 32],
        chunks: 4,
        byte_length: 1_000,
        metadata: [2; 32],
        patient,
        doctor,
    }
}

fn result(nonce: Hash) -> AuditResult {
    AuditResult { nonce, block_hash: [3; 32], passed: true, evidence: [4; 32], at: START }
}

#[test]
fn a_series_is_its_owners_and_the_head_says_whose_it_is_and_where() {
    let mut w = started();
    let [_, patient, other, hospital, ..] = accounts();
    let new = first(Some(patient), hospital);
    // A copy that comes first takes nothing away.
    assert_eq!(w.anchor(other, START, other, new), DONE);
    assert_eq!(w.anchor(hospital, START, hospital, new), DONE);
    let head = |owner: Account| w.reports.latest(&(owner, SERIES)).unwrap().head;
    assert_ne!(head(hospital), head(other));
    let said = (SERIES, 1_u32, ZERO, [1_u8; 32], 4_u64, 1_000_u64, [2_u8; 32], Some(patient));
    let domain = crate::blake2b(&(w.setup.genesis, w.setup.addresses.reports).encode());
    assert_eq!(head(hospital), sha256(&(domain, hospital, said, hospital).encode()));

    let heads = [head(hospital), head(other)];
    let sign = |w: &mut World, owner, head| {
        w.countersign(patient, START, patient, (owner, SERIES), 1, head)
    };
    assert_eq!(sign(&mut w, hospital, heads[1]), Err("UnknownVersion"));
    assert_eq!(sign(&mut w, hospital, heads[0]), DONE);
    assert_eq!(sign(&mut w, hospital, heads[0]), Err("AlreadySigned"));
    assert_eq!(w.reports.latest(&(other, SERIES)).unwrap().patient_signed, None);

    let next = new.next(w.setup.reports_domain(), hospital);
    assert_eq!(w.supersede(other, START, other, next), Err("WrongPrevious"));
    assert_eq!(w.supersede(patient, START, patient, next), Err("NothingToSupersede"));
    assert_eq!(w.supersede(hospital, START, hospital, next), DONE);
    assert_eq!(w.revoke_version(patient, START, (patient, SERIES), 1), Err("UnknownVersion"));
    assert_eq!(w.revoke_version(other, START, (other, SERIES), 1), DONE);
    assert_eq!(w.reports.revoked.len(), 1);
    w.check_invariants().unwrap();
}

#[test]
fn a_report_may_be_about_nobody() {
    let mut w = started();
    let [administrator, _, _, hospital, ..] = accounts();
    let by_himself = first(Some(hospital), hospital);
    assert_eq!(w.anchor(hospital, START, hospital, by_himself), Err("SameParty"));
    assert_eq!(w.anchor(hospital, START, hospital, first(None, hospital)), DONE);
    let head = w.reports.latest(&(hospital, SERIES)).unwrap().head;
    let series = (hospital, SERIES);
    assert_eq!(
        w.countersign(administrator, START, administrator, series, 1, head),
        Err("NotParty")
    );
    assert_eq!(w.countersign(hospital, START, hospital, series, 1, head), DONE);
    w.check_invariants().unwrap();
}

#[test]
fn an_auditor_commits_to_a_nonce_before_the_block_whose_hash_is_drawn_from() {
    let mut w = started();
    let [administrator, patient, _, hospital, _, auditor, other, _] = accounts();
    let series = (hospital, SERIES);
    w.anchor(hospital, START, hospital, first(Some(patient), auditor)).unwrap();
    let commitment = sha256(&NONCE);
    let open = |w: &mut World, by, block| w.open_audit(by, START, block, series, 1, commitment);
    assert_eq!(open(&mut w, hospital, 5), Err("NotAuditor"));
    assert_eq!(open(&mut w, auditor, 5), Err("OwnAudit"));
    let unknown = w.open_audit(other, START, 5, series, 2, commitment);
    assert_eq!(unknown, Err("UnknownVersion"));
    assert_eq!(open(&mut w, other, u32::MAX), Err("TooMany"));
    assert_eq!(w.set_roles(administrator, patient, AUDITOR), DONE);
    assert_eq!(open(&mut w, patient, 5), Err("OwnAudit"));
    // Also what is revoked.
    w.revoke_version(hospital, START, (hospital, SERIES), 1).unwrap();
    assert_eq!(open(&mut w, other, 5), Ok(Answer::Number(1)));
    assert_eq!(w.reports.audits[&1].block, 6);
    w.check_invariants().unwrap();

    // Who opened it records it, whatever became of him.
    w.set_roles(administrator, other, PROVIDER).unwrap();
    w.reports.governance.paused = true;
    assert_eq!(open(&mut w, other, 5), Err("Paused"));
    let record = |w: &mut World, by, block, nonce| w.record_audit(by, block, 1, result(nonce));
    assert_eq!(w.record_audit(other, 7, 2, result(NONCE)), Err("UnknownAudit"));
    assert_eq!(record(&mut w, auditor, 7, NONCE), Err("NotAuditor"));
    assert_eq!(record(&mut w, other, 6, NONCE), Err("TooEarly"));
    assert_eq!(record(&mut w, other, 7, [9; 32]), Err("WrongNonce"));
    assert_eq!(record(&mut w, other, 7, NONCE), DONE);
    assert_eq!(record(&mut w, other, 7, NONCE), Err("AlreadyRecorded"));
    assert_eq!(w.reports.audits[&1].result, Some(result(NONCE)));
    w.check_invariants().unwrap();

    let broken = |damage: fn(&mut World)| {
        let mut world = w.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    let damages: [fn(&mut World); 7] = [
        |w| w.reports.audits.clear(),
        |w| w.reports.audits.get_mut(&1).unwrap().result = None,
        |w| w.reports.audits.get_mut(&1).unwrap().block = 7,
        |w| w.reports.audits.get_mut(&1).unwrap().sequence = 2,
        |w| w.reports.audits.get_mut(&1).unwrap().commitment = ZERO,
        |w| w.reports.audited.get_mut(&1).unwrap().auditor_is = None,
        |w| w.setup.genesis = ZERO,
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        assert!(broken(damage), "number {number} is not noticed");
    }
}

#[test]
fn staff_anchors_signs_and_revokes_for_its_hospital_each_by_its_power() {
    let mut w = started();
    let [administrator, patient, other, hospital, ..] = accounts();
    let (registrar, doctor, until) = ([77; 32], [78; 32], START + 9);
    for (agent, powers) in [(registrar, power::ANCHOR), (doctor, power::SIGN)] {
        w.admit_member(hospital, START, agent, powers, until, ZERO).unwrap();
    }
    let new = first(Some(patient), hospital);
    // Before anything that is wrong with it.
    assert_eq!(w.anchor(doctor, START, hospital, first(None, ZERO)), Err("NotAuthorized"));
    assert_eq!(w.anchor(registrar, START, other, new), Err("NotAuthorized"));
    assert_eq!(w.anchor(registrar, START, registrar, new), Err("NotAdmitted"));
    assert_eq!(w.anchor_batch(doctor, START, hospital, &[]), Err("BatchSize"));
    assert_eq!(w.anchor_batch(doctor, START, hospital, &[new]), Err("NotAuthorized"));
    assert_eq!(w.anchor(registrar, START, hospital, new), DONE);
    let series = (hospital, SERIES);
    let version = *w.reports.latest(&series).unwrap();
    // The head says whose it is, and not who put it there.
    assert_eq!(version.head, new.head(w.setup.reports_domain(), hospital));
    assert_eq!(w.reports.latest(&(registrar, SERIES)), None);

    let sign =
        |w: &mut World, by, signer| w.countersign(by, START, signer, series, 1, version.head);
    assert_eq!(sign(&mut w, registrar, hospital), Err("NotAuthorized"));
    assert_eq!(sign(&mut w, doctor, patient), Err("NotAuthorized"));
    assert_eq!(sign(&mut w, doctor, doctor), Err("NotAdmitted"));
    assert_eq!(sign(&mut w, other, other), Err("NotParty"));
    assert_eq!(sign(&mut w, doctor, hospital), DONE);
    assert_eq!(sign(&mut w, hospital, hospital), Err("AlreadySigned"));
    assert_eq!(w.reports.latest(&series).unwrap().doctor_signed, Some(START));
    assert_eq!(w.check_invariants(), Ok(()));

    let next = new.next(w.setup.reports_domain(), hospital);
    assert_eq!(w.supersede(doctor, START, hospital, next), Err("NotAuthorized"));
    assert_eq!(w.supersede(registrar, START, hospital, next), DONE);
    // Also in a pause, and when the hospital is suspended.
    w.suspend(administrator, hospital, PROVIDER | TRADER | EMITTER).unwrap();
    let third = next.next(w.setup.reports_domain(), hospital);
    assert_eq!(w.anchor(registrar, START, hospital, third), Err("NotAdmitted"));
    let second = w.reports.latest(&series).unwrap().head;
    let signed = w.countersign(doctor, START, hospital, series, 2, second);
    assert_eq!(signed, Err("NotAdmitted"));
    w.reports.governance.paused = true;
    let revoke = |w: &mut World, by, now, number| w.revoke_version(by, now, series, number);
    assert_eq!(revoke(&mut w, doctor, START, 3), Err("NotAuthorized"));
    assert_eq!(revoke(&mut w, registrar, START, 3), Err("UnknownVersion"));
    assert_eq!(revoke(&mut w, registrar, until, 1), Err("NotAuthorized"));
    assert_eq!(revoke(&mut w, registrar, START, 1), DONE);
    assert_eq!(revoke(&mut w, hospital, until, 1), Err("AlreadyRevoked"));
    assert_eq!(w.check_invariants(), Ok(()));

    let damages: [fn(&mut World); 7] = [
        |w| w.reports.anchored_by.clear(),
        |w| w.reports.anchored_by.values_mut().for_each(|deed| deed.mandates = 0),
        |w| w.reports.anchored_by.values_mut().for_each(|deed| deed.subject = deed.by),
        |w| w.reports.revoked_by.clear(),
        |w| w.reports.revoked_by.values_mut().for_each(|deed| deed.by = [78; 32]),
        |w| w.reports.signed_by.clear(),
        |w| w.reports.signed_by.values_mut().for_each(|deed| deed.by = [77; 32]),
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let mut world = w.clone();
        damage(&mut world);
        assert!(world.check_invariants().is_err(), "number {number} is not noticed");
    }
}

#[test]
fn nobody_audits_what_his_own_side_keeps() {
    let mut w = started();
    let [_, patient, doctor, hospital, .., auditor, _] = accounts();
    w.anchor(hospital, START, hospital, first(Some(patient), doctor)).unwrap();
    let series = (hospital, SERIES);
    let open = |w: &mut World, now, sequence| {
        w.open_audit(auditor, now, 5, series, sequence, sha256(&NONCE))
    };
    for side in [hospital, doctor] {
        let mut w = w.clone();
        w.admit_member(side, START, auditor, power::ASK, START + 1, ZERO).unwrap();
        assert_eq!(open(&mut w, START, 2), Err("UnknownVersion"));
        assert_eq!(open(&mut w, START, 1), Err("OwnAudit"));
        assert_eq!(open(&mut w, START + 1, 1), Ok(Answer::Number(1)));
        assert_eq!(w.check_invariants(), Ok(()));
        w.reports.audits.get_mut(&1).unwrap().opened = START;
        assert!(w.check_invariants().is_err());
    }
    // The version is looked up first.
    let unknown = w.open_audit(hospital, START, 5, series, 2, sha256(&NONCE));
    assert_eq!(unknown, Err("UnknownVersion"));
}

#[test]
fn an_audit_has_its_arguments_in_their_order() {
    use ReportsMessage as M;
    let arguments = |message| Message::Reports(message).arguments();
    let revoked = arguments(M::Revoke([1; 32], [2; 32], 3, [4; 32]));
    assert_eq!(revoked, ([1_u8; 32], [2_u8; 32], 3_u32, [4_u8; 32]).encode());
    let signed = arguments(M::Countersign([5; 32], [1; 32], [2; 32], 3, [4; 32]));
    assert_eq!(signed, ([5_u8; 32], [1_u8; 32], [2_u8; 32], 3_u32, [4_u8; 32]).encode());
    let new = first(None, ZERO);
    assert_eq!(arguments(M::Anchor([1; 32], new)), ([1_u8; 32], new).encode());
    assert_eq!(arguments(M::AnchorBatch([1; 32], vec![new])), ([1_u8; 32], vec![new]).encode());
    let opened = arguments(M::OpenAudit([1; 32], [2; 32], 3, [4; 32]));
    assert_eq!(opened, ([1_u8; 32], [2_u8; 32], 3_u32, [4_u8; 32]).encode());
    let recorded = arguments(M::RecordAudit(1, [2; 32], [3; 32], true, [4; 32]));
    assert_eq!(recorded, (1_u64, [2_u8; 32], [3_u8; 32], true, [4_u8; 32]).encode());
}

/// What reports may refuse a random message for.
const REFUSALS: [&str; 21] = [
    "Paused",
    "NotAuthorized",
    "NotAdmitted",
    "NothingToSupersede",
    "EmptyReport",
    "InvalidChunks",
    "SameParty",
    "WrongSequence",
    "WrongPrevious",
    "BatchSize",
    "UnknownVersion",
    "AlreadyRevoked",
    "NotParty",
    "AlreadySigned",
    "NotAuditor",
    "OwnAudit",
    "UnknownAudit",
    "AlreadyRecorded",
    "TooEarly",
    "WrongNonce",
    "ok",
];

#[test]
fn random_steps_meet_every_refusal_of_reports() {
    meets(Mix { reports: 40, participants: 4, governed: 2, ..Mix::NONE }, "reports", &REFUSALS);
}
