//! What a small number stands for in a world: the lookups behind [`Intent::resolve`].

use super::{intent::Amounts, GrantPick, Intent, VersionPick, ANY, HOUR, ROLES};
use crate::{
    blake2b,
    role::{DATA_OWNER, PROVIDER, REGULATOR, RESEARCHER},
    Account, Amendment, ConsentMessage, Contract, Governance, GovernedMessage, Grant, Hash,
    NewVersion, Outcome, ParticipantsMessage, ReportsMessage, RewardsMessage, Status, Terms,
    TokenMessage, Version, World, TREATMENT, ZERO,
};

/// The number that stands for the zero account where one is looked up in the token.
const NOBODY: u8 = 9;
/// Pairs of masks; the last two are refused.
const MASKS: [(u32, u32); 7] = [
    (0b1111, 0b111_1111),
    (0b1, 0b11),
    (0b11, 0b10),
    (1 << 31, 1 << 31),
    (u32::MAX, u32::MAX),
    (0, 1),
    (1, 0),
];

impl Amounts {
    fn resolve(self) -> u128 {
        match self {
            Self::Few(amount) => amount.into(),
            Self::Max => u128::MAX,
        }
    }
}

/// The `number`th of those of `all` of which `good` holds, or of all if there are none; the last is
/// number 0. From [`ANY`] on a number is about all, whether good or not.
fn choose<T: Copy>(all: &[T], good: impl Fn(&T) -> bool, number: u8) -> Option<T> {
    let mut among: Vec<T> = all.iter().rev().copied().filter(|item| good(item)).collect();
    if among.is_empty() || number >= ANY {
        among = all.iter().rev().copied().collect();
    }
    let number = usize::from(number).checked_rem(among.len())?;
    Some(among[number])
}

/// A hash that says which.
fn named(what: &str, number: u8) -> Hash {
    blake2b(&[what.as_bytes(), &[number]].concat())
}

fn masks(number: u8) -> (u32, u32) {
    MASKS[usize::from(number) % MASKS.len()]
}

/// 0: the lowest bit of `mask`; else any index, also one too far.
fn index(mask: u32, number: u8) -> u8 {
    match number {
        0 => (0..32).find(|i| mask >> i & 1 == 1).unwrap_or(0),
        1..=4 => number - 1,
        5 => 31,
        _ => 32,
    }
}

/// Where and when it is looked up.
pub(super) struct Lookup<'a> {
    world: &'a World,
    now: u64,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(world: &'a World, now: u64) -> Self {
        Self { world, now }
    }
}

