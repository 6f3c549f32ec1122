//! Stories of proposals and of requests for erasure.

use super::{meets, started};
use crate::{
    arbitrary::{self, Mix, HOUR, START},
    power,
    role::{EMITTER, PROVIDER, TRADER},
    Account, AgreementsMessage, Answer, Ending, Message, Reply, Terms, World, ZERO,
};
use assent_interface::agreements::{MAX_OPEN, MAX_RETENTION};
use parity_scale_codec::Encode;

const DONE: Reply = Ok(Answer::Nothing);
const EXPIRES: u64 = START + 9 * HOUR;

fn accounts() -> [Account; 8] {
    arbitrary::setup().accounts.try_into().unwrap()
}

/// Of the second owner to the hospital, between whom nothing is granted.
fn terms() -> Terms {
    let [_, _, owner, grantee, ..] = accounts();
    Terms {
        owner,
        grantee,
        purposes: 0b11,
        categories: 0b1,
        from: START,
        until: START + 10 * HOUR,
        max_uses: Some(3),
        record: Some([7; 32]),
        policy: [8; 32],
    }
}

fn propose(w: &mut World) -> u64 {
    match w.propose(terms().grantee, START, terms(), EXPIRES) {
        Ok(Answer::Number(number)) => number,
        other => panic!("{other:?}"),
    }
}

fn all_are_noticed(w: &World, damages: &[fn(&mut World)]) {
    assert_eq!(w.check_invariants(), Ok(()));
    for (number, damage) in damages.iter().enumerate() {
        let mut world = w.clone();
        damage(&mut world);
        assert!(world.check_invariants().is_err(), "number {number} is not noticed");
    }
}

#[test]
fn terms_that_no_grant_could_have_are_not_proposed() {
    let mut w = started();
    let [_, patient, owner, hospital, .., stranger] = accounts();
    let good = terms();
    let mut refused = |terms: Terms, expires: u64| w.propose(hospital, START, terms, expires);
    let all = [
        (Terms { owner: hospital, purposes: 0, ..good }, EXPIRES, "SelfProposal"),
        (Terms { purposes: 0, until: START, ..good }, EXPIRES, "EmptyMask"),
        (Terms { categories: 0, ..good }, EXPIRES, "EmptyMask"),
        (Terms { until: START, from: 0, max_uses: Some(0), ..good }, EXPIRES, "InvalidPeriod"),
        (Terms { from: good.until, ..good }, EXPIRES, "InvalidPeriod"),
        (Terms { max_uses: Some(0), ..good }, START, "ZeroUses"),
        (Terms { grantee: patient, ..good }, START, "InvalidExpiry"),
        (good, good.until + 1, "InvalidExpiry"),
        (Terms { until: u64::MAX, ..good }, START + MAX_OPEN + 1, "InvalidExpiry"),
        (Terms { grantee: patient, ..good }, EXPIRES, "NotAuthorized"),
        (Terms { owner: stranger, ..good }, EXPIRES, "OwnerNotAdmitted"),
    ];
    for (terms, expires, refusal) in all {
        assert_eq!(refused(terms, expires), Err(refusal), "{terms:?} until {expires}");
    }
    assert_eq!(refused(good, good.until), Ok(Answer::Number(3)));
    let long = Terms { until: u64::MAX, ..good };
    assert_eq!(refused(long, START + MAX_OPEN), Ok(Answer::Number(4)));
    let from_patient = Terms { owner, grantee: patient, ..good };
    let reply = w.propose(patient, START, from_patient, EXPIRES);
    assert_eq!(reply, Err("RequesterNotAdmitted"));
    w.agreements.governance.paused = true;
    assert_eq!(w.propose(hospital, START, long, START), Err("Paused"));
    assert_eq!(w.check_invariants(), Ok(()));
}

