//! Who is likely to be allowed a message.

mod carbon;
mod market;

use crate::{
    role::{AUDITOR, DATA_OWNER, PROVIDER, REGULATOR, RESEARCHER, RESOURCE_HOLDER},
    Account, ConsentMessage, GovernedMessage, Message, ParticipantsMessage, ReportsMessage,
    RewardsMessage, TokenMessage, World, MASK_BITS,
};
use std::cmp::Ordering;

/// Those of the world's accounts that the rules let send `message`, as far as that is easily said;
/// those first that it suits best. Maybe none.
pub(super) fn callers(world: &World, now: u64, message: &Message) -> Vec<Account> {
    let fit = Fit { world, now };
    let mut callers = match message {
        Message::Participants(message) => fit.participants(message),
        Message::Consent(message) => fit.consent(message),
        Message::Rewards(message) => fit.rewards(message),
        Message::Reports(message) => fit.reports(message),
        Message::Token(message) => fit.token(message),
        Message::Carbon(message) => fit.carbon(message),
        Message::Market(message) => fit.market(message),
        Message::Governed(contract, message) => match (world.governance(*contract), message) {
            (governance, GovernedMessage::AcceptHandover) => {
                governance.handover.map(|h| h.to).into_iter().collect()
            }
            (governance, _) => vec![governance.administrator],
        },
    };
    // Contracts are parties too, but nobody can sign for them.
    callers.retain(|caller| world.setup.accounts.contains(caller));
    callers
}

struct Fit<'a> {
    world: &'a World,
    now: u64,
}

