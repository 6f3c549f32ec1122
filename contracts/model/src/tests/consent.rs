//! Stories of consent.

mod choices;
mod guardians;
mod members;

use crate::{
    arbitrary::{self, Mix, HOUR, START},
    blake2b, role, Account, Amendment, Answer, Decision, Denial, DenyReason, LogEntry, Message,
    Outcome, Record, Refusal, Reply, Request, Terms, World, ZERO,
};
use parity_scale_codec::Encode;

/// A patient and a hospital of whom the prologue knows nothing.
struct Story {
    world: World,
    administrator: Account,
    patient: Account,
    hospital: Account,
    delegate: Account,
    auditor: Account,
    outsider: Account,
}

impl Story {
    fn start() -> Self {
        let world = arbitrary::started().0;
        let [administrator, _, patient, hospital, _, delegate, auditor, outsider] =
            arbitrary::setup().accounts[..]
        else {
            panic!("eight accounts")
        };
        Self { world, administrator, patient, hospital, delegate, auditor, outsider }
    }

    fn terms(&self) -> Terms {
        Terms {
            owner: self.patient,
            grantee: self.hospital,
            purposes: 1,
            categories: 0b10,
            from: START,
            until: START + HOUR,
            max_uses: None,
            record: None,
            policy: [2; 32],
        }
    }

    /// The hospital asks for something of the patient.
    fn request(&self) -> Request {
        let (requester, owner) = (self.hospital, self.patient);
        Request { requester, owner, grant: None, record: None, purpose: 0, category: 1 }
    }

    #[track_caller]
    fn grant(&mut self, by: Account, terms: Terms) -> Result<u64, Refusal> {
        let answer = self.world.grant(by, START, terms);
        self.sound();
        answer.map(|answer| match answer {
            Answer::Number(number) => number,
            other => panic!("{other:?}"),
        })
    }

    /// The hospital asks, as good as at the start, with this and no record.
    #[track_caller]
    fn ask(&mut self, grant: Option<u64>, purpose: u8, category: u8) -> Decision {
        self.ask_for(START, grant, None, purpose, category)
    }

    #[track_caller]
    fn ask_for(
        &mut self,
        now: u64,
        grant: Option<u64>,
        record: Option<[u8; 32]>,
        purpose: u8,
        category: u8,
    ) -> Decision {
        let (requester, owner) = (self.hospital, self.patient);
        let request = Request { requester, owner, grant, record, purpose, category };
        let shown = self.world.decision(now, request);
        let answer = self.world.request_access(requester, now, request);
        self.sound();
        assert_eq!(answer, Ok(Answer::Decision(shown)));
        shown
    }

    #[track_caller]
    fn sound(&self) {
        self.world.check_invariants().unwrap();
    }

    fn last_entry(&self) -> LogEntry {
        *self.world.consent.logs[&self.patient].last().unwrap()
    }

    fn pause(&mut self) {
        self.world.consent.governance.paused = true;
    }

    fn delegation(&mut self) {
        let (owner, delegate) = (self.patient, self.delegate);
        let set = self.world.set_delegate(owner, START, delegate, 0b11, 0b11, START + 9 * HOUR);
        assert_eq!(set, Ok(Answer::Nothing));
    }
}

fn deny(reason: DenyReason) -> Decision {
    Decision::Deny(reason)
}

const DONE: Reply = Ok(Answer::Nothing);

#[test]
fn a_patient_is_paid_for_a_permitted_access_and_stops_it() {
    let mut s = Story::start();
    let number = s.grant(s.patient, Terms { max_uses: Some(2), ..s.terms() }).unwrap();
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.ask(None, 0, 2), deny(DenyReason::CategoryNotGranted));
    let outside = Request { category: 32, ..s.request() };
    assert_eq!(s.world.request_access(s.hospital, START, outside), Err("UnknownCategory"));
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::UsesExhausted));
    assert_eq!(s.ask_for(START + HOUR, None, None, 0, 1), deny(DenyReason::Expired));

    assert_eq!(s.world.revoke_grant(s.hospital, START, number), Err("NotAuthorized"));
    assert_eq!(s.world.revoke_grant(s.patient, START, number), DONE);
    assert_eq!(s.ask(Some(number), 0, 1), deny(DenyReason::Revoked));
    assert_eq!(s.world.consent.log_head(&s.patient).sequence, 6);

    assert_eq!(s.world.withdraw(s.hospital), Err("NothingOwed"));
    // Both were within a period.
    assert_eq!(s.world.withdraw(s.patient), Ok(Answer::Amount(10)));
    s.sound();
}