impl Lookup<'_> {
    fn account(&self, good: impl Fn(&Account) -> bool, number: u8) -> Account {
        let backwards: Vec<_> = self.world.setup.accounts.iter().rev().copied().collect();
        choose(&backwards, good, number).unwrap_or(ZERO)
    }

    fn with_role(&self, roles: u16, number: u8) -> Account {
        self.account(|a| self.world.participants.has_role(a, roles), number)
    }

    /// The roles that the prologue gives `account`, or others.
    fn roles(&self, account: &Account, number: u8) -> u16 {
        let accounts = &self.world.setup.accounts;
        let own = accounts.iter().position(|a| a == account).map_or(0, |i| ROLES[i]);
        match number {
            0 if own == 0 => DATA_OWNER,
            0 => own,
            1 => DATA_OWNER | PROVIDER,
            2 => RESEARCHER,
            3 => own | REGULATOR,
            4 => 0,
            _ => 1 << 9,
        }
    }

    pub(super) fn participants(&self, intent: &Intent) -> Option<ParticipantsMessage> {
        use ParticipantsMessage as M;
        let p = &self.world.participants;
        let status = |account: &Account| p.participants.get(account).map(|p| p.status);
        Some(match *intent {
            Intent::Register { profile } => M::Register(named("profile", profile)),
            Intent::UpdateProfile { profile } => M::UpdateProfile(named("profile", profile)),
            Intent::Approve { account, roles } => {
                let open = |a: &Account| status(a).is_some() && p.roles(a) == 0;
                let account = self.account(open, account);
                M::Approve(account, self.roles(&account, roles))
            }
            Intent::SetRoles { account, roles } => {
                let account = self.account(|a| p.roles(a) & !REGULATOR != 0, account);
                M::SetRoles(account, self.roles(&account, roles))
            }
            Intent::Suspend { account } => {
                let administrator = p.governance.administrator;
                let active = |a: &Account| status(a) == Some(Status::Active) && *a != administrator;
                let account = self.account(active, account);
                M::Suspend(account, named("reason", 0))
            }
            Intent::Reinstate { account } => {
                M::Reinstate(self.account(|a| status(a) == Some(Status::Suspended), account))
            }
            Intent::Leave => M::Leave,
            _ => return None,
        })
    }

    /// A grant by number, those first that still count.
    fn grant(&self, number: u8) -> Option<(u64, Grant)> {
        let c = &self.world.consent;
        let all: Vec<_> = c.grants.iter().map(|(n, g)| (*n, *g)).collect();
        let alive =
            |g: &Grant| !c.is_revoked(g) && self.now < g.until && g.max_uses != Some(g.uses);
        choose(&all, |(_, g)| alive(g), number)
    }

    /// Its number, or that of none.
    fn grant_number(&self, number: u8) -> u64 {
        match self.grant(number) {
            Some((grant, _)) if number < u8::MAX => grant,
            _ => self.world.consent.grants.len() as u64 + 1,
        }
    }

    /// A window, the open ones first.
    fn window(&self, number: u8) -> Option<u64> {
        let all: Vec<_> = self.world.consent.windows.iter().map(|(n, w)| (*n, *w)).collect();
        choose(&all, |(_, w)| w.is_open(self.now), number).map(|(n, _)| n)
    }

    /// A window, those first on which somebody still has to act.
    fn pending_window(&self, number: u8) -> u64 {
        let all: Vec<_> = self.world.consent.windows.iter().map(|(n, w)| (*n, *w)).collect();
        let pending = choose(&all, |(_, w)| w.outcome.is_none() && !w.sanctioned, number);
        pending.map_or(1, |(n, _)| n)
    }

    fn from(&self, number: u8) -> u64 {
        match number {
            0 => self.now.saturating_sub(HOUR),
            1 => self.now,
            2 => self.now.saturating_add(HOUR),
            _ => self.now.saturating_add(5 * HOUR),
        }
    }

    fn until(&self, number: u8, from: u64) -> u64 {
        match number {
            0 => self.now.saturating_add(72 * HOUR),
            1 => self.now.saturating_add(6 * HOUR),
            2 => self.now.saturating_add(60_000),
            3 => u64::MAX,
            4 => from,
            _ => self.now,
        }
    }

    fn terms(&self, pick: &GrantPick) -> Terms {
        let owner = self.with_role(DATA_OWNER, pick.owner);
        let may =
            |a: &Account| *a != owner && self.world.participants.has_role(a, PROVIDER | RESEARCHER);
        let (purposes, categories) = masks(pick.masks);
        let from = self.from(pick.from);
        Terms {
            owner,
            grantee: self.account(may, pick.grantee),
            purposes,
            categories,
            from,
            until: self.until(pick.until, from),
            max_uses: [None, Some(1), Some(3), Some(0)][usize::from(pick.uses.min(3))],
            record: if pick.record == 0 { ZERO } else { named("record", pick.record) },
            policy: named("policy", pick.record),
        }
    }

    pub(super) fn consent(&self, intent: &Intent) -> Option<ConsentMessage> {
        use ConsentMessage as M;
        let c = &self.world.consent;
        Some(match intent {
            Intent::Grant(pick) => M::Grant(self.terms(pick)),
            Intent::GrantBatch(picks) => {
                M::GrantBatch(picks.iter().map(|pick| self.terms(pick)).collect())
            }
            Intent::Amend { grant, new } => {
                let Terms { purposes, categories, from, until, max_uses, policy, .. } =
                    self.terms(new);
                // A limit counts from the first use, so it grows with the uses.
                let uses = self.grant(*grant).map_or(0, |(_, g)| g.uses);
                let max_uses = max_uses.map(|n| n.saturating_mul(uses.saturating_add(1)));
                let amendment = Amendment { purposes, categories, from, until, max_uses, policy };
                M::Amend(self.grant_number(*grant), amendment)
            }
            Intent::Revoke { grant } => M::Revoke(self.grant_number(*grant)),
            Intent::RevokeAll => M::RevokeAll,
            Intent::Deny { requester, masks: m } => {
                let (purposes, categories) = masks(*m);
                M::Deny(self.with_role(PROVIDER | RESEARCHER, *requester), purposes, categories)
            }
            Intent::LiftDenial { denial } => {
                let all: Vec<_> = c.denials.keys().copied().collect();
                M::LiftDenial(choose(&all, |_| true, *denial).map_or(ZERO, |(_, r)| r))
            }
            Intent::SetDelegate { delegate, masks: m, until } => {
                let (purposes, categories) = masks(*m);
                let admitted = |a: &Account| self.world.participants.is_admitted(a);
                let until = self.until(*until, self.now);
                M::SetDelegate(self.account(admitted, *delegate), purposes, categories, until)
            }
            Intent::RemoveDelegate { delegation } => {
                let all: Vec<_> = c.delegations.keys().copied().collect();
                M::RemoveDelegate(choose(&all, |_| true, *delegation).map_or(ZERO, |(_, d)| d))
            }
            Intent::EraseLink { grant } => {
                let all: Vec<_> = c.grants.iter().map(|(n, g)| (*n, g.record != ZERO)).collect();
                M::EraseLink(choose(&all, |(_, linked)| *linked, *grant).map_or(0, |(n, _)| n))
            }
            Intent::RequestAccess { grant, named, purpose, category } => {
                let Some((number, grant)) = self.grant(*grant) else {
                    let owner = self.with_role(DATA_OWNER, *grant);
                    return Some(M::RequestAccess(owner, None, TREATMENT, 0));
                };
                let purpose = index(grant.purposes, *purpose);
                let category = index(grant.categories, *category);
                M::RequestAccess(grant.owner, named.then_some(number), purpose, category)
            }
            Intent::RequestStrange { owner, grant, purpose, category } => {
                let owner = self.with_role(DATA_OWNER, *owner);
                let (purpose, category) = (index(1, *purpose), index(1, *category));
                M::RequestAccess(owner, grant.map(u64::from), purpose, category)
            }
            Intent::RequestEmergency { window, purpose } => {
                let window = self.window(*window).and_then(|n| c.windows.get(&n));
                let patient = window.map_or_else(|| self.with_role(DATA_OWNER, 0), |w| w.patient);
                M::RequestAccess(patient, None, index(1, *purpose), 1)
            }
            Intent::BreakGlass { patient } => {
                M::BreakGlass(self.with_role(DATA_OWNER, *patient), named("why", *patient))
            }
            Intent::CloseBreakGlass { window } => {
                M::CloseBreakGlass(self.window(*window).unwrap_or(1))
            }
            Intent::ReviewBreakGlass { window, justified } => {
                let outcome = if *justified { Outcome::Justified } else { Outcome::Unjustified };
                M::ReviewBreakGlass(self.pending_window(*window), outcome)
            }
            Intent::SanctionOverdue { window } => {
                // The oldest first.
                let all: Vec<_> = c.windows.iter().rev().map(|(n, w)| (*n, *w)).collect();
                let overdue = choose(
                    &all,
                    |(_, w)| w.outcome.is_none() && !w.sanctioned && w.review_by <= self.now,
                    *window,
                );
                M::SanctionOverdue(overdue.map_or(1, |(n, _)| n))
            }
            _ => return None,
        })
    }

    pub(super) fn rewards(&self, intent: &Intent) -> Option<RewardsMessage> {
        use RewardsMessage as M;
        let r = &self.world.rewards;
        let addresses = &self.world.setup.addresses;
        Some(match *intent {
            Intent::SetConsent { right } => {
                M::SetConsent(if right { addresses.consent } else { addresses.token })
            }
            Intent::SetTariff { purpose, amount } => {
                M::SetTariff(index(1, purpose), amount.resolve())
            }
            Intent::Fund { amount } => M::Fund(amount.resolve()),
            Intent::Accrue { owner, purpose, access } => {
                let next = r.last_access.saturating_add(1);
                let access = match access {
                    0 => next,
                    1 => next.saturating_add(4),
                    2 => r.last_access,
                    _ => 1,
                };
                M::Accrue(self.with_role(DATA_OWNER, owner), index(1, purpose), access)
            }
            Intent::Withdraw => M::Withdraw,
            Intent::WithdrawTo { to } => M::WithdrawTo(match to {
                0..=7 => self.account(|_| true, to),
                8 => ZERO,
                9 => addresses.rewards,
                _ => addresses.token,
            }),
            Intent::RefundUnused { funder, amount } => {
                let funder = self.account(|a| r.contribution(a) > 0, funder);
                M::RefundUnused(funder, amount.resolve())
            }
            _ => return None,
        })
    }

    fn series(&self, number: u8) -> Hash {
        named("series", number % 4)
    }

    /// A series that has versions, if there is one.
    fn started_series(&self, number: u8) -> Hash {
        let all: Vec<_> = (0..4).map(|n| self.series(n)).collect();
        let known = |s: &Hash| self.world.reports.series.contains_key(s);
        choose(&all, known, number).unwrap_or(ZERO)
    }

    /// A version of a series, those first that hold.
    fn version(&self, series: &Hash, number: u8) -> Option<Version> {
        let all = self.world.reports.series.get(series).map_or(&[][..], Vec::as_slice);
        choose(all, |v| v.revoked.is_none(), number)
    }

    /// `before` are the versions before this one in its batch.
    fn new_version(&self, series: Hash, pick: &VersionPick, before: &[NewVersion]) -> NewVersion {
        let accounts = &self.world.setup.accounts;
        let account = |number: usize| accounts[number % accounts.len()];
        let latest = self.world.reports.latest(&series).map(|v| (v.sequence, v.head));
        let in_batch = before.iter().rev().find(|v| v.series == series);
        let latest = in_batch.map(|v| (v.sequence, v.head())).or(latest);
        let (sequence, head) = latest.unwrap_or((0, ZERO));
        let byte_length = if pick.byte_length == 0 { 1_000 } else { 0 };
        let patient = usize::from(pick.patient);
        NewVersion {
            series,
            sequence: match pick.sequence {
                0 => sequence.saturating_add(1),
                1 => sequence,
                _ => sequence.saturating_add(2),
            },
            previous: match pick.previous {
                0 => head,
                1 => ZERO,
                _ => named("other", 0),
            },
            root: named("root", pick.root),
            chunks: match pick.chunks {
                0 => 4,
                1 => byte_length,
                2 => 0,
                _ => byte_length.saturating_add(1),
            },
            byte_length,
            metadata: named("metadata", pick.root),
            patient: account(patient),
            doctor: account(patient + 1 + usize::from(pick.doctor)),
        }
    }

    pub(super) fn reports(&self, intent: &Intent) -> Option<ReportsMessage> {
        use ReportsMessage as M;
        Some(match intent {
            Intent::Anchor(pick) => {
                M::Anchor(self.new_version(self.series(pick.series), pick, &[]))
            }
            Intent::AnchorBatch(picks) => {
                let mut list: Vec<NewVersion> = Vec::new();
                for pick in picks {
                    list.push(self.new_version(self.series(pick.series), pick, &list));
                }
                M::AnchorBatch(list)
            }
            Intent::Supersede(pick) => {
                // One in eight is about a series that may not have started.
                let series = if pick.root < 32 {
                    self.series(pick.series)
                } else {
                    self.started_series(pick.series)
                };
                M::Supersede(self.new_version(series, pick, &[]))
            }
            Intent::RevokeVersion { series, version } => {
                let series = self.started_series(*series);
                let sequence = self.version(&series, *version).map_or(1, |v| v.sequence);
                M::Revoke(series, sequence, named("reason", *version))
            }
            Intent::Countersign { series, version, right } => {
                let series = self.started_series(*series);
                let version = self.version(&series, *version);
                let (sequence, head) = version.map_or((1, ZERO), |v| (v.sequence, v.head));
                M::Countersign(series, sequence, if *right { head } else { named("other", 0) })
            }
            _ => return None,
        })
    }

    pub(super) fn token(&self, intent: &Intent) -> Option<TokenMessage> {
        use TokenMessage as M;
        let t = &self.world.token;
        Some(match *intent {
            Intent::SetTreasury { account: NOBODY } => M::SetTreasury(ZERO),
            Intent::SetTreasury { account: 8 } => M::SetTreasury(t.treasury),
            Intent::SetTreasury { account } => {
                M::SetTreasury(self.account(|a| *a != t.treasury, account))
            }
            Intent::Mint { to, amount, used } => {
                let amount = match (amount, t.cap) {
                    // All that there is room for, or one more.
                    (Amounts::Max, Some(cap)) => {
                        (cap - t.supply).saturating_add(u128::from(to % 2))
                    }
                    _ => amount.resolve(),
                };
                M::Mint(self.recipient(to), amount, self.receipt(used))
            }
            Intent::Burn { amount, used } => M::Burn(amount.resolve(), self.receipt(used)),
            Intent::Freeze { account } => {
                let account = match account {
                    8 | NOBODY => self.recipient(account),
                    _ => self.account(|a| !t.is_frozen(a), account),
                };
                M::Freeze(account, named("reason", 1))
            }
            Intent::Unfreeze { account } => {
                let all: Vec<_> = t.frozen.keys().copied().collect();
                let frozen = choose(&all, |_| true, account);
                M::Unfreeze(frozen.unwrap_or_else(|| self.recipient(account)))
            }
            Intent::Transfer { to, amount } => {
                let to = self.recipient(to);
                M::Transfer(to, amount.resolve(), Vec::new())
            }
            Intent::TransferFrom { from, to, amount } => {
                let from = match from {
                    NOBODY => ZERO,
                    _ => self.account(|a| t.balance(a) > 0, from),
                };
                M::TransferFrom(from, self.recipient(to), amount.resolve(), Vec::new())
            }
            Intent::ApproveSpender { spender, amount } => {
                let rewards = self.world.setup.addresses.rewards;
                let spender = if spender == 0 { rewards } else { self.recipient(spender) };
                M::Approve(spender, amount.resolve())
            }
            Intent::IncreaseAllowance { spender, amount } => {
                let rewards = self.world.setup.addresses.rewards;
                let spender = if spender == 0 { rewards } else { self.recipient(spender) };
                M::IncreaseAllowance(spender, amount.resolve())
            }
            Intent::DecreaseAllowance { allowance: NOBODY, amount } => {
                M::DecreaseAllowance(ZERO, amount.resolve())
            }
            Intent::DecreaseAllowance { allowance, amount } => {
                let all: Vec<_> = t.allowances.iter().map(|((_, s), left)| (*s, *left)).collect();
                let spender = choose(&all, |(_, left)| *left > 0, allowance);
                M::DecreaseAllowance(spender.map_or(ZERO, |(s, _)| s), amount.resolve())
            }
            _ => return None,
        })
    }

    /// A receipt that was not used before, or one that was.
    fn receipt(&self, used: bool) -> Hash {
        let receipts = &self.world.token.receipts;
        let old = receipts.first().copied().filter(|_| used);
        old.unwrap_or_else(|| blake2b(&receipts.len().to_le_bytes()))
    }

    /// An account, the rewards contract, or nobody.
    fn recipient(&self, number: u8) -> Account {
        match number {
            0..=7 => self.account(|_| true, number),
            8 => self.world.setup.addresses.rewards,
            _ => ZERO,
        }
    }

    /// `contract`, or when its government does not suit, the next one whose does, if there is one.
    fn governed_where(&self, contract: Contract, suits: impl Fn(&Governance) -> bool) -> Contract {
        let all = [
            Contract::Participants,
            Contract::Consent,
            Contract::Rewards,
            Contract::Reports,
            Contract::Token,
        ];
        let from_here = all.iter().cycle().skip_while(|c| **c != contract).take(all.len());
        let mut suiting = from_here.filter(|c| suits(self.world.governance(**c)));
        suiting.next().copied().unwrap_or(contract)
    }

    pub(super) fn governed(&self, intent: &Intent) -> (Contract, GovernedMessage) {
        use GovernedMessage as M;
        match *intent {
            Intent::Pause(contract) => (contract, M::Pause),
            Intent::Unpause(contract) => (self.governed_where(contract, |g| g.paused), M::Unpause),
            Intent::ProposeHandover(contract, to) => {
                let admitted = |a: &Account| self.world.participants.is_admitted(a);
                (contract, M::ProposeHandover(self.account(admitted, to)))
            }
            Intent::CancelHandover(contract) => {
                (self.governed_where(contract, |g| g.handover.is_some()), M::CancelHandover)
            }
            Intent::AcceptHandover(contract) => {
                let due = |g: &Governance| g.handover.is_some_and(|h| h.not_before <= self.now);
                (self.governed_where(contract, due), M::AcceptHandover)
            }
            Intent::AnnounceUpgrade(contract, known) => {
                let own = self.world.setup.codes.get(&contract).copied().filter(|_| known);
                (contract, M::AnnounceUpgrade(own.unwrap_or_else(|| named("code", 0))))
            }
            Intent::CancelUpgrade(contract) => {
                (self.governed_where(contract, |g| g.upgrade.is_some()), M::CancelUpgrade)
            }
            Intent::ApplyUpgrade(contract) => {
                let due = |g: &Governance| g.upgrade.is_some_and(|u| u.not_before <= self.now);
                (self.governed_where(contract, due), M::ApplyUpgrade)
            }
            _ => unreachable!("the other lookups have the other intents"),
        }
    }
}
