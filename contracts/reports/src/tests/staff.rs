//! What an organisation's staff may do for it.

use super::*;
use assent_events::{power, reports::Countersigned, Party};

const NURSE: AccountId = AccountId([9; 32]);

/// The caller acts for an active participant with this power of all there are, or with all but this.
fn acting(powers: u16) -> Admission {
    Admission {
        for_subject: Agency { powers, until: u64::MAX, person: Some([1; 32]) },
        ..own(true)
    }
}

#[ink::test]
fn the_staff_anchors_in_the_name_of_the_owner() {
    let mut data = Data::new(DOMAIN);
    let first = new(1, [0; 32]);
    let all_but = acting(power::ALL & !power::ANCHOR);
    // Comes before what the owner lacks, and before what is wrong with the version.
    let refused = Admission { subject: Standing::default(), ..all_but };
    assert_eq!(data.anchor(NURSE, NOW, refused, OWNER, &all_wrong()), Err(Error::NotAuthorized));
    assert_eq!(
        data.anchor_batch(NURSE, NOW, refused, OWNER, &[all_wrong()]),
        Err(Error::NotAuthorized)
    );
    assert_eq!(data.supersede(NURSE, NOW, refused, OWNER, &first), Err(Error::NotAuthorized));
    assert_eq!(data.head(OWN), None);

    let may = acting(power::ANCHOR);
    let event = data.anchor(NURSE, NOW, may, OWNER, &first).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, NURSE));
    assert_eq!(event.head, documented_head(DOMAIN, OWNER, &first), "whoever anchors it");
    assert_eq!(data.head(OWN).unwrap().owner, OWNER);
    let (event, superseded) = data.supersede(NURSE, NOW, may, OWNER, &new(2, event.head)).unwrap();
    assert_eq!((event.owner, event.by, superseded.owner), (OWNER, NURSE, OWNER));
    let events = data.anchor_batch(NURSE, NOW, may, OWNER, &[new(3, event.head)]).unwrap();
    assert_eq!((events[0].owner, events[0].by), (OWNER, NURSE));
    // The owner goes on where his staff ended; what it has for itself is another series.
    data.anchor(OWNER, NOW, own(true), OWNER, &new(4, events[0].head)).unwrap();
    assert_eq!(data.head((NURSE, SERIES)), None);
}

#[ink::test]
fn the_staff_revokes_in_the_name_of_the_owner() {
    let (mut data, _) = series(2);
    let with = |powers| Agency { powers, until: u64::MAX, person: Some([1; 32]) };
    let all_but = with(power::ALL & !power::ANCHOR);
    let unknown = (OWNER, SERIES, 9);
    assert_eq!(data.revoke(NURSE, NOW, all_but, unknown, REASON), Err(Error::NotAuthorized));
    let may = with(power::ANCHOR);
    assert_eq!(data.revoke(NURSE, NOW, may, unknown, REASON), Err(Error::UnknownVersion));
    let event = data.revoke(NURSE, NOW, may, of(1), REASON).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, NURSE));
    assert_eq!(data.revoke(NURSE, NOW, may, of(1), REASON), Err(Error::AlreadyRevoked));
}

#[ink::test]
fn the_staff_signs_in_the_name_of_the_signer() {
    let (mut data, heads) = series(1);
    let all_but = acting(power::ALL & !power::SIGN);
    let not_admitted = Admission { subject: Standing::default(), ..all_but };
    let refused = data.countersign(NURSE, NOW, not_admitted, DOCTOR, of(9), heads[0]);
    assert_eq!(refused, Err(Error::NotAuthorized));
    let may = acting(power::SIGN);
    let refused = data.countersign(NURSE, NOW, may, OTHER, of(1), heads[0]);
    assert_eq!(refused, Err(Error::NotParty), "it goes by the signer");
    let event = data.countersign(NURSE, NOW, may, DOCTOR, of(1), heads[0]).unwrap();
    let (party, signer) = (Party::Doctor, DOCTOR);
    let expected = Countersigned {
        owner: OWNER,
        series: SERIES,
        sequence: 1,
        party,
        signer,
        by: NURSE,
        at: NOW,
    };
    assert_eq!(event, expected);
    let again = data.countersign(DOCTOR, NOW, own(true), DOCTOR, of(1), heads[0]);
    assert_eq!(again, Err(Error::AlreadySigned), "once for each party, whoever does it");
}

