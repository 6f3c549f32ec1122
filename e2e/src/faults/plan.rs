//! What is done in a run, and when: all of it follows from the seed.

use super::journal::Kind;
use assent_model::arbitrary::{self, Mix, Step};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

/// Messages that are sent together, so that some of them share a block.
pub type Burst = Vec<Step>;

/// A fault and the traffic around it.
#[derive(Debug, Clone)]
pub struct Episode {
    /// Messages before it, each burst waited for.
    pub before: Vec<Burst>,
    /// Messages that are on their way when it comes.
    pub meanwhile: Burst,
    /// How long after these it comes, ms.
    pub after_ms: u64,
    /// What happens.
    pub kind: Kind,
    /// What of several it happens to: a table, a contract, an error.
    pub pick: usize,
    /// Messages while it lasts, where it lasts.
    pub during: Vec<Burst>,
}

/// A run: one episode after the other.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What follows on each other.
    pub episodes: Vec<Episode>,
    /// Messages after the last one.
    pub after: Vec<Burst>,
}

impl Plan {
    /// The plan of a seed, with so many faults: each kind once, in an order by chance, and then any.
    /// With fewer than there are kinds some are missing. Slow ones come on top, each once, if wanted.
    pub fn of(seed: u64, faults: usize, slow: bool) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
        let mut runner = TestRunner::new_with_rng(Config::default(), random);
        let kinds = Just(Kind::ALL.to_vec()).prop_shuffle();
        let more = vec(select(Kind::ALL.to_vec()), faults.saturating_sub(Kind::ALL.len()));
        let kinds = (kinds, more).prop_map(move |(mut kinds, more)| {
            kinds.extend(more);
            kinds.truncate(faults);
            kinds
        });
        let mut kinds = drawn(&kinds, &mut runner);
        for kind in Kind::SLOW.iter().filter(|_| slow) {
            let place = drawn(&(0..=kinds.len()), &mut runner);
            kinds.insert(place, *kind);
        }
        let episodes = kinds.into_iter().map(|kind| drawn(&episode(kind), &mut runner)).collect();
        Self { episodes, after: drawn(&bursts(3), &mut runner) }
    }
}

fn drawn<T>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    // Nothing here is filtered, so nothing is rejected.
    strategy.new_tree(runner).expect("the strategy rejects nothing").current()
}

fn episode(kind: Kind) -> impl Strategy<Value = Episode> {
    let parts = (bursts(3), burst(), 0..60_u64, any::<u16>(), bursts(4));
    parts.prop_map(move |(before, meanwhile, after_ms, pick, during)| Episode {
        before,
        meanwhile,
        after_ms,
        kind,
        pick: pick.into(),
        during,
    })
}

fn bursts(most: usize) -> impl Strategy<Value = Vec<Burst>> {
    vec(burst(), 0..=most)
}

/// Of everything that contracts take, as the random walk of the sandbox sends it.
fn burst() -> impl Strategy<Value = Burst> {
    vec(arbitrary::step(Mix::ALL), 1..=6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_follows_from_its_seed_and_has_every_kind_of_fault() {
        let told = |seed| format!("{:?}", Plan::of(seed, 16, false));
        assert_eq!(told(1), told(1));
        assert_ne!(told(1), told(2));
        let plan = Plan::of(3, 16, true);
        assert_eq!(plan.episodes.len(), 16 + Kind::SLOW.len());
        for kind in Kind::ALL.iter().chain(Kind::SLOW) {
            assert!(plan.episodes.iter().any(|episode| episode.kind == *kind), "{kind:?}");
        }
        assert_eq!(Plan::of(3, 2, false).episodes.len(), 2);
    }
}
