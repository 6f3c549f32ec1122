//! What the model says of rewards: who paid in, what it was spent on, and who was paid.

use std::collections::BTreeSet;

use assent_events::AccountId;
use assent_mirror::column::Singleton;
use assent_mirror::fold::rewards::{
    Accrual, Budget, BudgetMovement, BudgetMovementKind, Missed, Pot, PotMovement, PotMovementKind,
    Statement, Tariff, Totals, Withdrawal,
};
use assent_model::{Accrual as Answer, Accrued, Flow, World};

use super::compare::{Listed, Modelled};
use super::values::big;

/// The accruals that earned something, with what.
fn earned(world: &World) -> impl Iterator<Item = (&Accrued, u128)> {
    world.rewards.accruals.iter().filter_map(|accrued| match accrued.accrual {
        Answer::Earned(amount) => Some((accrued, amount)),
        _ => None,
    })
}

/// What these flows come to.
fn sum(world: &World, amount: impl Fn(&Flow) -> Option<u128>) -> u128 {
    world.rewards.flows.iter().filter_map(amount).sum()
}

fn purpose(of: i16) -> Option<u8> {
    u8::try_from(of).ok()
}

impl Modelled for Tariff {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.rewards.tariffs.get(&purpose(self.purpose)?)?;
        Some(Self {
            purpose: self.purpose,
            amount: model.value.amount,
            required: model.value.required,
            next_amount: model.next.map(|next| next.value.amount),
            next_required: model.next.map(|next| next.value.required),
            next_from_ms: model.next.map(|next| next.from),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.rewards.tariffs.keys().map(|purpose| (i16::from(*purpose),)).collect()
    }
}

impl Modelled for Statement {
    fn expected(&self, world: &World) -> Option<Self> {
        let account = self.account.0;
        let model = world.rewards.statements.get(&account)?;
        let accrued = earned(world).filter(|(accrued, _)| accrued.owner == account);
        let accrued: u128 = accrued.map(|(_, amount)| amount).sum();
        let returned = sum(world, |flow| match flow {
            Flow::SponsorSet { previous: Some(previous), returned, .. } => {
                (*previous == account).then_some(*returned)
            }
            _ => None,
        });
        Some(Self {
            account: self.account,
            owed: model.owed,
            accrued: accrued.into(),
            returned: returned.into(),
            paid: model.paid.into(),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        // The model may have one of whom nothing was ever owed.
        let statements = world.rewards.statements.iter();
        statements
            .filter(|(_, statement)| statement.owed + statement.paid > 0)
            .map(|(account, _)| ((*account).into(),))
            .collect()
    }
}

impl Modelled for Budget {
    fn expected(&self, world: &World) -> Option<Self> {
        let requester = self.requester.0;
        let balance = *world.rewards.budgets.get(&requester)?;
        let funded = sum(world, |flow| match flow {
            Flow::Funded { requester: of, amount, .. } => (*of == requester).then_some(*amount),
            _ => None,
        });
        let withdrawn = sum(world, |flow| match flow {
            Flow::BudgetWithdrawn { requester: of, amount } => {
                (*of == requester).then_some(*amount)
            }
            _ => None,
        });
        let own = |accrued: &Accrued| accrued.requester == requester && accrued.sponsor.is_none();
        let spent = earned(world).filter(|(accrued, _)| own(accrued));
        let spent: u128 = spent.map(|(_, amount)| amount).sum();
        Some(Self {
            requester: self.requester,
            balance,
            funded: funded.into(),
            spent: spent.into(),
            withdrawn: withdrawn.into(),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.rewards.budgets.keys().map(|requester| ((*requester).into(),)).collect()
    }
}

/// The flows of a purpose's pot, from that on which gave it to its sponsor.
fn of_pot(world: &World, purpose: u8) -> impl Iterator<Item = &Flow> {
    let flows = &world.rewards.flows;
    let begins =
        |flow: &Flow| matches!(flow, Flow::SponsorSet { purpose: of, .. } if *of == purpose);
    let first = flows.iter().rposition(begins).unwrap_or(flows.len());
    flows[first..].iter()
}

impl Modelled for Pot {
    fn expected(&self, world: &World) -> Option<Self> {
        let purpose = purpose(self.purpose)?;
        let model = world.rewards.pots.get(&purpose);
        let (mut sponsored, mut spent, mut withdrawn) = (0_u128, 0_u128, 0_u128);
        for flow in of_pot(world, purpose) {
            match flow {
                Flow::Sponsored { purpose: of, amount, .. } if *of == purpose => {
                    sponsored += amount;
                }
                Flow::PotWithdrawn { purpose: of, amount, .. } if *of == purpose => {
                    withdrawn += amount;
                }
                Flow::Accrued(place) => {
                    let accrued = world.rewards.accruals.get(*place)?;
                    if let (Answer::Earned(amount), true, Some(_)) =
                        (accrued.accrual, accrued.purpose == purpose, accrued.sponsor)
                    {
                        spent += amount;
                    }
                }
                _ => {}
            }
        }
        let given =
            |flow: &&Flow| matches!(flow, Flow::SponsorSet { purpose: of, .. } if *of == purpose);
        let sponsorships = world.rewards.flows.iter().filter(given).count();
        Some(Self {
            purpose: self.purpose,
            sponsorship: i64::try_from(sponsorships).ok()?,
            sponsor: model.map(|pot| pot.sponsor.into()),
            balance: model.map_or(0, |pot| pot.balance),
            cap: model.map_or(0, |pot| pot.cap),
            sponsored: sponsored.into(),
            spent: spent.into(),
            withdrawn: withdrawn.into(),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let given = world.rewards.flows.iter().filter_map(|flow| match flow {
            Flow::SponsorSet { purpose, .. } => Some(i16::from(*purpose)),
            _ => None,
        });
        given.collect::<BTreeSet<_>>().into_iter().map(|purpose| (purpose,)).collect()
    }
}

/// The accrual of an access, if it is one of these.
fn accrual_of(access: i64, world: &World, of: fn(Answer) -> bool) -> Option<&Accrued> {
    let mut accruals = world.rewards.accruals.iter();
    accruals.find(|accrued| big(accrued.access) == access && of(accrued.accrual))
}

/// The accesses whose accruals are these.
fn accesses(world: &World, of: fn(Answer) -> bool) -> Vec<(i64,)> {
    let accruals = world.rewards.accruals.iter().filter(|accrued| of(accrued.accrual));
    accruals.map(|accrued| (big(accrued.access),)).collect()
}

const EARNED: fn(Answer) -> bool = |answer| matches!(answer, Answer::Earned(_));
const MISSED: fn(Answer) -> bool = |answer| matches!(answer, Answer::Unfunded | Answer::Declined);

impl Modelled for Accrual {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = accrual_of(self.access, world, EARNED)?;
        Some(Self {
            access: self.access,
            owner: model.owner.into(),
            requester: model.requester.into(),
            purpose: model.purpose.into(),
            amount: model.known.tariff.amount,
            sponsor: model.sponsor.map(AccountId),
            // The model does not number them.
            sponsorship: model.sponsor.and(Some(self.sponsorship.unwrap_or_default())),
            at_ms: big(model.at),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        accesses(world, EARNED)
    }
}

impl Modelled for Missed {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = accrual_of(self.access, world, MISSED)?;
        Some(Self {
            access: self.access,
            owner: model.owner.into(),
            requester: model.requester.into(),
            purpose: model.purpose.into(),
            amount: model.known.tariff.amount,
            required: model.accrual == Answer::Declined,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        accesses(world, MISSED)
    }
}

impl Modelled for Totals {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = &world.rewards;
        let returned = sum(world, |flow| match flow {
            Flow::SponsorSet { returned, .. } => Some(*returned),
            _ => None,
        });
        Some(Self {
            singleton: Singleton,
            consent: model.consent.map(AccountId),
            budgets: model.totals.budgets,
            pots: model.totals.pots,
            owed: model.totals.owed,
            accrued: earned(world).map(|(_, amount)| amount).sum::<u128>().into(),
            returned: returned.into(),
            paid: model.totals.paid.into(),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.rewards.consent.map(|_| (Singleton,)).into_iter().collect()
    }
}

impl Listed for BudgetMovement {
    type Model = Self;

    fn models(world: &World) -> Vec<Self> {
        let at = assent_mirror::Position { block_number: 0, event_index: 0 };
        let movement = |flow: &Flow| match *flow {
            Flow::Funded { requester, from, amount } => {
                let kind = BudgetMovementKind::Funded;
                Some(Self { requester: requester.into(), kind, account: from.into(), amount, at })
            }
            Flow::BudgetWithdrawn { requester, amount } => {
                let (kind, requester) = (BudgetMovementKind::Withdrawn, requester.into());
                Some(Self { requester, kind, account: requester, amount, at })
            }
            _ => None,
        };
        world.rewards.flows.iter().filter_map(movement).collect()
    }

    fn expected(&self, model: &Self) -> Self {
        Self { at: self.at, ..model.clone() }
    }
}

impl Listed for PotMovement {
    type Model = Self;

    fn models(world: &World) -> Vec<Self> {
        let movement = |purpose: u8, kind, sponsor: [u8; 32], amount, cap| Self {
            purpose: purpose.into(),
            sponsorship: 0,
            kind,
            sponsor: sponsor.into(),
            amount,
            cap,
            at: assent_mirror::Position { block_number: 0, event_index: 0 },
        };
        let moved = |flow: &Flow| match *flow {
            Flow::Sponsored { purpose, sponsor, amount, cap } => {
                Some(movement(purpose, PotMovementKind::Sponsored, sponsor, amount, Some(cap)))
            }
            Flow::PotWithdrawn { purpose, sponsor, amount } => {
                Some(movement(purpose, PotMovementKind::Withdrawn, sponsor, amount, None))
            }
            Flow::SponsorSet { purpose, previous: Some(previous), returned, .. } => {
                Some(movement(purpose, PotMovementKind::Returned, previous, returned, None))
            }
            _ => None,
        };
        world.rewards.flows.iter().filter_map(moved).collect()
    }

    fn expected(&self, model: &Self) -> Self {
        // The model does not number the sponsors.
        Self { sponsorship: self.sponsorship, at: self.at, ..model.clone() }
    }
}

impl Listed for Withdrawal {
    type Model = (AccountId, AccountId, u128);

    fn models(world: &World) -> Vec<Self::Model> {
        let withdrawn = |flow: &Flow| match *flow {
            Flow::Withdrawn { account, to, amount } => Some((account.into(), to.into(), amount)),
            _ => None,
        };
        world.rewards.flows.iter().filter_map(withdrawn).collect()
    }

    fn expected(&self, (owner, paid_to, amount): &Self::Model) -> Self {
        Self { owner: *owner, paid_to: *paid_to, amount: *amount, at: self.at }
    }
}