/// Whoever acts for a party in anything is no third party.
#[ink::test]
fn the_staff_of_a_party_audits_nothing_of_it() {
    let (mut data, _) = series(1);
    let some = Agency { powers: power::ASK, until: u64::MAX, person: Some([1; 32]) };
    let outside = auditing(NURSE, true);
    for inside in
        [Admission { for_subject: some, ..outside }, Admission { for_other: some, ..outside }]
    {
        let refused = data.open_audit(NURSE, NOW, 7, inside, of(1), [0; 32]);
        assert_eq!(refused, Err(Error::OwnAudit));
    }
    data.open_audit(NURSE, NOW, 7, outside, of(1), [0; 32]).unwrap();
}

#[ink::test]
fn a_guardian_continues_the_series_of_his_ward() {
    let mut data = Data::new(DOMAIN);
    let guardian = acting(power::GUARDIAN);
    let about = |patient, new| NewVersion { patient, ..new };
    let wards = |sequence, head| about(Some(OWNER), new(sequence, head));
    let event = data.anchor(NURSE, NOW, guardian, OWNER, &wards(1, [0; 32])).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, NURSE));
    let (event, _) = data.supersede(NURSE, NOW, guardian, OWNER, &wards(2, event.head)).unwrap();
    // About others, or nobody, a ward who is a provider speaks himself.
    let may = guardian.for_subject;
    for (patient, series) in [(Some(PATIENT), [98; 32]), (None, [99; 32])] {
        let other = about(patient, new(3, event.head));
        let refused = data.anchor(NURSE, NOW, guardian, OWNER, &other);
        assert_eq!(refused, Err(Error::NotAuthorized));
        let refused = data.supersede(NURSE, NOW, guardian, OWNER, &other).unwrap_err();
        assert_eq!(refused, Error::NotAuthorized);
        let batch = [wards(3, event.head), other.clone()];
        let refused = data.anchor_batch(NURSE, NOW, guardian, OWNER, &batch).unwrap_err();
        assert_eq!(refused, Error::NotAuthorized);
        let owners = NewVersion { series, ..about(patient, new(1, [0; 32])) };
        data.anchor(OWNER, NOW, own(true), OWNER, &owners).unwrap();
        let key = (OWNER, series, 1);
        assert_eq!(data.revoke(NURSE, NOW, may, key, REASON), Err(Error::NotAuthorized));
        let staff = acting(power::ANCHOR).for_subject;
        data.revoke(NURSE, NOW, staff, key, REASON).unwrap();
    }
    data.anchor_batch(NURSE, NOW, guardian, OWNER, &[wards(3, event.head)]).unwrap();
    let event = data.revoke(NURSE, NOW, may, of(2), REASON).unwrap();
    assert_eq!((event.owner, event.by), (OWNER, NURSE));
    // And he audits nothing of it.
    let own = Admission { for_subject: guardian.for_subject, ..auditing(NURSE, true) };
    let refused = data.open_audit(NURSE, NOW, 7, own, of(1), [0; 32]);
    assert_eq!(refused, Err(Error::OwnAudit));
}

#[ink::test]
fn a_guardian_signs_for_a_patient_and_for_no_doctor() {
    let (mut data, heads) = series(1);
    let guardian = acting(power::GUARDIAN);
    let refused = data.countersign(NURSE, NOW, guardian, DOCTOR, of(1), heads[0]);
    assert_eq!(refused, Err(Error::NotParty));
    assert_eq!(data.version(of(1)).unwrap().doctor_signed, None);
    let event = data.countersign(NURSE, NOW, guardian, PATIENT, of(1), heads[0]).unwrap();
    assert_eq!((event.party, event.signer, event.by), (Party::Patient, PATIENT, NURSE));
    let again = data.countersign(PATIENT, NOW, own(true), PATIENT, of(1), heads[0]);
    assert_eq!(again, Err(Error::AlreadySigned));
}