impl Fit<'_> {
    fn all(&self, fits: impl Fn(&Account) -> bool) -> Vec<Account> {
        self.world.setup.accounts.iter().copied().filter(|a| fits(a)).collect()
    }

    fn with_role(&self, roles: u16) -> Vec<Account> {
        self.all(|a| self.world.participants.has_role(a, roles))
    }

    fn participants(&self, message: &ParticipantsMessage) -> Vec<Account> {
        use ParticipantsMessage as M;
        let p = &self.world.participants;
        let administrator = p.governance.administrator;
        match message {
            M::Register(_) => self.all(|a| !p.participants.contains_key(a)),
            M::UpdateProfile(_) => self.all(|a| p.participants.contains_key(a)),
            M::Approve(account, _)
            | M::SetRoles(account, _)
            | M::Suspend(account, _)
            | M::Reinstate(account) => {
                let mut regulators = self.with_role(REGULATOR);
                regulators.sort_by_key(|r| *r != administrator);
                regulators.retain(|r| r != account);
                regulators
            }
            M::Leave => self.all(|a| p.roles(a) != 0 && *a != administrator),
        }
    }

    /// The owner, and his delegates, those first who may do this; before all, those whose delegation
    /// ends just now, because this moment is easily got wrong and seldom met.
    fn for_owner(&self, owner: Account, grantee: Account, masks: (u32, u32)) -> Vec<Account> {
        let c = &self.world.consent;
        let (mut ended, mut delegates) = (Vec::new(), Vec::new());
        for ((o, delegate), d) in &c.delegations {
            if *o != owner || d.epoch != c.epoch(&owner) {
                continue;
            }
            let exceeds = masks.0 & !d.purposes != 0 || masks.1 & !d.categories != 0;
            match self.now.cmp(&d.until) {
                Ordering::Less => delegates.push((exceeds || *delegate == grantee, *delegate)),
                Ordering::Equal => ended.push(*delegate),
                Ordering::Greater => {}
            }
        }
        delegates.sort_unstable();
        ended.push(owner);
        ended.extend(delegates.into_iter().map(|(_, delegate)| delegate));
        ended
    }

    fn of_grant(&self, number: u64, more: (u32, u32)) -> Vec<Account> {
        let Some(grant) = self.world.consent.grants.get(&number) else { return Vec::new() };
        let masks = (grant.purposes | more.0, grant.categories | more.1);
        self.for_owner(grant.owner, grant.grantee, masks)
    }

    fn requesters(&self, owner: Account, grant: Option<u64>, purpose: u8) -> Vec<Account> {
        let c = &self.world.consent;
        if let Some(grant) = grant.and_then(|number| c.grants.get(&number)) {
            return vec![grant.grantee];
        }
        let may = |purposes: u32| purpose < MASK_BITS && purposes >> purpose & 1 == 1;
        let windows = c.windows.values().rev().filter(|w| w.patient == owner);
        let granted = c.grants.values().rev().filter(|g| g.owner == owner && may(g.purposes));
        let granted = granted.filter(|g| !c.is_revoked(g) && self.now < g.until);
        let mut requesters: Vec<_> =
            windows.filter(|w| w.is_open(self.now)).map(|w| w.provider).collect();
        requesters.extend(granted.map(|g| g.grantee).take(4));
        requesters.extend(self.with_role(PROVIDER | RESEARCHER));
        requesters
    }

    fn consent(&self, message: &ConsentMessage) -> Vec<Account> {
        use ConsentMessage as M;
        let c = &self.world.consent;
        match message {
            M::Grant(t) => self.for_owner(t.owner, t.grantee, (t.purposes, t.categories)),
            M::GrantBatch(list) => list.first().map_or_else(Vec::new, |t| {
                self.for_owner(t.owner, t.grantee, (t.purposes, t.categories))
            }),
            M::Amend(grant, a) => self.of_grant(*grant, (a.purposes, a.categories)),
            M::Revoke(grant) => self.of_grant(*grant, (0, 0)),
            M::RevokeAll => self.with_role(DATA_OWNER),
            M::Deny(requester, ..) => {
                let mut owners = self.with_role(DATA_OWNER);
                owners.retain(|o| o != requester);
                owners
            }
            M::LiftDenial(requester) => {
                c.denials.keys().filter(|(_, r)| r == requester).map(|(o, _)| *o).collect()
            }
            M::SetDelegate(delegate, ..) => {
                let mut owners = self.with_role(DATA_OWNER);
                owners.retain(|o| o != delegate);
                owners
            }
            M::RemoveDelegate(delegate) => {
                c.delegations.keys().filter(|(_, d)| d == delegate).map(|(o, _)| *o).collect()
            }
            M::EraseLink(grant) => c.grants.get(grant).map(|g| g.owner).into_iter().collect(),
            M::RequestAccess(owner, grant, purpose, _) => self.requesters(*owner, *grant, *purpose),
            M::BreakGlass(patient, _) => {
                let open = |p: &Account| c.open_window(p, patient, self.now).is_some();
                let mut providers = self.with_role(PROVIDER);
                providers.retain(|p| p != patient);
                providers.sort_by_key(open);
                providers
            }
            M::CloseBreakGlass(window) => {
                let window = c.windows.get(window);
                window.map_or_else(Vec::new, |w| vec![w.provider, w.patient])
            }
            M::ReviewBreakGlass(window, _) => {
                let party = |a: &Account| {
                    c.windows.get(window).is_some_and(|w| w.provider == *a || w.patient == *a)
                };
                let mut reviewers = self.with_role(AUDITOR | REGULATOR);
                reviewers.retain(|r| !party(r));
                reviewers
            }
            M::SanctionOverdue(_) => self.all(|_| true),
        }
    }

    fn rewards(&self, message: &RewardsMessage) -> Vec<Account> {
        use RewardsMessage as M;
        let r = &self.world.rewards;
        match message {
            M::SetConsent(_) | M::SetTariff(..) | M::RefundUnused(..) => {
                vec![r.governance.administrator]
            }
            M::Fund(amount) => {
                let rewards = self.world.setup.addresses.rewards;
                let token = &self.world.token;
                self.all(|a| token.balance(a) >= *amount && token.allowance(a, &rewards) >= *amount)
            }
            M::Accrue(..) => r.consent.into_iter().collect(),
            M::Withdraw | M::WithdrawTo(_) => self.all(|a| r.statement(a).owed > 0),
        }
    }

    fn reports(&self, message: &ReportsMessage) -> Vec<Account> {
        use ReportsMessage as M;
        let owner_of = |series| self.world.reports.latest(series).map(|v| v.owner);
        match message {
            M::Anchor(new) | M::Supersede(new) => self.anchorers(owner_of(&new.series)),
            M::AnchorBatch(list) => {
                self.anchorers(list.iter().find_map(|new| owner_of(&new.series)))
            }
            M::Revoke(series, ..) => owner_of(series).into_iter().collect(),
            M::Countersign(series, sequence, _) => {
                let Some(v) = self.world.reports.version(series, *sequence) else {
                    return Vec::new();
                };
                let mut parties = vec![v.patient, v.doctor];
                parties.sort_by_key(|p| {
                    let signed = if *p == v.patient { v.patient_signed } else { v.doctor_signed };
                    (!self.world.participants.is_admitted(p), signed.is_some())
                });
                parties
            }
        }
    }

    fn anchorers(&self, owner: Option<Account>) -> Vec<Account> {
        match owner {
            Some(owner) => vec![owner],
            None => self.with_role(DATA_OWNER | PROVIDER | RESOURCE_HOLDER),
        }
    }

    fn token(&self, message: &TokenMessage) -> Vec<Account> {
        use TokenMessage as M;
        let token = &self.world.token;
        match message {
            M::SetTreasury(_) | M::Freeze(..) | M::Unfreeze(_) => {
                vec![token.governance.administrator]
            }
            M::Mint(..) | M::Burn(..) => vec![token.treasury],
            M::Transfer(_, value, _) => {
                self.all(|a| token.balance(a) >= *value && !token.is_frozen(a))
            }
            M::TransferFrom(from, _, value, _) => {
                let mut spenders = self.all(|a| a == from || token.allowance(from, a) >= *value);
                spenders.retain(|a| !token.is_frozen(a));
                // He could as well transfer.
                spenders.sort_by_key(|a| a == from);
                spenders
            }
            M::Approve(..) | M::IncreaseAllowance(..) => self.all(|a| token.balance(a) > 0),
            M::DecreaseAllowance(spender, delta) => {
                self.all(|a| token.allowance(a, spender) >= *delta)
            }
        }
    }
}
