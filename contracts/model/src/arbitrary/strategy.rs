//! Strategies for steps.

mod carbon;

use super::{Amounts, Caller, GrantPick, Intent, Step, VersionPick, ACCOUNTS, ANY, HOUR};
use crate::Contract;
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::{Just, Union},
};

/// How often the steps of each kind come, relative to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mix {
    /// Messages to participants.
    pub participants: u32,
    /// Messages to consent.
    pub consent: u32,
    /// Messages to rewards.
    pub rewards: u32,
    /// Messages to reports.
    pub reports: u32,
    /// Messages to the token.
    pub token: u32,
    /// Messages to carbon.
    pub carbon: u32,
    /// Messages to the market.
    pub market: u32,
    /// Messages on the government of those of them that get messages.
    pub governed: u32,
}

impl Mix {
    /// Something of everything.
    pub const ALL: Self = Self {
        participants: 8,
        consent: 40,
        rewards: 14,
        reports: 20,
        token: 20,
        carbon: 50,
        market: 30,
        governed: 10,
    };
    /// Nothing.
    pub const NONE: Self = Self {
        participants: 0,
        consent: 0,
        rewards: 0,
        reports: 0,
        token: 0,
        carbon: 0,
        market: 0,
        governed: 0,
    };
    /// Carbon, and what it asks.
    pub const CARBON: Self =
        Self { participants: 4, token: 6, carbon: 50, governed: 3, ..Self::NONE };
    /// The market, and what it asks.
    pub const MARKET: Self =
        Self { participants: 3, token: 10, carbon: 20, market: 40, governed: 3, ..Self::NONE };

    fn governed(&self) -> Vec<Contract> {
        let weights = [
            (self.participants, Contract::Participants),
            (self.consent, Contract::Consent),
            (self.rewards, Contract::Rewards),
            (self.reports, Contract::Reports),
            (self.token, Contract::Token),
            (self.carbon, Contract::Carbon),
            (self.market, Contract::Market),
        ];
        weights.into_iter().filter(|(weight, _)| *weight > 0).map(|(_, c)| c).collect()
    }
}

/// 200 steps on average.
pub fn steps(mix: Mix) -> impl Strategy<Value = Vec<Step>> {
    vec(step(mix), 1..=400)
}

/// One step.
pub fn step(mix: Mix) -> impl Strategy<Value = Step> {
    let mut kinds = vec![
        (mix.participants, participants().boxed()),
        (mix.consent, consent().boxed()),
        // While there is a consent contract, it accrues, and not an account.
        (mix.rewards, rewards(if mix.consent > 0 { 1 } else { 6 }).boxed()),
        (mix.reports, reports().boxed()),
        (mix.token, token(mix.carbon + mix.market > 0).boxed()),
        (mix.carbon, carbon::carbon().boxed()),
        (mix.market, carbon::market().boxed()),
    ];
    if mix.governed > 0 {
        kinds.push((mix.governed, governed(mix.governed()).boxed()));
    }
    kinds.retain(|(weight, _)| *weight > 0);
    let intent = Union::new_weighted(kinds);
    (caller(), advance(), prop::option::weighted(0.15, 0..=1_u64), intent).prop_map(
        |(caller, advance, before_deadline, intent)| Step {
            caller,
            advance,
            before_deadline,
            intent,
        },
    )
}

fn caller() -> impl Strategy<Value = Caller> {
    prop_oneof![
        5 => Just(Caller::Fitting(0)),
        3 => (0..4_u8).prop_map(Caller::Fitting),
        1 => (0..ACCOUNTS as u8).prop_map(Caller::Account),
    ]
}

/// Mostly whole minutes and hours, so that it is often exactly the moment at which something starts
/// or ends; a window of a day lasts for some twenty steps.
fn advance() -> impl Strategy<Value = u64> {
    prop_oneof![
        6 => Just(0),
        6 => (1..=3_u64).prop_map(|minutes| minutes * HOUR / 60),
        4 => (1..=2_u64).prop_map(|hours| hours * HOUR),
        2 => 0..=HOUR,
        1 => select(vec![6 * HOUR, 24 * HOUR]),
    ]
}

/// A choice: mostly of something that suits.
fn pick() -> impl Strategy<Value = u8> {
    prop_oneof![9 => 0..6_u8, 1 => ANY..ANY + ACCOUNTS as u8]
}

/// 0, or with a chance of one in `rarity` up to `most`, which may be a fault.
fn mostly_0(rarity: u32, most: u8) -> impl Strategy<Value = u8> {
    prop_oneof![rarity.saturating_sub(1) => Just(0_u8), 1 => 0..=most]
}