#[test]
fn any_live_grant_that_covers_permits_and_the_nearest_one_is_the_reason() {
    let mut s = Story::start();
    let limited = s.grant(s.patient, Terms { max_uses: Some(9), ..s.terms() }).unwrap();
    let research = s.grant(s.patient, Terms { purposes: 2, ..s.terms() }).unwrap();
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.last_entry().grant, Some(limited));
    let free = s.grant(s.patient, s.terms()).unwrap();
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.last_entry().grant, Some(free));

    // The research grant fails at the purpose, and the others at the category, which is further.
    assert_eq!(s.ask(None, 0, 3), deny(DenyReason::CategoryNotGranted));
    assert_eq!(s.last_entry().grant, Some(limited));
    assert_eq!(s.ask(Some(research), 0, 3), deny(DenyReason::PurposeNotGranted));
    assert_eq!(s.ask(Some(1), 0, 1), deny(DenyReason::NoGrant));

    assert_eq!(
        s.world.revoke_all_for(s.patient, START, s.patient, s.hospital),
        Ok(Answer::Count(3))
    );
    assert_eq!(s.world.revoke_all_for(s.patient, START, s.patient, s.hospital), Err("NoLiveGrant"));
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Revoked));
    assert_eq!(s.last_entry().grant, Some(free));
}

#[test]
fn a_record_is_asked_for_by_name_unless_the_grant_is_for_all() {
    let mut s = Story::start();
    let one = s.grant(s.patient, Terms { record: Some([7; 32]), ..s.terms() }).unwrap();
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::RecordNotGranted));
    let other = s.ask_for(START, None, Some([8; 32]), 0, 1);
    assert_eq!(other, deny(DenyReason::RecordNotGranted));
    assert_eq!(s.ask_for(START, None, Some([7; 32]), 0, 1), Decision::Permit);
    assert_eq!(s.last_entry().record, Some([7; 32]));

    assert_eq!(s.world.erase_link(s.patient, START, one), Err("GrantLive"));
    assert_eq!(s.world.erase_link(s.hospital, START, one), Err("NotAuthorized"));
    assert_eq!(s.world.erase_link(s.patient, START + HOUR, one), DONE);
    assert_eq!(s.world.erase_link(s.patient, START + HOUR, one), Err("AlreadyErased"));
    assert_eq!(s.world.consent.grants[&one].record, Record::Erased);
    s.sound();

    let all = s.grant(s.patient, s.terms()).unwrap();
    assert_eq!(s.ask_for(START, None, Some([8; 32]), 0, 1), Decision::Permit);
    assert_eq!(s.world.erase_link(s.patient, START + HOUR, all), Err("NoLink"));
}

#[test]
fn a_pair_has_room_for_eight_live_grants_and_delegates_fill_half_of_it() {
    let mut s = Story::start();
    s.delegation();
    for _ in 0..4 {
        s.grant(s.delegate, s.terms()).unwrap();
    }
    assert_eq!(s.grant(s.delegate, s.terms()), Err("TooManyGrants"));
    let last = (0..4).map(|_| s.grant(s.patient, s.terms()).unwrap()).last().unwrap();
    assert_eq!(s.grant(s.patient, s.terms()), Err("TooManyGrants"));
    let batch = [s.terms()];
    assert_eq!(s.world.grant_batch(s.patient, START, &batch), Err("TooManyGrants"));
    assert_eq!(s.world.revoke_grant(s.patient, START, last), DONE);
    assert_eq!(s.world.grant_batch(s.patient, START, &[s.terms(); 2]), Err("TooManyGrants"));
    assert_eq!(s.world.grant_batch(s.patient, START, &batch).map(drop), Ok(()));
    // What has expired needs no room.
    let later = Terms { until: START + 3 * HOUR, ..s.terms() };
    assert_eq!(s.world.grant(s.patient, START + HOUR, later).map(drop), Ok(()));
    s.sound();
}

