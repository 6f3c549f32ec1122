//! What an owner chooses at large: no emergencies, and a denial for everybody but a few.

use super::{access::has_bit, masks};
use crate::{
    ensure, governance::running, Account, Answer, Choices, Consent, Refusal, Reply, Restriction,
    World,
};
use assent_interface::consent::MAX_EXCEPTIONS;

/// A choice of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Whose.
    pub owner: Account,
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

    /// Whether `owner` denies this to everybody like `requester`.
    pub(super) fn restricts(
        &self,
        owner: &Account,
        requester: &Account,
        purpose: u8,
        category: u8,
    ) -> bool {
        let restriction = self.choices.get(owner).and_then(|c| c.restriction.as_ref());
        restriction.is_some_and(|r| {
            has_bit(r.purposes, purpose)
                && has_bit(r.categories, category)
                && !r.except.contains(requester)
        })
    }

    fn choose(&mut self, owner: Account, choice: Choice) -> Reply {
        let choices = self.choices.entry(owner).or_default();
        match &choice {
            Choice::NoEmergencies => choices.refuses_emergencies = true,
            Choice::Emergencies => choices.refuses_emergencies = false,
            Choice::Restricted(restriction) => choices.restriction = Some(restriction.clone()),
            Choice::Unrestricted => choices.restriction = None,
        }
        self.chosen.push(Chosen { owner, choice });
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
    pub fn refuse_emergencies(&mut self, caller: Account) -> Reply {
        ensure(!self.consent.refuses_emergencies(&caller), "AlreadyRefused")?;
        self.consent.choose(caller, Choice::NoEmergencies)
    }

    /// `allow_emergencies`
    pub fn allow_emergencies(&mut self, caller: Account) -> Reply {
        running(&self.consent.governance)?;
        ensure(self.consent.refuses_emergencies(&caller), "NotRefused")?;
        self.consent.choose(caller, Choice::Emergencies)
    }

    /// `restrict`
    pub fn restrict(
        &mut self,
        caller: Account,
        purposes: u32,
        categories: u32,
        except: &[Account],
    ) -> Reply {
        masks(purposes, categories)?;
        exceptions(except)?;
        ensure(self.consent.choices(&caller).restriction.is_none(), "AlreadyRestricted")?;
        let restriction = Restriction { purposes, categories, except: except.to_vec() };
        self.consent.choose(caller, Choice::Restricted(restriction))
    }

    /// `lift_restriction`
    pub fn lift_restriction(&mut self, caller: Account) -> Reply {
        running(&self.consent.governance)?;
        ensure(self.consent.choices(&caller).restriction.is_some(), "NotRestricted")?;
        self.consent.choose(caller, Choice::Unrestricted)
    }
}
