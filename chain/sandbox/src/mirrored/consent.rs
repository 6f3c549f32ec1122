//! What the model says of consent.

use assent_mirror::column::Singleton;
use assent_mirror::fold::consent::{
    Access, Bar, DelegateRevocation, Delegation, Denial, Ended, Epoch, Grant, LogHead, Outsiders,
    Sanction, Window,
};
use assent_model::{Account, Decision, LogEntry, Record, World};

use super::compare::Modelled;
use super::values::{account_if, acted, big, ms, only_if};

impl Modelled for Epoch {
    fn expected(&self, world: &World) -> Option<Self> {
        let last = world.consent.epochs.get(&self.owner.0)?;
        let began_by = acted(world, self.owner, self.began_by, self.began_at_ms);
        let known = (1..=i64::from(*last)).contains(&self.epoch);
        known.then(|| Self { began_by, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let epochs = world.consent.epochs.iter();
        epochs
            .flat_map(|(owner, last)| (1..=*last).map(|epoch| ((*owner).into(), epoch.into())))
            .collect()
    }
}

impl Modelled for Grant {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.consent.grants.get(&u64::try_from(self.id).ok()?)?;
        let amended = model.version > 1;
        Some(Self {
            id: self.id,
            owner: model.owner.into(),
            grantee: model.grantee.into(),
            purposes: model.purposes.into(),
            categories: model.categories.into(),
            valid_from_ms: model.from,
            valid_until_ms: model.until,
            max_uses: model.max_uses.map(i64::from),
            uses: model.uses.into(),
            record: match model.record {
                Record::One(record) => Some(record),
                Record::All | Record::Erased => None,
            },
            link_erased: model.record == Record::Erased,
            policy: model.policy,
            version: model.version.into(),
            epoch: model.epoch.into(),
            granted_by: model.by.into(),
            guardianship: model.guardianship.map(i64::from),
            amended_by: account_if(amended, self.amended_by),
            amended_at_ms: only_if(amended, self.amended_at_ms),
            revoked_at_ms: only_if(model.revoked, self.revoked_at_ms),
            revoked_by: account_if(model.revoked, self.revoked_by),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.consent.grants.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Denial {
    fn expected(&self, world: &World) -> Option<Self> {
        let denied = world.consent.denials(&self.owner.0, &self.requester.0);
        let model = denied.iter().find(|denial| i16::from(denial.purpose) == self.purpose);
        Some(match model {
            Some(model) => Self {
                categories: model.categories.into(),
                by_guardians: model.by_guardians.into(),
                lifted_at_ms: None,
                ..self.clone()
            },
            // The contract forgets what is lifted.
            None => Self {
                categories: 0,
                by_guardians: 0,
                lifted_at_ms: only_if(true, self.lifted_at_ms),
                ..self.clone()
            },
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let denials = world.consent.denials.iter().chain(&world.consent.guardians_denials);
        let key = |owner: &Account, requester: &Account, purpose: &u8| {
            ((*owner).into(), (*requester).into(), i16::from(*purpose))
        };
        denials
            .flat_map(|((owner, requester), denied)| {
                denied.keys().map(move |purpose| key(owner, requester, purpose))
            })
            .collect()
    }
}

impl Modelled for Delegation {
    fn expected(&self, world: &World) -> Option<Self> {
        let mark = world.consent.marks.get(&(self.owner.0, self.delegate.0));
        let revoked_up_to = mark.map(|mark| big(*mark));
        Some(match world.consent.delegations.get(&(self.owner.0, self.delegate.0)) {
            Some(model) => Self {
                owner: self.owner,
                delegate: self.delegate,
                purposes: model.purposes.into(),
                categories: model.categories.into(),
                valid_until_ms: model.until,
                epoch: model.epoch.into(),
                ended: None,
                revoked_up_to,
                at: self.at,
            },
            // The contract forgets what is taken back.
            None => Self { ended: Some(Ended::Removed), revoked_up_to, ..self.clone() },
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        pairs(world.consent.delegations.keys())
    }
}

impl Modelled for DelegateRevocation {
    fn expected(&self, world: &World) -> Option<Self> {
        // The contract keeps the latest alone, and every one was it once.
        let latest = world.consent.revoked_up_to(&self.owner.0, &self.delegate.0);
        let in_order = self.revoked_after < self.revoked_up_to && self.revoked_up_to <= big(latest);
        let revoked_by = acted(world, self.owner, self.revoked_by, self.revoked_at_ms);
        in_order.then(|| Self { revoked_by, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        // A mark at 0 says that nothing was given before.
        let marks = world.consent.marks.iter().filter(|(_, mark)| **mark > 0);
        marks
            .map(|((owner, delegate), mark)| ((*owner).into(), (*delegate).into(), big(*mark)))
            .collect()
    }
}

impl Modelled for Bar {
    fn expected(&self, world: &World) -> Option<Self> {
        Some(match world.consent.bar(&self.key.0) {
            Some(window) => {
                Self { window_id: big(window), lifted_at_ms: None, lifted_by: None, ..self.clone() }
            }
            // The contract forgets what is lifted.
            None => Self {
                lifted_at_ms: only_if(true, self.lifted_at_ms),
                lifted_by: account_if(true, self.lifted_by),
                ..self.clone()
            },
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.consent.bars.iter().map(|bar| (bar.key.into(),)).collect()
    }
}

impl Modelled for Outsiders {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.consent.refusals();
        let at_ms = big(world.consent.outsiders.last()?.at);
        Some(Self { sequence: big(model.sequence), head: model.hash, at_ms, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.consent.outsiders.last().map(|_| (Singleton,)).into_iter().collect()
    }
}

fn pairs<'a, K: From<Account>>(keys: impl Iterator<Item = &'a (Account, Account)>) -> Vec<(K, K)> {
    keys.map(|(one, other)| ((*one).into(), (*other).into())).collect()
}

/// All entries of all logs.
fn entries(world: &World) -> impl Iterator<Item = &LogEntry> {
    world.consent.logs.values().flatten()
}

impl Modelled for Window {
    fn expected(&self, world: &World) -> Option<Self> {
        let number = u64::try_from(self.id).ok()?;
        let model = world.consent.windows.get(&number)?;
        // A refusal never rests on a window.
        let uses = entries(world).filter(|entry| entry.window == Some(number)).count();
        Some(Self {
            id: self.id,
            patient: model.patient.into(),
            provider: model.provider.into(),
            opened_by: model.by.into(),
            person: model.person,
            justification: model.justification,
            opened_at_ms: big(model.opened),
            until_ms: big(model.until),
            review_by_ms: big(model.review_by),
            closed_at_ms: ms(model.closed),
            closed_by: model.closed_by.map(Into::into),
            outcome: model.outcome,
            reviewed_at_ms: ms(world.consent.reviews.get(&number).map(|review| review.at)),
            reviewed_by: world.consent.reviews.get(&number).map(|review| review.by.into()),
            uses: i64::try_from(uses).ok()?,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.consent.windows.keys().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Sanction {
    fn expected(&self, world: &World) -> Option<Self> {
        let number = u64::try_from(self.window_id).ok()?;
        let proposed = world.consent.sanctions.contains(&number);
        let model = world.consent.windows.get(&number).filter(|_| proposed)?;
        Some(Self { provider: model.provider.into(), ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.consent.sanctions.iter().map(|number| (big(*number),)).collect()
    }
}

impl Modelled for Access {
    fn expected(&self, world: &World) -> Option<Self> {
        let (owner, index) = (&self.owner.0, usize::try_from(self.sequence).ok()?.checked_sub(1)?);
        let model = world.consent.logs.get(owner)?.get(index)?;
        let heads = world.consent.heads.get(owner)?;
        let previous = index.checked_sub(1).and_then(|before| heads.get(before));
        let deny_reason = match model.decision {
            Decision::Permit => None,
            Decision::Deny(reason) => Some(reason),
        };
        Some(Self {
            access: big(model.access),
            owner: self.owner,
            requester: model.requester.into(),
            asked_by: model.by.into(),
            person: model.person,
            sequence: big(model.sequence),
            purpose: model.purpose.into(),
            category: model.category.into(),
            record: model.record,
            grant_id: model.grant.map(big),
            window_id: model.window.map(big),
            permitted: model.decision == Decision::Permit,
            deny_reason,
            at_ms: big(model.at),
            previous_head: previous.copied().unwrap_or_default(),
            content: *world.consent.contents.get(owner)?.get(index)?,
            head: *heads.get(index)?,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        entries(world).map(|entry| (big(entry.access),)).collect()
    }
}

impl Modelled for LogHead {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.consent.log_head(&self.owner.0);
        Some(Self { sequence: big(model.sequence), head: model.hash, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.consent.logs.keys().map(|owner| ((*owner).into(),)).collect()
    }
}