#[test]
fn a_delegate_only_takes_from_what_another_gave_and_goes_with_his_own() {
    let mut s = Story::start();
    s.delegation();
    let owners = s.grant(s.patient, Terms { max_uses: Some(5), ..s.terms() }).unwrap();
    let own = s.grant(s.delegate, s.terms()).unwrap();
    assert_eq!(s.world.consent.grants[&own].by, s.delegate);
    let Terms { purposes, categories, from, until, policy, .. } = s.terms();
    let same = Amendment { purposes, categories, from, until, max_uses: Some(5), policy };
    let loosened = [
        Amendment { purposes: 3, ..same },
        Amendment { categories: 3, ..same },
        Amendment { from: from - 1, ..same },
        Amendment { until: until + 1, ..same },
        Amendment { max_uses: None, ..same },
        Amendment { max_uses: Some(6), ..same },
        Amendment { policy: [3; 32], ..same },
    ];
    for (version, new) in (1..).zip(loosened) {
        let refused = s.world.amend(s.delegate, START, owners, 1, new);
        assert_eq!(refused, Err("OutOfScope"), "{new:?}");
        assert_eq!(s.world.amend(s.delegate, START, own, version, new), DONE);
        s.sound();
    }
    let less = Amendment { until: until - 1, max_uses: Some(4), ..same };
    assert_eq!(s.world.amend(s.delegate, START, owners, 2, less), Err("VersionChanged"));
    assert_eq!(s.world.amend(s.delegate, START, owners, 1, less), DONE);
    assert_eq!(s.world.amend(s.patient, until, owners, 1, less), Err("GrantOver"));

    assert_eq!(s.world.remove_delegate(s.patient, START, s.patient, s.delegate, true), DONE);
    assert_eq!(s.ask(Some(own), 0, 1), deny(DenyReason::Revoked));
    assert!(!s.world.consent.grants[&own].revoked);
    assert_eq!(s.world.revoke_grant(s.patient, START, own), Err("AlreadyRevoked"));
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.world.consent.revoked_up_to(&s.patient, &s.delegate), own);

    // Set again he starts clean, and may be removed without his grants.
    s.delegation();
    let again = s.grant(s.delegate, s.terms()).unwrap();
    assert_eq!(s.world.remove_delegate(s.patient, START, s.patient, s.delegate, false), DONE);
    assert_eq!(s.ask(Some(again), 0, 1), Decision::Permit);
}

#[test]
fn denials_add_up_and_what_is_left_of_them_is_said() {
    let mut s = Story::start();
    s.grant(s.patient, s.terms()).unwrap();
    let (patient, hospital) = (s.patient, s.hospital);
    assert_eq!(s.world.lift_denial(patient, START, patient, hospital, 1, 1), Err("NoDenial"));
    assert_eq!(s.world.deny(patient, START, patient, hospital, 0b1, 0b10), DONE);
    assert_eq!(s.world.deny(patient, START, patient, hospital, 0b10, 0b100), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
    assert_eq!(s.world.lift_denial(patient, START, patient, hospital, 0b1, 0b100), Err("NoDenial"));
    assert_eq!(s.world.lift_denial(patient, START, patient, hospital, 0, 0b100), Err("EmptyMask"));
    let left = vec![Denial { purpose: 1, categories: 0b100, by_guardians: 0 }];
    let lifted = s.world.lift_denial(patient, START, patient, hospital, u32::MAX, 0b10);
    assert_eq!(lifted, Ok(Answer::Denials(left.clone())));
    assert_eq!(s.world.consent.denials(&patient, &hospital), left);
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    let lifted = s.world.lift_denial(patient, START, patient, hospital, u32::MAX, u32::MAX);
    assert_eq!(lifted, Ok(Answer::Denials(Vec::new())));
    s.pause();
    assert_eq!(s.world.lift_denial(patient, START, patient, hospital, 1, 1), Err("Paused"));
}

#[test]
fn in_a_pause_windows_count_and_grants_do_not() {
    let mut s = Story::start();
    s.grant(s.patient, s.terms()).unwrap();
    s.pause();
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Paused));
    assert_eq!(s.last_entry().grant, None);
    assert_eq!(
        s.world.break_glass(s.hospital, START, s.hospital, s.patient, ZERO),
        Ok(Answer::Number(1))
    );
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);
    assert_eq!(s.last_entry().window, Some(1));
    assert_eq!(s.ask(None, 1, 1), deny(DenyReason::Paused));
    assert_eq!(s.world.deny(s.patient, START, s.patient, s.hospital, 1, 2), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::Denied));
}

