//! Stories that hold together: what every contract says of what happened, so that all invariants hold.

use assent_client::EmittedEvent;

use crate::agreements::Proposal;
use crate::consent::{self, Access, Grant};
use crate::participants::{ANCHOR, ASK, BREAK_GLASS, SIGN, TRADE};
use crate::reports::{self, DOCTOR, PATIENT, Version};
use crate::{
    CONTRACTS, address, agreements, block_hash, carbon, choices, compliance, emergency, governance,
    guardians, market, participants, rewards, succession, token,
};

/// A patient, 1, a clinic, 2, and a regulator, 9: an access that is paid, an emergency, research on the data
/// of 4, a report. 5, 7, 8, 21 and 22 act for others.
fn care() -> Vec<EmittedEvent> {
    // Of the record that the grant is for.
    let first = Access { record: Some(0xdd), ..Access::of(1, 1).by_grant(1) };
    let second = Access { record: Some(0xdd), ..first.next(2).by_grant(1) };
    // Who acts for the clinic.
    let staff = Some((7, 0x57));
    let in_need = Access { at: 10, staff, ..second.next(3).by_window(1) };
    // Of another owner: for research, which a sponsor pays once, and then nobody does.
    let studied = Access { purpose: 1, record: Some(0xdd), ..Access::of(4, 4).by_grant(3) };
    let research = Grant { purposes: 2, ..Grant::of(3, 4, 2) }.event();
    let unpaid = Access { purpose: 1, record: Some(0xdd), ..studied.next(5).unfunded(3) };
    let mut events = vec![
        participants::registered(1),
        participants::profile_updated(1, 0xa1),
        participants::approved_with(1, 1, 0xa1),
        participants::profile_updated(1, 0xa2),
        participants::profile_confirmed(1, 0xa2),
        participants::roles_set(1, 3),
        participants::suspended(1, 6),
        participants::reinstated(1, 2),
        participants::member_admitted(1, 5, ANCHOR, 7_000, 0x55),
        participants::member_admitted(1, 22, TRADE, 20_000, 0x5f),
        participants::left(1),
        participants::registered(2),
        participants::approved(2, 2),
        participants::member_admitted(2, 5, BREAK_GLASS, 6_000, 0x55),
        participants::member_admitted(2, 21, TRADE, 20_000, 0x5e),
        participants::member_admitted(2, 7, ASK, 6_000, 0x57),
        participants::member_admitted(2, 7, ASK | BREAK_GLASS, 7_000, 0x57),
        participants::registered(4),
        participants::approved(4, 3),
        participants::member_admitted(4, 8, SIGN, 7_000, 0x58),
        token::treasury_set(1),
    ];
    events.extend([token::minted(1, 9, 0xa1), token::minted(2, 20, 0xa3)].concat());
    events.extend(token::burned(1, 2, 0xa2));
    events.extend([
        token::approval(1, 2, 9),
        token::frozen(1, 0xa1),
        token::unfrozen(1),
        token::minting_stopped(1),
        token::treasury_set(1),
        rewards::consent_set(address("consent")),
        rewards::tariff_set(0, 5),
        rewards::tariff_set_from(1, 3, true, 1),
        token::paid_in(2, 13),
        rewards::funded(2, 2, 8),
        rewards::sponsor_set(1, Some(2), None, 0),
        rewards::sponsored(1, 2, 5, 5),
        consent::granted(1, 1, 2, None, 0, 1),
        consent::amended(1, 2, None, 1),
        rewards::accrued(1, 1, 0, 5),
        first.event(),
        rewards::unfunded(1, 2, 0, 5),
        second.event(),
        rewards::withdrawn(1, 2, 5),
        token::paid_out(2, 5),
        rewards::budget_withdrawn(2, 2),
        token::paid_out(2, 2),
        consent::delegate_set(1, 9, 0),
        consent::granted(2, 1, 3, None, 0, 9),
        consent::delegate_removed_with(1, 9, 2),
        consent::denied(1, 2, (3, 3), 5),
        consent::denial_lifted(1, 2, (2, 1), 6),
        consent::denial_lifted(1, 2, (1, 7), 7),
        consent::outsider_refused(1, [0; 32]).0,
        consent::revoked(1, 1, 1),
        consent::link_erased(1, 1),
        consent::all_revoked(1, 1),
        // 4 wants no emergency and restricts research to the clinic and 3; 1 thinks better of it.
        choices::emergencies_refused(4, 8),
        choices::restricted(4, (2, 8), 8),
        choices::excepted(4, 2),
        choices::excepted(4, 3),
        choices::emergencies_refused(1, 8),
        choices::emergencies_allowed(1, 9),
        emergency::broken_by(staff, 1, (1, 2), (10, 20, 30)),
        in_need.event(),
        emergency::closed(1, 9, 11),
        emergency::reviewed(1, 9, emergency::UNJUSTIFIED, 11),
        emergency::barred(1, 7, 11),
        emergency::proposed(1, 2, emergency::FOUND_UNJUSTIFIED, 11),
        emergency::bar_lifted(7, 9, 12),
        participants::mandate_ended(2, 7, 7),
        research,
        rewards::accrued_by(2, Some(2), 4, 4, 1, 3),
        studied.event(),
        rewards::pot_withdrawn(1, 2, 1),
        token::paid_out(2, 1),
        rewards::unfunded_by(2, 4, 5, (1, 3), true),
        unpaid.event(),
        choices::restriction_lifted(4, 12),
        choices::restricted(4, (1, 8), 13),
        choices::excepted(4, 3),
        rewards::sponsor_set(1, None, Some(2), 1),
        Version { staff: Some(5), ..Version::first() }.event(),
        Version::first().next(0x22).event(),
        reports::superseded(1, 2),
        reports::signed(2, PATIENT, 3),
        reports::signed_by(8, 2, DOCTOR, 4, 6_000),
        // At the same moment as the signatures.
        reports::revoked_by(5, 2, 6_000),
        reports::audit_opened(1, 2, 6),
    ]);
    events
}