/// One of the `good` first, rarely one of the others of `all`, which are faults.
fn sound(good: u8, all: u8) -> impl Strategy<Value = u8> {
    prop_oneof![11 => 0..good, 1 => good..all]
}

fn amounts() -> impl Strategy<Value = Amounts> {
    prop_oneof![
        12 => (0..=120_u16).prop_map(Amounts::Few),
        4 => (0..=6_000_u16).prop_map(Amounts::Few),
        1 => Just(Amounts::Max),
    ]
}

fn participants() -> impl Strategy<Value = Intent> {
    prop_oneof![
        2 => any::<u8>().prop_map(|profile| Intent::Register { profile }),
        2 => any::<u8>().prop_map(|profile| Intent::UpdateProfile { profile }),
        4 => (pick(), mostly_0(4, 5))
            .prop_map(|(account, roles)| Intent::Approve { account, roles }),
        4 => (pick(), mostly_0(4, 5))
            .prop_map(|(account, roles)| Intent::SetRoles { account, roles }),
        2 => pick().prop_map(|account| Intent::Suspend { account }),
        4 => pick().prop_map(|account| Intent::Reinstate { account }),
        1 => Just(Intent::Leave),
    ]
}

fn grant_pick() -> impl Strategy<Value = GrantPick> {
    let whom = (pick(), pick());
    let what = (sound(5, 7), mostly_0(3, 3), sound(4, 6), sound(3, 4), 0..=3_u8);
    (whom, what).prop_map(|((owner, grantee), (masks, from, until, uses, record))| GrantPick {
        owner,
        grantee,
        masks,
        from,
        until,
        uses,
        record,
    })
}

fn consent() -> impl Strategy<Value = Intent> {
    let grant = || prop_oneof![24 => pick(), 1 => Just(u8::MAX)];
    prop_oneof![
        8 => grant_pick().prop_map(Intent::Grant),
        2 => prop_oneof![6 => vec(grant_pick(), 1..=3), 1 => vec(grant_pick(), 0..=17)]
            .prop_map(Intent::GrantBatch),
        4 => (grant(), grant_pick()).prop_map(|(grant, new)| Intent::Amend { grant, new }),
        3 => grant().prop_map(|grant| Intent::Revoke { grant }),
        1 => Just(Intent::RevokeAll),
        2 => (pick(), sound(5, 7))
            .prop_map(|(requester, masks)| Intent::Deny { requester, masks }),
        2 => pick().prop_map(|denial| Intent::LiftDenial { denial }),
        3 => (pick(), sound(5, 7), sound(4, 6)).prop_map(|(delegate, masks, until)| {
            Intent::SetDelegate { delegate, masks, until }
        }),
        1 => pick().prop_map(|delegation| Intent::RemoveDelegate { delegation }),
        1 => grant().prop_map(|grant| Intent::EraseLink { grant }),
        14 => (grant(), any::<bool>(), mostly_0(4, 6), mostly_0(4, 6)).prop_map(
            |(grant, named, purpose, category)| Intent::RequestAccess {
                grant,
                named,
                purpose,
                category,
            }
        ),
        2 => (pick(), proptest::option::of(0..20_u8), mostly_0(2, 5), mostly_0(2, 5)).prop_map(
            |(owner, grant, purpose, category)| Intent::RequestStrange {
                owner,
                grant,
                purpose,
                category,
            }
        ),
        5 => (pick(), mostly_0(5, 3))
            .prop_map(|(window, purpose)| Intent::RequestEmergency { window, purpose }),
        4 => pick().prop_map(|patient| Intent::BreakGlass { patient }),
        2 => pick().prop_map(|window| Intent::CloseBreakGlass { window }),
        2 => (pick(), any::<bool>())
            .prop_map(|(window, justified)| Intent::ReviewBreakGlass { window, justified }),
        2 => pick().prop_map(|window| Intent::SanctionOverdue { window }),
    ]
}

fn rewards(accrue: u32) -> impl Strategy<Value = Intent> {
    prop_oneof![
        1 => any::<bool>().prop_map(|right| Intent::SetConsent { right }),
        2 => (mostly_0(2, 6), amounts())
            .prop_map(|(purpose, amount)| Intent::SetTariff { purpose, amount }),
        4 => amounts().prop_map(|amount| Intent::Fund { amount }),
        accrue => (pick(), mostly_0(3, 6), mostly_0(3, 3)).prop_map(|(owner, purpose, access)| {
            Intent::Accrue { owner, purpose, access }
        }),
        3 => Just(Intent::Withdraw),
        3 => (0..=10_u8).prop_map(|to| Intent::WithdrawTo { to }),
        3 => (pick(), amounts())
            .prop_map(|(funder, amount)| Intent::RefundUnused { funder, amount }),
    ]
}