#[test]
fn an_unjustified_emergency_ends_and_its_key_opens_no_other_until_it_is_lifted() {
    let mut s = Story::start();
    let (hospital, patient, auditor) = (s.hospital, s.patient, s.auditor);
    assert_eq!(
        s.world.break_glass(hospital, START, hospital, patient, ZERO),
        Ok(Answer::Number(1))
    );
    assert_eq!(s.world.break_glass(hospital, START, hospital, patient, ZERO), Err("WindowOpen"));
    assert_eq!(s.ask(None, 0, 5), Decision::Permit);
    assert_eq!(s.ask(None, 1, 5), deny(DenyReason::NoGrant));
    let review = |s: &mut Story, by, now, outcome| s.world.review_break_glass(by, now, 1, outcome);
    assert_eq!(review(&mut s, auditor, START, Outcome::Justified), Err("WindowOpen"));
    assert_eq!(review(&mut s, hospital, START, Outcome::Unjustified), Err("NotReviewer"));
    assert_eq!(review(&mut s, auditor, START, Outcome::Unjustified), DONE);
    assert_eq!(review(&mut s, auditor, START, Outcome::Justified), Err("AlreadyReviewed"));
    assert_eq!(s.ask(None, 0, 5), deny(DenyReason::NoGrant));
    assert_eq!(s.world.consent.windows[&1].closed_by, Some(auditor));
    assert_eq!(s.world.consent.sanctions, [1]);
    assert_eq!(s.world.consent.bar(&hospital), Some(1));
    assert_eq!(s.world.break_glass(hospital, START, hospital, patient, ZERO), Err("Barred"));
    assert_eq!(s.world.lift_bar(hospital, hospital), Err("NotRegulator"));
    assert_eq!(s.world.lift_bar(s.administrator, patient), Err("NotBarred"));
    let mut promoted = s.world.clone();
    assert_eq!(promoted.set_roles(s.administrator, hospital, role::REGULATOR), DONE);
    assert_eq!(promoted.lift_bar(hospital, hospital), Err("OwnBar"));
    assert_eq!(s.world.lift_bar(s.administrator, hospital), DONE);
    assert_eq!(
        s.world.break_glass(hospital, START, hospital, patient, ZERO),
        Ok(Answer::Number(2))
    );
    s.sound();
}

#[test]
fn an_overdue_review_proposes_a_suspension_and_bars_nobody() {
    let mut s = Story::start();
    let (hospital, patient, due) = (s.hospital, s.patient, START + 48 * HOUR);
    assert_eq!(
        s.world.break_glass(hospital, START, hospital, patient, ZERO),
        Ok(Answer::Number(1))
    );
    assert_eq!(s.world.sanction_overdue(due - 1, 1), Err("NotOverdue"));
    assert_eq!(s.world.sanction_overdue(due, 1), DONE);
    assert_eq!(s.world.sanction_overdue(due, 1), Err("AlreadySanctioned"));
    assert_eq!(s.world.consent.bar(&hospital), None);
    assert_eq!(s.world.break_glass(hospital, due, hospital, patient, ZERO), Ok(Answer::Number(2)));
    assert_eq!(s.world.review_break_glass(s.auditor, due, 1, Outcome::Justified), DONE);
    assert_eq!(s.world.sanction_overdue(due, 1), Err("AlreadyReviewed"));
    s.sound();
}

