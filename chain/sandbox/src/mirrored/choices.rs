//! What the model says of what owners, or guardians for them, chose for everybody at once.

use std::collections::BTreeSet;

use assent_events::AccountId;
use assent_mirror::fold::consent::{EmergencyRefusal, Exception, Restriction};
use assent_model::{Account, Choice, Deed, Restriction as Model, World};

use super::compare::Modelled;
use super::values::big;

/// What was chosen for an owner, the first to the last.
fn chosen(world: &World, owner: AccountId) -> impl Iterator<Item = (&Deed, &Choice)> {
    let chosen = world.consent.chosen.iter().filter(move |chosen| chosen.deed.subject == owner.0);
    chosen.map(|chosen| (&chosen.deed, &chosen.choice))
}

/// The restrictions that an owner had, the first to the last, each with who made it.
fn restrictions(world: &World, owner: AccountId) -> impl Iterator<Item = (&Deed, &Model)> {
    chosen(world, owner).filter_map(|(deed, choice)| match choice {
        Choice::Restricted(restriction) => Some((deed, restriction)),
        _ => None,
    })
}

/// The last time that this was chosen for an owner.
fn last<'a>(world: &'a World, owner: AccountId, what: &Choice) -> Option<&'a Deed> {
    let deeds = chosen(world, owner).filter(|(_, choice)| *choice == what);
    deeds.last().map(|(deed, _)| deed)
}

/// The owners for whom something like this was ever chosen.
fn owners(world: &World, of: fn(&Choice) -> bool) -> BTreeSet<Account> {
    let chosen = world.consent.chosen.iter().filter(|chosen| of(&chosen.choice));
    chosen.map(|chosen| chosen.deed.subject).collect()
}

impl Modelled for Restriction {
    fn expected(&self, world: &World) -> Option<Self> {
        let (made, model) = restrictions(world, self.owner).last()?;
        let lifted = world.consent.choices(&self.owner.0).restriction.is_none();
        let lifted = last(world, self.owner, &Choice::Unrestricted).filter(|_| lifted);
        Some(Self {
            number: i64::try_from(restrictions(world, self.owner).count()).ok()?,
            purposes: model.purposes.into(),
            categories: model.categories.into(),
            restricted_at_ms: big(made.at),
            restricted_by: made.by.into(),
            lifted_at_ms: lifted.map(|deed| big(deed.at)),
            lifted_by: lifted.map(|deed| deed.by.into()),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let owners = owners(world, |choice| matches!(choice, Choice::Restricted(_)));
        owners.into_iter().map(|owner| (owner.into(),)).collect()
    }
}

impl Modelled for Exception {
    fn expected(&self, world: &World) -> Option<Self> {
        let numbered = (1..).zip(restrictions(world, self.owner));
        let (restriction, _) =
            numbered.filter(|(_, (_, model))| model.except.contains(&self.account.0)).last()?;
        Some(Self { restriction, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let owners = owners(world, |choice| matches!(choice, Choice::Restricted(_)));
        let excepted = |owner: Account| {
            let excepted = restrictions(world, owner.into()).flat_map(|(_, model)| &model.except);
            excepted.map(move |account| (owner.into(), (*account).into())).collect::<Vec<_>>()
        };
        owners.into_iter().flat_map(excepted).collect()
    }
}

impl Modelled for EmergencyRefusal {
    fn expected(&self, world: &World) -> Option<Self> {
        let refused = last(world, self.owner, &Choice::NoEmergencies)?;
        let allowed = !world.consent.choices(&self.owner.0).refuses_emergencies;
        let allowed = last(world, self.owner, &Choice::Emergencies).filter(|_| allowed);
        Some(Self {
            refused_at_ms: big(refused.at),
            allowed_at_ms: allowed.map(|deed| big(deed.at)),
            allowed_by: allowed.map(|deed| deed.by.into()),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let owners = owners(world, |choice| *choice == Choice::NoEmergencies);
        owners.into_iter().map(|owner| (owner.into(),)).collect()
    }
}