/// Units come into being, change hands, are sold and leave for good.
fn trade() -> Vec<EmittedEvent> {
    [
        carbon::registry((1, 1_000)),
        vec![
            carbon::issuer_set(2, 9),
            carbon::issued(1, 1, 500),
            carbon::sealed(1),
            carbon::transferred(1, 1, 2, 4, 1),
            carbon::approved(1, 1, market::MARKET, 100),
            carbon::escrowed(1, 1, market::MARKET, 20),
            carbon::released(1, 1, market::MARKET, 2),
            carbon::delivered(1, 1, 2, 8, market::MARKET),
            token::transfer(Some(2), Some(1), 8),
            carbon::retired(1, 2, 4, 3),
            carbon::cancelled(1, 2, 2),
            carbon::frozen(2, 0xf2),
            carbon::unfrozen(2),
            market::fee_set(100, 9),
            market::limits_set(1, 1_000),
            market::placed(1, 1, 12, 1_000, 9_000, 100),
            market::updated(1, 1, 18, 1_000, 9_000, 100),
            market::filled(1, 1, 2, (8, 10), (8, 0)),
            market::staff_acted(1, 2, 21),
            market::cancelled(1, 1, 10),
            market::staff_acted(1, 1, 22),
            market::placed(2, 1, 10, 1_000, 6_000, 100),
        ],
    ]
    .concat()
}

/// One period ends with a penalty that is paid; the next one gets allowances, and some of them back.
fn duty() -> Vec<EmittedEvent> {
    let settled = compliance::Settled {
        period: 1,
        account: 1,
        verified: 10,
        surrendered: 0,
        brought: (0, 0),
        left: (10, 0),
        timely: false,
        rating: 0,
    };
    [
        vec![compliance::penalty_set(1_000, compliance::COLLECTOR)],
        compliance::period_set((1, 2), (1, 100), (1_000, 2_000, 3_000), 1_000),
        vec![
            compliance::reported(1, 1, 1, 10),
            settled.event(),
            compliance::penalty_imposed(1, 1, 10, 10),
            compliance::penalty_paid(1, 1, compliance::COLLECTOR, 10, 150),
        ],
        compliance::period_set((2, 3), (101, 200), (2_000, 6_000, 9_000), 1_000),
        compliance::allocated((2, 3), 1, 50),
        vec![compliance::surrendered(2, 3, 1, 20)],
    ]
    .concat()
}