#[test]
fn a_key_waits_after_the_patient_closed_its_window_and_not_after_it_closed_it_itself() {
    let mut s = Story::start();
    let (hospital, patient) = (s.hospital, s.patient);
    let open = |s: &mut Story, now| s.world.break_glass(hospital, now, hospital, patient, ZERO);
    assert_eq!(open(&mut s, START), Ok(Answer::Number(1)));
    assert_eq!(s.world.close_break_glass(hospital, START, 1), DONE);
    assert_eq!(open(&mut s, START), Ok(Answer::Number(2)));
    assert_eq!(s.world.close_break_glass(patient, START, 2), DONE);
    assert_eq!(open(&mut s, START + 2 * HOUR - 1), Err("CoolingDown"));
    assert_eq!(open(&mut s, START + 2 * HOUR), Ok(Answer::Number(3)));
    s.sound();
}

#[test]
fn an_outsider_is_refused_in_the_log_of_the_contract() {
    let mut s = Story::start();
    let request = Request { requester: s.outsider, ..s.request() };
    let refused = Ok(Answer::Decision(deny(DenyReason::RequesterNotAdmitted)));
    assert_eq!(s.world.request_access(s.outsider, START, request), refused);
    s.sound();
    let c = &s.world.consent;
    assert_eq!((c.log_head(&s.patient).sequence, c.accesses), (0, 0));
    let what = (s.outsider, s.patient, 1_u64, 0_u8, 1_u8, None::<[u8; 32]>, START);
    let content = blake2b(&(s.world.setup.domain(), what).encode());
    assert_eq!(c.refusals().hash, blake2b(&[ZERO, content].concat()));

    // Who was admitted once stands in the patient's.
    assert_eq!(s.world.leave(s.hospital), DONE);
    assert_eq!(s.ask(None, 0, 1), deny(DenyReason::RequesterNotAdmitted));
    let who = (s.patient, s.hospital, s.hospital, None::<[u8; 32]>);
    let what = (who, 1_u64, 1_u64, 0_u8, 1_u8, None::<[u8; 32]>);
    let decision = deny(DenyReason::RequesterNotAdmitted);
    let answer = (None::<u64>, None::<u64>, decision, START);
    let content = blake2b(&(s.world.setup.domain(), what, answer).encode());
    let head = s.world.consent.log_head(&s.patient);
    assert_eq!((head.sequence, head.hash), (1, blake2b(&[ZERO, content].concat())));
}

#[test]
fn a_broken_consent_is_noticed() {
    let mut s = Story::start();
    s.delegation();
    s.grant(s.patient, Terms { record: Some([7; 32]), ..s.terms() }).unwrap();
    s.grant(s.delegate, s.terms()).unwrap();
    s.world.break_glass(s.hospital, START, s.hospital, s.patient, ZERO).unwrap();
    s.world.review_break_glass(s.auditor, START, 1, Outcome::Unjustified).unwrap();
    s.world.deny(s.patient, START, s.patient, s.hospital, 2, 2).unwrap();
    let request = Request { requester: s.outsider, ..s.request() };
    s.world.request_access(s.outsider, START, request).unwrap();
    assert_eq!(s.ask(None, 0, 1), Decision::Permit);

    let good = &s.world;
    let broken = |damage: fn(&mut World)| {
        let mut world = good.clone();
        damage(&mut world);
        world.check_invariants().is_err()
    };
    assert!(!broken(|_| ()));
    assert!(broken(|w| w.setup.genesis = [9; 32]));
    assert!(broken(|w| w.consent.outsiders.clear()));
    assert!(broken(|w| w.consent.outsiders[0].category += 1));
    assert!(broken(|w| w.consent.denied[0].lifted = true));
    assert!(broken(|w| w.consent.denials.clear()));
    assert!(broken(|w| w.consent.grants.get_mut(&3).unwrap().record = Record::Erased));
    assert!(broken(|w| w.consent.grants.get_mut(&4).unwrap().by = [1; 32]));
    assert!(broken(|w| w.consent.windows.get_mut(&1).unwrap().closed = None));
    assert!(broken(|w| w.consent.bars.clear()));
    assert!(broken(|w| w.consent.openings.get_mut(&1).unwrap().bars = 1));
    let misjudged = |damage: fn(&mut crate::Decided)| {
        let mut world = good.clone();
        damage(world.consent.last.as_mut().unwrap());
        world.check_invariants().is_err()
    };
    assert!(misjudged(|last| last.ruling.decision = deny(DenyReason::PurposeNotGranted)));
    assert!(misjudged(|last| last.ruling.grant = Some(3)));
    assert!(misjudged(|last| last.paused = true));
    assert!(misjudged(|last| last.access = None));
}

