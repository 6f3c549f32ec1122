//! Worlds by chance, the same for the same seed.

use std::collections::BTreeSet;

use super::world::{Standing, World, role};
use crate::support::{hex32, ss58};

/// Who may be a participant.
pub const PEOPLE: [u8; 9] = [1, 2, 3, 4, 5, 6, 7, 8, 9];
/// Keys that may have replaced another.
const KEYS: [u8; 4] = [10, 11, 12, 13];
/// Who stands in rows, and reads.
pub const EVERYBODY: [u8; 13] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13];
/// Of the regulator who appoints guardians, and who reads nothing.
const APPOINTED_BY: u8 = 20;
/// Rows of a kind at most.
const ROWS: i64 = 8;

/// Numbers by xorshift64*: even enough, and no two runs differ.
pub struct Random(u64);

impl Random {
    pub fn of(seed: u64) -> Self {
        // Close seeds begin far from each other, and none at 0.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.draw() >> 33).unwrap() % bound
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// So many different ones.
    pub fn some<T: Clone>(&mut self, from: &[T], count: usize) -> Vec<T> {
        let mut left = from.to_vec();
        let mut chosen = Vec::new();
        while chosen.len() < count && !left.is_empty() {
            chosen.push(left.swap_remove(self.below(left.len())));
        }
        chosen
    }

    fn anybody(&mut self) -> u8 {
        self.pick(&EVERYBODY)
    }

    fn anybody_but(&mut self, n: u8) -> u8 {
        loop {
            let other = self.anybody();
            if other != n {
                return other;
            }
        }
    }

    fn two(&mut self) -> (u8, u8) {
        let one = self.anybody();
        (one, self.anybody_but(one))
    }

    /// Pairs of which no two are the same.
    fn pairs(&mut self) -> BTreeSet<(u8, u8)> {
        (0..ROWS).map(|_| self.two()).collect()
    }
}

/// The world of a seed.
pub fn world(seed: u64) -> World {
    let mut random = Random::of(seed);
    let mut world = World::default();
    people(&mut random, &mut world);
    health(&mut random, &mut world);
    accounts(&mut random, &mut world);
    absent(&mut world);
    world
}

fn people(random: &mut Random, world: &mut World) {
    let mut keys = KEYS.to_vec();
    for n in PEOPLE {
        if random.one_in(6) {
            continue;
        }
        let overseer = random.pick(&[role::AUDITOR, role::REGULATOR]);
        let office = if random.one_in(5) { overseer } else { 0 };
        let both = role::DATA_OWNER | role::PROVIDER;
        let roles = random.pick(&[
            0,
            role::DATA_OWNER,
            role::DATA_OWNER,
            role::DATA_OWNER,
            role::PROVIDER,
            role::PROVIDER,
            both,
            role::RESEARCHER,
            role::RESOURCE_HOLDER,
            role::EMITTER,
            role::EMITTER | role::PROVIDER,
        ]) | office;
        // All that it holds, a part of it, or what it does not hold.
        let suspended =
            random.pick(&[roles, role::PROVIDER, role::AUDITOR | role::REGULATOR, 0xfffe]);
        let suspended = if random.one_in(4) { suspended & !role::DATA_OWNER } else { 0 };
        let replaced = if random.one_in(3) { 1 + random.below(2) } else { 0 };
        let his = keys.split_off(keys.len().saturating_sub(replaced));
        world.participant(n, roles, suspended, &his);
    }
    let mut given = BTreeSet::new();
    for _ in 0..16 {
        let (subject, agent) = (random.pick(&PEOPLE), random.anybody());
        let appointed_by = random.one_in(2).then_some(APPOINTED_BY);
        let standing =
            random.pick(&[Standing::Counts, Standing::Counts, Standing::Expired, Standing::Ended]);
        if subject != agent && given.insert((subject, agent)) {
            world.mandate(subject, agent, appointed_by, standing);
        }
    }
}

fn health(random: &mut Random, world: &mut World) {
    for n in EVERYBODY {
        if random.one_in(2) {
            world.succession(n, random.anybody_but(n));
        }
        if random.one_in(3) {
            world.bar(n);
        }
        if random.one_in(3) {
            world.refusal(n);
        }
        if random.one_in(3) {
            world.restriction(n);
        }
    }
    for id in 1..=ROWS {
        let (owner, other) = random.two();
        world.grant(id, owner, other, random.anybody());
        let (patient, provider) = random.two();
        world.window(id, patient, provider, random.anybody_but(patient));
        world.sanction(id, random.anybody());
        world.access(id, random.anybody(), random.anybody(), random.anybody());
        let (owner, requester) = random.two();
        world.proposal(id, owner, requester, random.anybody());
        let (owner, requester) = random.two();
        world.erasure(id, owner, requester, random.anybody_but(requester));
        world.check(random.anybody(), random.anybody());
        world.reading(id, random.anybody(), random.anybody(), random.anybody());
    }
    for (owner, requester) in random.pairs() {
        for purpose in 0..2 {
            if random.one_in(2) {
                world.denial(owner, requester, purpose);
            }
        }
    }
    for (owner, delegate) in random.pairs() {
        world.delegation(owner, delegate);
    }
    reports(random, world);
}

/// Series of one version or two, about different patients or nobody, and audits of them; two owners may have given
/// theirs the same name.
fn reports(random: &mut Random, world: &mut World) {
    let series: BTreeSet<(u8, u8)> =
        (0..5).map(|_| (random.anybody(), random.pick(&[0x50, 0x51]))).collect();
    for (owner, series) in &series {
        for sequence in 1..=random.pick(&[1, 2]) {
            let (patient, doctor) = random.two();
            let patient = (!random.one_in(4)).then_some(patient);
            world.report(*owner, *series, sequence, patient, doctor);
        }
    }
    let series: Vec<_> = series.into_iter().collect();
    for id in 1..=ROWS {
        let (owner, series) = random.pick(&series);
        world.audit(id, owner, series, random.anybody_but(owner));
    }
}

fn accounts(random: &mut Random, world: &mut World) {
    for n in EVERYBODY {
        if random.one_in(2) {
            world.rewards(n);
        }
        if random.one_in(2) {
            world.budget(n);
        }
        if random.one_in(2) {
            world.token_balance(n);
        }
        if random.one_in(2) {
            world.token_receipt(0x80 + n, random.anybody());
        }
        if random.one_in(2) {
            world.freeze(n, !random.one_in(3));
        }
        if random.one_in(2) {
            world.duty(1, n, random.one_in(2));
        }
        if random.one_in(2) {
            world.emissions(1, n, 1, random.anybody_but(n));
        }
        if random.one_in(2) {
            world.rating(n);
        }
        if random.one_in(3) {
            world.carbon_balance(1, n);
            world.carbon_balance(2, n);
        }
    }
    for id in 1..=ROWS {
        world.budget_movement(random.anybody(), random.anybody());
        let sponsor = random.anybody();
        let sponsor = random.one_in(2).then_some(sponsor);
        world.accrual(id, random.anybody(), random.anybody(), sponsor);
        world.unfunded(id, random.anybody(), random.anybody());
        world.withdrawal(random.anybody(), random.anybody());
        world.surrender(random.anybody());
    }
    for (owner, operator) in random.pairs() {
        world.operator(owner, operator, 1);
    }
}

/// Paths of which some name what there is, and the others nothing.
fn absent(world: &mut World) {
    for n in EVERYBODY.map(ss58) {
        for route in [
            "participants",
            "successions",
            "patient-choices",
            "rewards",
            "rewards/budgets",
            "token/balances",
            "carbon/ratings",
        ] {
            world.maybe_nothing(format!("/v1/{route}/{n}"));
        }
        world.maybe_nothing(format!("/v1/access-log/{n}/head"));
        world.maybe_nothing(format!("/v1/reports/{n}/{}", hex32(0x50)));
    }
    for id in 1..=ROWS + 4 {
        for route in ["consents", "emergency-windows", "proposals", "erasures", "audits"] {
            world.maybe_nothing(format!("/v1/{route}/{id}"));
        }
    }
    for receipt in 0x80..0x90 {
        world.maybe_nothing(format!("/v1/token/receipts/{}", hex32(receipt)));
    }
}