fn version_pick() -> impl Strategy<Value = VersionPick> {
    let place = (0..4_u8, mostly_0(8, 2), mostly_0(8, 2));
    let file = (any::<u8>(), mostly_0(8, 3), mostly_0(12, 1));
    let parties = (0..ACCOUNTS as u8, mostly_0(2, ACCOUNTS as u8 - 1));
    (place, file, parties).prop_map(
        |((series, sequence, previous), (root, chunks, byte_length), (patient, doctor))| {
            VersionPick { series, sequence, previous, root, chunks, byte_length, patient, doctor }
        },
    )
}

fn reports() -> impl Strategy<Value = Intent> {
    let version = || (0..4_u8, pick());
    prop_oneof![
        4 => version_pick().prop_map(Intent::Anchor),
        1 => prop_oneof![6 => vec(version_pick(), 1..=3), 1 => vec(version_pick(), 0..=17)]
            .prop_map(Intent::AnchorBatch),
        3 => version_pick().prop_map(Intent::Supersede),
        2 => version().prop_map(|(series, version)| Intent::RevokeVersion { series, version }),
        5 => (version(), mostly_0(6, 1)).prop_map(|((series, version), wrong)| {
            Intent::Countersign { series, version, right: wrong == 0 }
        }),
    ]
}

/// Who may spend: with `trade`, mostly one of the contracts that sellers and penalties are paid by.
fn spender(trade: bool) -> impl Strategy<Value = u8> {
    let traders = prop_oneof![1 => Just(10_u8), 3 => Just(11)].boxed();
    let anybody = mostly_0(2, 9).boxed();
    if trade {
        prop_oneof![2 => traders, 1 => anybody].boxed()
    } else {
        anybody
    }
}

fn token(trade: bool) -> impl Strategy<Value = Intent> {
    prop_oneof![
        4 => (0..=9_u8, amounts(), mostly_0(6, 1))
            .prop_map(|(to, amount, used)| Intent::Mint { to, amount, used: used == 1 }),
        3 => (amounts(), mostly_0(6, 1))
            .prop_map(|(amount, used)| Intent::Burn { amount, used: used == 1 }),
        6 => (0..=9_u8, amounts()).prop_map(|(to, amount)| Intent::Transfer { to, amount }),
        6 => (0..=9_u8, 0..=9_u8, amounts())
            .prop_map(|(from, to, amount)| Intent::TransferFrom { from, to, amount }),
        8 => (spender(trade), amounts())
            .prop_map(|(spender, amount)| Intent::ApproveSpender { spender, amount }),
        2 => (spender(trade), amounts())
            .prop_map(|(spender, amount)| Intent::IncreaseAllowance { spender, amount }),
        3 => (0..=9_u8, amounts())
            .prop_map(|(allowance, amount)| Intent::DecreaseAllowance { allowance, amount }),
        1 => (0..=9_u8).prop_map(|account| Intent::SetTreasury { account }),
        1 => (0..=9_u8).prop_map(|account| Intent::Freeze { account }),
        2 => (0..=9_u8).prop_map(|account| Intent::Unfreeze { account }),
    ]
}

fn governed(contracts: Vec<Contract>) -> impl Strategy<Value = Intent> {
    // An unpausing comes five times for a pause, or else most of the story would be refused.
    let unpause = select(contracts.clone()).prop_map(Intent::Unpause);
    let handover = (select(contracts.clone()), pick());
    let announce = (select(contracts.clone()), any::<bool>());
    prop_oneof![
        1 => select(contracts.clone()).prop_map(Intent::Pause),
        4 => unpause,
        3 => handover.prop_map(|(contract, to)| Intent::ProposeHandover(contract, to)),
        1 => select(contracts.clone()).prop_map(Intent::CancelHandover),
        4 => (select(contracts.clone()), prop::option::weighted(0.8, pick()))
            .prop_map(|(contract, to)| Intent::AcceptHandover(contract, to)),
        2 => announce.prop_map(|(contract, known)| Intent::AnnounceUpgrade(contract, known)),
        1 => select(contracts.clone()).prop_map(Intent::CancelUpgrade),
        4 => (select(contracts), prop::bool::weighted(0.8))
            .prop_map(|(contract, or)| Intent::ApplyUpgrade(contract, or)),
    ]
}