#[test]
fn a_message_has_its_arguments_in_their_order() {
    use crate::ConsentMessage as M;
    let input = |message| Message::Consent(message).arguments();
    let record = Some([7; 32]);
    let request = ([9_u8; 32], ZERO, Some(1_u64), record, 2_u8, 3_u8).encode();
    assert_eq!(input(M::RequestAccess([9; 32], ZERO, Some(1), record, 2, 3)), request);
    assert_eq!(
        input(M::BreakGlass([9; 32], ZERO, [7; 32])),
        ([9_u8; 32], ZERO, [7_u8; 32]).encode()
    );
    let owner = [8; 32];
    assert_eq!(input(M::RemoveDelegate(owner, ZERO, true)), (owner, ZERO, true).encode());
    let lift = (owner, ZERO, 1_u32, 2_u32).encode();
    assert_eq!(input(M::LiftDenial(owner, ZERO, 1, 2)), lift);
    let restrict = (owner, 1_u32, 2_u32, vec![ZERO]).encode();
    assert_eq!(input(M::Restrict(owner, 1, 2, vec![ZERO])), restrict);
    assert!(input(M::RefuseEmergencies).is_empty());
}

/// What the rules of consent may refuse a random message for.
const REFUSALS: [&str; 45] = [
    "Paused",
    "NotDataOwner",
    "NotAuthorized",
    "SelfGrant",
    "EmptyMask",
    "InvalidPeriod",
    "ZeroUses",
    "OutOfScope",
    "GranteeNotAdmitted",
    "TooManyGrants",
    "BatchSize",
    "UnknownGrant",
    "AlreadyRevoked",
    "GrantOver",
    "VersionChanged",
    "NoLiveGrant",
    "NoLink",
    "AlreadyErased",
    "GrantLive",
    "SelfDenial",
    "NoDenial",
    "SelfDelegation",
    "DelegateNotAdmitted",
    "NoDelegation",
    "UnknownPurpose",
    "UnknownCategory",
    "NotProvider",
    "OwnData",
    "PatientNotAdmitted",
    "WindowOpen",
    "Barred",
    "CoolingDown",
    "UnknownWindow",
    "WindowClosed",
    "NotReviewer",
    "OwnReview",
    "AlreadyReviewed",
    "NotBarred",
    "EmergencyRefused",
    "AlreadyRefused",
    "NotRefused",
    "TooManyExceptions",
    "RepeatedException",
    "AlreadyRestricted",
    "NotRestricted",
];

#[test]
fn random_steps_meet_every_refusal_and_every_reason_of_consent() {
    let mix = Mix { consent: 40, participants: 6, governed: 4, ..Mix::NONE };
    let reasons: Vec<_> =
        DenyReason::ALL.iter().map(|reason| format!("{:?}", deny(*reason))).collect();
    let met = reasons.iter().map(String::as_str).chain(REFUSALS).chain(["Permit"]);
    super::meets(mix, "consent", &met.collect::<Vec<_>>());
}