#[test]
fn a_proposal_is_accepted_with_the_newest_grant_that_the_owner_gave_on_its_terms() {
    let mut w = started();
    let [_, _, owner, hospital, other, ..] = accounts();
    let number = propose(&mut w);
    assert_eq!(w.accept(owner, START, number, None), Err("NotGranted"));
    let others = [
        Terms { purposes: 0b111, ..terms() },
        Terms { categories: 0b11, ..terms() },
        Terms { from: START - 1, ..terms() },
        Terms { until: START + 11 * HOUR, ..terms() },
        Terms { max_uses: None, ..terms() },
        Terms { record: None, ..terms() },
        Terms { policy: ZERO, ..terms() },
    ];
    for other in others {
        let mut w = w.clone();
        w.grant(owner, START, other).unwrap();
        assert_eq!(w.accept(owner, START, number, None), Err("NotGranted"), "{other:?}");
    }
    // By a delegate it is not the owner's word.
    let mut by_delegate = w.clone();
    by_delegate.set_delegate(owner, START, other, 0b11, 0b11, START + 99 * HOUR).unwrap();
    by_delegate.grant(other, START, terms()).unwrap();
    assert_eq!(by_delegate.accept(owner, START, number, None), Err("NotGranted"));

    let Ok(Answer::Number(given)) = w.grant(owner, START, terms()) else { panic!("refused") };
    let unlike = Terms { policy: ZERO, ..terms() };
    let Ok(Answer::Number(newer)) = w.grant(owner, START, unlike) else { panic!("refused") };
    assert_eq!(w.accept(owner, START, 9, None), Err("UnknownProposal"));
    assert_eq!(w.accept(hospital, EXPIRES, number, None), Err("NotOwner"));
    assert_eq!(w.accept(owner, EXPIRES, number, None), Err("ProposalClosed"));
    assert_eq!(w.accept(owner, START, number, None), Err("NotGranted"));
    assert_eq!(w.accept(owner, START, number, Some(newer)), Err("NotGranted"));
    let mut revoked = w.clone();
    revoked.revoke_all(owner, START, owner).unwrap();
    assert_eq!(revoked.accept(owner, START, number, Some(given)), Err("NotGranted"));
    // A grant that was used lives as long as a use is left.
    w.agreements.governance.paused = true;
    assert_eq!(w.accept(owner, START, number, Some(given)), Err("Paused"));
    w.agreements.governance.paused = false;
    assert_eq!(w.accept(owner, EXPIRES - 1, number, Some(given)), DONE);
    assert_eq!(w.accept(owner, START, number, Some(given)), Err("ProposalClosed"));
    let ending = w.agreements.proposals[&number].ending;
    assert_eq!(ending, Some(Ending::Accepted(given)));
    all_are_noticed(
        &w,
        &[
            |w| w.agreements.proposals.clear(),
            |w| w.agreements.ended.clear(),
            |w| w.agreements.ended.extend(w.agreements.ended.clone()),
            |w| w.agreements.proposals.get_mut(&3).unwrap().terms.policy = ZERO,
            |w| w.agreements.proposals.get_mut(&3).unwrap().ending = Some(Ending::Accepted(1)),
            |w| w.agreements.proposals.get_mut(&3).unwrap().by = ZERO,
            |w| w.agreements.ended[0].granted = None,
            |w| w.agreements.ended[0].granted.as_mut().unwrap().epoch = 9,
            |w| w.agreements.ended[0].granted.as_mut().unwrap().grant.policy = ZERO,
            |w| w.agreements.ended[0].grants = 2,
            |w| w.agreements.ended[0].deed.by = ZERO,
            |w| w.agreements.ended[0].deed.at = EXPIRES,
            |w| w.agreements.proposed.get_mut(&3).unwrap().owner_is = None,
            |w| w.agreements.proposed.get_mut(&3).unwrap().requester_is = None,
        ],
    );
}