/// The clinic, 2, for which 6 signs, proposes a grant to 4, who gave it, one to 1, who amends his, and others;
/// 1 and 4 ask for erasure.
fn agreed() -> Vec<EmittedEvent> {
    let staff = Some((6, 0x56));
    let research = Grant { purposes: 2, ..Grant::of(0, 4, 2) };
    let taken = Proposal { staff, ..Proposal::of(1, research) };
    let wider = Grant { purposes: 3, categories: 3, from: 11, until: 30, ..Grant::of(0, 1, 2) };
    let amended = Proposal { policy: 0xb2, ..Proposal::of(6, wider) };
    let limited = Grant { max_uses: Some(3), record: None, ..Grant::of(0, 1, 2) };
    vec![
        participants::member_admitted(2, 6, SIGN, 20_000, 0x56),
        taken.event(),
        taken.accepted(3, 15),
        Proposal { staff, ..Proposal::of(2, Grant::of(0, 1, 2)) }.event(),
        agreements::withdrawn(2, (1, 2), 6, 13),
        Proposal::of(3, limited).event(),
        agreements::declined(3, (1, 2), Some(0xee), 14),
        Proposal::of(4, Grant::of(0, 1, 2)).event(),
        agreements::declined(4, (1, 2), None, 14),
        Proposal { staff, ..Proposal::of(5, limited) }.event(),
        amended.event(),
        consent::granted(4, 1, 2, None, 1, 1),
        consent::amended(4, 2, None, 1),
        amended.accepted(4, 16),
        // When all that 1 had granted was revoked.
        agreements::erasure_requested(1, (1, 2), 12_000, 8_000),
        agreements::erasure_answered(1, (1, 2), staff, Some(10_000), 9_000),
        agreements::erasure_requested(2, (1, 2), 14_000, 10_000),
        agreements::erasure_requested(3, (4, 3), 14_000, 10_000),
        agreements::erasure_answered(3, (4, 3), None, None, 15_000),
    ]
}

/// A child, 11, for whom 12 and 13 act, until 13 is dismissed, and with it ends what they granted.
fn guarded() -> Vec<EmittedEvent> {
    let [first, second] = [(11, 12), (11, 13)];
    vec![
        participants::registered(11),
        participants::approved(11, 1),
        participants::guardian_appointed(11, 12, 20_000, 0x5c),
        participants::guardian_appointed(11, 13, 20_000, 0x5d),
        Grant { by: 12, ..Grant::of(5, 11, 2) }.event(),
        guardians::granted(5, 11, 0),
        guardians::denied(first, 3, (3, 3), 6_000),
        guardians::denial_lifted(second, 3, (2, 1), 7_000),
        guardians::restricted(first, (2, 8), 6_000),
        choices::excepted(11, 2),
        choices::restriction_lifted(11, 8_000),
        guardians::acted(second, 8_000),
        participants::mandate_ended(11, 13, 9),
        participants::guardians_changed(11, 1),
        agreements::erasure_requested(4, (11, 3), 14_000, 10_000),
        agreements::guardian_acted(first, 10_000),
    ]
}

/// 14 names the key 15, which takes over what is frozen of him; a regulator replaces the key of 16, which objects,
/// and admits 17 to its staff, by 17, and would replace that of 18 by 24, as 18 himself would have, and that of
/// the child by 25, to which nobody objects: what is said of them, and then what they do when their time has come.
fn succeeded() -> [Vec<EmittedEvent>; 2] {
    let times = (6_000, 90_000);
    let mut said: Vec<_> = [14, 16, 18]
        .into_iter()
        .flat_map(|n| [participants::registered(n), participants::approved(n, 1)])
        .collect();
    said.extend(token::minted(14, 6, 0xa4));
    said.extend([
        token::frozen(14, 0xa5),
        succession::named(14, 15, times),
        succession::proposed(16, 17, times),
        succession::objected(16, 17),
        // Which keeps it from nothing.
        participants::member_admitted(16, 17, ASK, 20_000, 0x61),
        succession::confirmed(16, 17, 10),
        succession::named(18, 24, times),
        succession::cancelled(18, 24),
        succession::proposed(18, 24, times),
        succession::objected(18, 24),
        succession::rejected(18, 24, 10),
        succession::proposed(11, 25, times),
        succession::rejected(11, 25, 10),
    ]);
    let done = vec![
        succession::replaced(14, 14, 15),
        token::transfer(Some(14), Some(15), 6),
        succession::taken_over(14, 15),
        succession::replaced(16, 16, 17),
    ];
    [said, done]
}

/// The story of the design, at least one event of every kind of every contract, in three blocks.
#[must_use]
pub fn everything() -> [Vec<EmittedEvent>; 3] {
    let mut events = [care(), trade(), duty()].concat();
    for contract in CONTRACTS {
        events.extend(governance::government(contract, 9, 2));
    }
    events.extend(agreed());
    events.extend(guarded());
    let [named, replaced] = succeeded();
    events.extend(named);
    // An order is over only in a later block than it was placed, and a key accepts only in a later one than it
    // was named.
    let mut later = vec![carbon::released(1, 1, market::MARKET, 10), market::expired(2, 1, 10, 4)];
    later.extend(replaced);
    // The hash of a block is known in the next one.
    let last = vec![reports::audit_recorded(1, block_hash(6).0, true)];
    [events, later, last]
}
