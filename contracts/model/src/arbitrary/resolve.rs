//! What a small number stands for in a world: the lookups behind [`Intent::resolve`].

mod carbon;
mod compliance;
mod consent;
mod market;
mod reports;

pub(super) use compliance::missing;

use super::{intent::Amounts, Intent, ANY, ROLES};
use crate::{
    blake2b,
    role::{DATA_OWNER, EMITTER, PROVIDER, REGULATOR, RESEARCHER},
    Account, Contract, Governance, GovernedMessage, Hash, ParticipantsMessage, RewardsMessage,
    Status, TokenMessage, World, ZERO,
};

/// The number that stands for the zero account where one is looked up in the token.
const NOBODY: u8 = 9;

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
            1 => DATA_OWNER | PROVIDER | EMITTER,
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
            // The greatest amount that the fund has room for, were there no debts.
            Intent::Fund { amount: Amounts::Max } => M::Fund(u128::MAX - r.totals.unspent),
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

    /// An account, a contract, or nobody.
    fn recipient(&self, number: u8) -> Account {
        match number {
            0..=7 => self.account(|_| true, number),
            8 => self.world.setup.addresses.rewards,
            10 => self.world.setup.addresses.carbon,
            11 => self.world.setup.addresses.market,
            _ => ZERO,
        }
    }

    /// `contract`, or when its government does not suit, the next one whose does, if there is one.
    fn governed_where(&self, contract: Contract, suits: impl Fn(&Governance) -> bool) -> Contract {
        let from_here =
            Contract::ALL.iter().cycle().skip_while(|c| **c != contract).take(Contract::ALL.len());
        let mut suiting = from_here.filter(|c| suits(self.world.governance(**c)));
        suiting.next().copied().unwrap_or(contract)
    }

    pub(super) fn governed(&self, intent: &Intent) -> (Contract, GovernedMessage) {
        use GovernedMessage as M;
        let propose = |to| {
            let admitted = |a: &Account| self.world.participants.is_admitted(a);
            M::ProposeHandover(self.account(admitted, to))
        };
        let announce = |contract, known: bool| {
            let own = self.world.setup.codes.get(&contract).copied().filter(|_| known);
            M::AnnounceUpgrade(own.unwrap_or_else(|| named("code", 0)))
        };
        match *intent {
            Intent::Pause(contract) => (contract, M::Pause),
            Intent::Unpause(contract) => (self.governed_where(contract, |g| g.paused), M::Unpause),
            Intent::ProposeHandover(contract, to) => (contract, propose(to)),
            Intent::CancelHandover(contract) => {
                (self.governed_where(contract, |g| g.handover.is_some()), M::CancelHandover)
            }
            Intent::AcceptHandover(contract, to) => {
                let none = self.world.governance(contract).handover.is_none();
                let instead = to.filter(|_| none).map(propose);
                (contract, instead.unwrap_or(M::AcceptHandover))
            }
            Intent::AnnounceUpgrade(contract, known) => (contract, announce(contract, known)),
            Intent::CancelUpgrade(contract) => {
                (self.governed_where(contract, |g| g.upgrade.is_some()), M::CancelUpgrade)
            }
            Intent::ApplyUpgrade(contract, or_announce) => {
                let none = self.world.governance(contract).upgrade.is_none();
                let instead = or_announce && none;
                (contract, if instead { announce(contract, true) } else { M::ApplyUpgrade })
            }
            _ => unreachable!("the other lookups have the other intents"),
        }
    }
}