#[test]
fn a_proposal_is_declined_by_its_owner_or_withdrawn_by_its_requester_also_in_a_pause() {
    let mut w = started();
    let [_, patient, owner, hospital, ..] = accounts();
    let doctor = [77; 32];
    w.admit_member(hospital, START, doctor, power::SIGN, START + 5, [1; 32]).unwrap();
    w.admit_member(hospital, START, [78; 32], power::ASK, START + 5, [2; 32]).unwrap();
    let unsigned = w.propose([78; 32], START, terms(), EXPIRES);
    assert_eq!(unsigned, Err("NotAuthorized"));
    assert_eq!(w.propose(doctor, START, terms(), EXPIRES), Ok(Answer::Number(3)));
    let proposal = w.agreements.proposals[&3];
    assert_eq!((proposal.by, proposal.person), (doctor, Some([1; 32])));
    propose(&mut w);
    w.agreements.governance.paused = true;
    assert_eq!(w.decline(owner, START, 9), Err("UnknownProposal"));
    assert_eq!(w.decline(patient, START, 3), Err("NotOwner"));
    assert_eq!(w.decline(owner, EXPIRES, 3), Err("ProposalClosed"));
    assert_eq!(w.decline(owner, START, 3), DONE);
    assert_eq!(w.withdraw_proposal(hospital, START, 3), Err("ProposalClosed"));
    assert_eq!(w.withdraw_proposal(hospital, START, 9), Err("UnknownProposal"));
    assert_eq!(w.withdraw_proposal(owner, START, 4), Err("NotAuthorized"));
    assert_eq!(w.withdraw_proposal(doctor, START + 5, 4), Err("NotAuthorized"));
    assert_eq!(w.withdraw_proposal(hospital, EXPIRES, 4), Err("ProposalClosed"));
    assert_eq!(w.withdraw_proposal(doctor, START + 4, 4), DONE);
    assert_eq!(w.decline(owner, START, 4), Err("ProposalClosed"));
    all_are_noticed(
        &w,
        &[
            |w| w.agreements.proposed.get_mut(&3).unwrap().deed.mandates = 0,
            |w| w.agreements.proposals.get_mut(&3).unwrap().person = None,
            |w| w.agreements.ended[0].deed.by = [77; 32],
            |w| w.agreements.ended[1].deed.by = [78; 32],
            |w| w.agreements.ended[1].deed.at = START + 5,
            |w| w.agreements.ended[1].deed.subject = ZERO,
        ],
    );
}

