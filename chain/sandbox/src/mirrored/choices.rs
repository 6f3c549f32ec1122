//! What the model says of what owners chose for everybody at once.

use std::collections::BTreeSet;

use assent_events::AccountId;
use assent_mirror::fold::consent::{EmergencyRefusal, Exception, Restriction};
use assent_model::{Account, Choice, Restriction as Model, World};

use super::compare::Modelled;
use super::values::only_if;

/// The restrictions that an owner had, the first to the last.
fn restrictions(world: &World, owner: AccountId) -> impl Iterator<Item = &Model> {
    let chosen = world.consent.chosen.iter().filter(move |chosen| chosen.owner == owner.0);
    chosen.filter_map(|chosen| match &chosen.choice {
        Choice::Restricted(restriction) => Some(restriction),
        _ => None,
    })
}

/// The owners who ever chose something like this.
fn owners(world: &World, of: fn(&Choice) -> bool) -> BTreeSet<Account> {
    let chosen = world.consent.chosen.iter().filter(|chosen| of(&chosen.choice));
    chosen.map(|chosen| chosen.owner).collect()
}

impl Modelled for Restriction {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = restrictions(world, self.owner).last()?;
        let lifted = world.consent.choices(&self.owner.0).restriction.is_none();
        Some(Self {
            number: i64::try_from(restrictions(world, self.owner).count()).ok()?,
            purposes: model.purposes.into(),
            categories: model.categories.into(),
            lifted_at_ms: only_if(lifted, self.lifted_at_ms),
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
            numbered.filter(|(_, model)| model.except.contains(&self.account.0)).last()?;
        Some(Self { restriction, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let owners = owners(world, |choice| matches!(choice, Choice::Restricted(_)));
        let excepted = |owner: Account| {
            let excepted = restrictions(world, owner.into()).flat_map(|model| &model.except);
            excepted.map(move |account| (owner.into(), (*account).into())).collect::<Vec<_>>()
        };
        owners.into_iter().flat_map(excepted).collect()
    }
}

impl Modelled for EmergencyRefusal {
    fn expected(&self, world: &World) -> Option<Self> {
        let allowed = !world.consent.choices(&self.owner.0).refuses_emergencies;
        let ever = owners(world, |choice| *choice == Choice::NoEmergencies);
        ever.contains(&self.owner.0)
            .then(|| Self { allowed_at_ms: only_if(allowed, self.allowed_at_ms), ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let owners = owners(world, |choice| *choice == Choice::NoEmergencies);
        owners.into_iter().map(|owner| (owner.into(),)).collect()
    }
}
