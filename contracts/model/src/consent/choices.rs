//! What an owner chooses at large: no emergencies, and a denial for everybody but a few.

use super::{access::has_bit, masks};
use crate::{
    ensure, governance::running, power, Account, Answer, Choices, Consent, Deed, Refusal, Reply,
    Restriction, World,
};
use assent_interface::consent::MAX_EXCEPTIONS;

/// A choice of an owner, or of a guardian for him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Who made it, for whom.
    pub deed: Deed,
    /// What.
    pub choice: Choice,
}

/// What an owner may choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// He wants no emergencies.
    NoEmergencies,
    /// He wants them again.
    Emergencies,
    /// He denies everybody something, with exceptions.
    Restricted(Restriction),
    /// He no longer does.
    Unrestricted,
}

impl Consent {
    /// What `owner` chose.
    pub fn choices(&self, owner: &Account) -> Choices {
        self.choices.get(owner).cloned().unwrap_or_default()
    }

    /// Whether `owner` wants no emergencies.
    pub fn refuses_emergencies(&self, owner: &Account) -> bool {
        self.choices.get(owner).is_some_and(|choices| choices.refuses_emergencies)
    }

    /// Whether `owner` denies this to everybody like `requester`; inside, whether it was a guardian.
    pub(super) fn restricts(
        &self,
        owner: &Account,
        requester: &Account,
        purpose: u8,
        category: u8,
    ) -> Option<bool> {
        let restriction = self.choices.get(owner).and_then(|c| c.restriction.as_ref())?;
        let so = has_bit(restriction.purposes, purpose)
            && has_bit(restriction.categories, category)
            && !restriction.except.contains(requester);
        so.then_some(restriction.by_guardian)
    }

    fn choose(&mut self, deed: Deed, choice: Choice) -> Reply {
        let choices = self.choices.entry(deed.subject).or_default();
        match &choice {
            Choice::NoEmergencies => choices.refuses_emergencies = true,
            Choice::Emergencies => choices.refuses_emergencies = false,
            Choice::Restricted(restriction) => choices.restriction = Some(restriction.clone()),
            Choice::Unrestricted => choices.restriction = None,
        }
        self.chosen.push(Chosen { deed, choice });
        Ok(Answer::Nothing)
    }
}

/// Neither too many nor one of them twice.
fn exceptions(except: &[Account]) -> Result<(), Refusal> {
    ensure(except.len() <= MAX_EXCEPTIONS, "TooManyExceptions")?;
    let repeated = (1..).zip(except).any(|(next, account)| except[next..].contains(account));
    ensure(!repeated, "RepeatedException")
}

impl World {
    /// `refuse_emergencies`
    pub fn refuse_emergencies(&mut self, caller: Account, now: u64) -> Reply {
        let caller = self.by(caller)?;
        ensure(!self.consent.refuses_emergencies(&caller), "AlreadyRefused")?;
        let deed = self.participants.deed(caller, caller, power::GUARDIAN, now);
        self.consent.choose(deed, Choice::NoEmergencies)
    }

    /// `allow_emergencies`
    pub fn allow_emergencies(&mut self, caller: Account, now: u64, owner: Account) -> Reply {
        running(&self.consent.governance)?;
        let deed = self.acting_for(caller, now, owner)?;
        ensure(self.consent.refuses_emergencies(&owner), "NotRefused")?;
        self.consent.choose(deed, Choice::Emergencies)
    }

    /// `restrict`
    pub fn restrict(
        &mut self,
        caller: Account,
        now: u64,
        owner: Account,
        purposes: u32,
        categories: u32,
        except: &[Account],
    ) -> Reply {
        let deed = self.acting_for(caller, now, owner)?;
        masks(purposes, categories)?;
        exceptions(except)?;
        ensure(self.consent.choices(&owner).restriction.is_none(), "AlreadyRestricted")?;
        let (except, by_guardian) = (except.to_vec(), deed.by != owner);
        let restriction = Restriction { purposes, categories, except, by_guardian };
        self.consent.choose(deed, Choice::Restricted(restriction))
    }

    /// `lift_restriction`
    pub fn lift_restriction(&mut self, caller: Account, now: u64, owner: Account) -> Reply {
        running(&self.consent.governance)?;
        let deed = self.acting_for(caller, now, owner)?;
        let restriction = self.consent.choices(&owner).restriction;
        // The owner has the say about both kinds, a guardian about his own.
        let his = restriction.is_some_and(|r| deed.by == owner || r.by_guardian);
        ensure(his, "NotRestricted")?;
        self.consent.choose(deed, Choice::Unrestricted)
    }
}