#[test]
fn erasure_is_asked_for_when_nothing_is_granted_and_answered_once() {
    let mut w = started();
    let [administrator, _, owner, hospital, .., stranger] = accounts();
    let ask = |w: &mut World, now| w.request_erasure(owner, now, owner, hospital);
    assert_eq!(w.request_erasure(owner, START, owner, owner), Err("SelfErasure"));
    assert_eq!(w.request_erasure(stranger, START, stranger, hospital), Err("OwnerNotAdmitted"));
    assert_eq!(w.request_erasure(owner, START, owner, stranger), Err("RequesterNotAdmitted"));
    w.grant(owner, START, terms()).unwrap();
    assert_eq!(ask(&mut w, START), Err("GrantLive"));
    // Who left still may, and one who was suspended is still asked; also in a pause.
    w.revoke_all_for(owner, START, owner, hospital).unwrap();
    w.leave(owner).unwrap();
    w.suspend(administrator, hospital, PROVIDER | TRADER | EMITTER).unwrap();
    w.agreements.governance.paused = true;
    assert_eq!(ask(&mut w, START), Ok(Answer::Number(1)));
    assert_eq!(w.agreements.erasures[&1].due, START + 12 * HOUR);
    assert_eq!(ask(&mut w, START), Err("AlreadyRequested"));

    let (late, until) = (START + 13 * HOUR, START + 20 * HOUR);
    let answer = |w: &mut World, by, number, until| w.answer_erasure(by, late, number, until, ZERO);
    assert_eq!(answer(&mut w, hospital, 2, None), Err("UnknownErasure"));
    assert_eq!(answer(&mut w, owner, 1, Some(late)), Err("NotAuthorized"));
    assert_eq!(answer(&mut w, hospital, 1, Some(late)), Err("InvalidRetention"));
    let too_long = Some(late + MAX_RETENTION + 1);
    assert_eq!(answer(&mut w, hospital, 1, too_long), Err("InvalidRetention"));
    assert_eq!(answer(&mut w, hospital, 1, Some(until)), DONE);
    assert_eq!(answer(&mut w, hospital, 1, Some(late)), Err("AlreadyAnswered"));
    assert_eq!(ask(&mut w, late), Ok(Answer::Number(2)));
    assert_eq!(w.agreements.latest_erasure(&owner, &hospital), Some(2));
    assert_eq!(w.agreements.latest_erasure(&hospital, &owner), None);
    all_are_noticed(
        &w,
        &[
            |w| w.agreements.erasures.clear(),
            |w| w.agreements.answered.clear(),
            |w| w.agreements.answered.extend(w.agreements.answered.clone()),
            |w| w.agreements.answered[0].deed.by = ZERO,
            |w| w.agreements.erasures.get_mut(&1).unwrap().answer = None,
            |w| w.agreements.erasures.get_mut(&2).unwrap().at -= 1,
            |w| w.agreements.erasures.get_mut(&2).unwrap().due += 1,
            |w| w.agreements.asked.get_mut(&1).unwrap().between.clear(),
            |w| w.agreements.asked.get_mut(&1).unwrap().between[0].1.grant.revoked = false,
            |w| w.agreements.asked.get_mut(&1).unwrap().grants = 0,
            |w| w.agreements.asked.get_mut(&1).unwrap().owner_is = None,
            |w| w.agreements.asked.get_mut(&1).unwrap().requester_is = None,
        ],
    );
}

#[test]
fn what_asks_for_an_answer_in_no_time_or_too_long_is_not_deployed() {
    for (answer, sound) in [(0, false), (1, true), (MAX_OPEN, true), (MAX_OPEN + 1, false)] {
        let mut setup = arbitrary::setup();
        setup.agreements_times.answer = answer;
        assert_eq!(World::new(setup).map(drop), if sound { Ok(()) } else { Err("InvalidTimes") });
    }
}

#[test]
fn a_message_of_agreements_has_its_arguments_in_their_order() {
    use AgreementsMessage as M;
    let arguments = |message| Message::Agreements(message).arguments();
    assert_eq!(arguments(M::Propose(terms(), 5)), (terms(), 5_u64).encode());
    assert_eq!(arguments(M::Accept(1, Some(2))), (1_u64, Some(2_u64)).encode());
    assert_eq!(arguments(M::Decline(1, Some([3; 32]))), (1_u64, Some([3_u8; 32])).encode());
    let answered = arguments(M::AnswerErasure(1, Some(2), [3; 32]));
    assert_eq!(answered, (1_u64, Some(2_u64), [3_u8; 32]).encode());
}

/// What agreements may refuse a random message for.
const REFUSALS: [&str; 20] = [
    "Paused",
    "NotAuthorized",
    "RequesterNotAdmitted",
    "OwnerNotAdmitted",
    "SelfProposal",
    "EmptyMask",
    "InvalidPeriod",
    "ZeroUses",
    "InvalidExpiry",
    "UnknownProposal",
    "NotOwner",
    "ProposalClosed",
    "NotGranted",
    "SelfErasure",
    "GrantLive",
    "AlreadyRequested",
    "UnknownErasure",
    "AlreadyAnswered",
    "InvalidRetention",
    "ok",
];

#[test]
fn random_steps_meet_every_refusal_of_agreements() {
    let mix = Mix { agreements: 40, consent: 12, participants: 4, governed: 2, ..Mix::NONE };
    meets(mix, "agreements", &REFUSALS);
}
