//! The rules of agreements, and what of the shell needs no other contract.

mod erasures;
mod guardians;
mod proposals;
mod shell;

use crate::data::{Data, Times, MAX_OPEN};
use crate::errors::AgreementsError as Error;
use crate::proposals::Terms;
use assent_events::{power, role, Hash};
use assent_traits::{
    consent::{Grant, Record},
    participants::{Admission, Agency, Standing},
};
use ink::{prelude::vec::Vec, primitives::AccountId};

const OWNER: AccountId = AccountId([1; 32]);
const HOSPITAL: AccountId = AccountId([2; 32]);
const NURSE: AccountId = AccountId([3; 32]);
const OTHER: AccountId = AccountId([4; 32]);
const NOW: u64 = 1_000;
const TIMES: Times = Times { delay: 1_000, answer: 100 };
/// Who holds the nurse's key.
const PERSON: Hash = [6; 32];
const POLICY: Hash = [7; 32];
const EVIDENCE: Hash = [8; 32];

const fn with(roles: u16) -> Standing {
    Standing { roles, admitted: true }
}

/// The owner, the hospital, and its own key.
const PARTIES: Admission = Admission {
    subject: with(role::DATA_OWNER),
    other: with(role::PROVIDER),
    caller: with(role::PROVIDER),
    for_subject: Agency { powers: 0, until: 0, person: None },
    for_other: Agency::OWN,
    guardianship: 0,
    acting: None,
};

/// What the nurse may do for the hospital.
const fn nurse(powers: u16) -> Agency {
    Agency { powers, until: u64::MAX, person: Some(PERSON) }
}

/// What is told of one who may do this for the owner, and nothing for the hospital.
const fn acting(for_subject: Agency) -> Admission {
    Admission { for_subject, for_other: Agency { powers: 0, until: 0, person: None }, ..PARTIES }
}

/// What is told of the owner himself.
const OWN: Admission = acting(Agency::OWN);

fn data() -> Data {
    Data::new(TIMES).unwrap()
}

const fn terms() -> Terms {
    Terms {
        owner: OWNER,
        grantee: HOSPITAL,
        purposes: 1,
        categories: 6,
        from: NOW,
        until: NOW + 500,
        max_uses: Some(3),
        record: Some([5; 32]),
        policy: POLICY,
    }
}

/// A grant of the owner's that carries the terms.
fn grant() -> Grant {
    let Terms { owner, grantee, purposes, categories, from, until, max_uses, record, policy } =
        terms();
    Grant {
        owner,
        grantee,
        purposes,
        categories,
        from,
        until,
        max_uses,
        record: record.map_or(Record::All, Record::One),
        policy,
        version: 1,
        epoch: 0,
        uses: 2,
        revoked: false,
        by: owner,
        guardianship: None,
    }
}

/// Nothing that asks another contract.
fn unasked<T>() -> Result<T, Error> {
    panic!("asked for nothing")
}

#[ink::test]
fn the_time_for_an_answer_is_bounded() {
    let new = |answer| Data::new(Times { answer, ..TIMES }).map(|data| data.times().answer);
    for answer in [0, MAX_OPEN + 1, u64::MAX] {
        assert_eq!(new(answer), Err(Error::InvalidTimes));
    }
    for answer in [1, MAX_OPEN] {
        assert_eq!(new(answer), Ok(answer));
    }
}

/// The numbers and the grants that live.
type Live = Vec<(u64, Grant)>;
