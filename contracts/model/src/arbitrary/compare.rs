//! Random steps on the model and on the rules of a contract, side by side.

use super::{config, steps, Mix, Sent, Step, START, START_BLOCK};
use crate::{Account, Contract, Message, Observation, Reply, World};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use std::{cell::Cell, collections::BTreeMap, thread};

/// After a step every view is asked whose answer the step changed, and one of this many others.
const STRIDE: usize = 8;
/// Steps that one test plays at least, when nobody asks for fewer cases.
const ENOUGH: usize = 40_000;
/// What a shell answers a key that was replaced; with the last two words carbon does, when the key is an
/// operator's.
const REPLACED: [&str; 4] = ["Replaced", "NotAuthorized", "NotApproved", "InsufficientEscrow"];
/// How many threads share the cases of a test, on every machine: each has random numbers of its own.
const THREADS: u32 = 2;

/// What the model knows when the subject's turn comes.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The model before the message.
    pub before: &'a World,
    /// The model after it.
    pub after: &'a World,
    /// What it answered.
    pub reply: &'a Reply,
    /// Who acts by the key that sends the message; that key itself, if it was replaced.
    pub caller: Account,
    /// The key that sends the message.
    pub key: Account,
    /// When.
    pub now: u64,
    /// The number of the block in which he does.
    pub block: u32,
}

/// The rules of a contract, as its shell uses them.
pub trait Subject {
    /// Sends a message to the contract; its answer as [`crate::Answer::encode`] gives it, or the
    /// name of its error. The answers of other contracts are those of the model.
    ///
    /// # Errors
    ///
    /// When an event is not what the model says.
    fn send(
        &mut self,
        moment: Moment,
        message: &Message,
    ) -> Result<Result<Vec<u8>, String>, TestCaseError>;

    /// What the contract shows, SCALE-encoded, to a call with these arguments of the view that has
    /// this label; `None` if the test leaves it to others. Other contracts answer as in `world`.
    fn view(&self, world: &World, now: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>>;
}

/// Plays random steps of `mix` on a model and on a subject that starts as the model does, and asks
/// after every step whether both answer the same and whether the invariants hold. Whether both show
/// the same is asked too: after a step of what it changed and of some of the rest, and at the end,
/// which is right after the fault when the steps have shrunk, of everything.
///
/// `test` is given a closure that plays one sequence, to call it in an environment that starts
/// empty. `start` makes the subject and the model, both fresh, and the messages to begin with.
///
/// # Panics
///
/// When they disagree, with the shortest sequence of steps that was found.
pub fn agree<S: Subject>(
    contract: Contract,
    mix: Mix,
    start: impl Fn() -> (S, World, Vec<Sent>) + Sync,
    test: impl Fn(&mut dyn FnMut()) + Sync,
) {
    let config = config();
    let enough = config.cases >= 256;
    let shares = thread::scope(|scope| {
        let (start, test) = (&start, &test);
        let share = |n: u32| {
            let cases = config.cases.div_ceil(THREADS);
            let rng_seed = match config.rng_seed {
                RngSeed::Fixed(seed) => RngSeed::Fixed(seed.wrapping_add(n.into())),
                RngSeed::Random => RngSeed::Random,
            };
            let config = Config { cases, rng_seed, ..config.clone() };
            scope.spawn(move || play(contract, mix, config, start, test))
        };
        let threads: Vec<_> = (0..THREADS).map(share).collect();
        threads.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    let (mut played, mut succeeded) = (0, 0);
    for share in shares {
        match share {
            Ok(Ok((steps, good))) => (played, succeeded) = (played + steps, succeeded + good),
            Ok(Err(disagreement)) => panic!("{disagreement}"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    println!("{succeeded} of {played} steps succeeded");
    assert!(!enough || played >= ENOUGH, "only {played} steps");
    assert!(!enough || succeeded * 5 > played * 2, "only {succeeded} succeeded");
}

/// One thread's share: how many steps it played, and how many of them succeeded; or how they disagree.
fn play<S: Subject>(
    contract: Contract,
    mix: Mix,
    config: Config,
    start: &impl Fn() -> (S, World, Vec<Sent>),
    test: &impl Fn(&mut dyn FnMut()),
) -> Result<(usize, usize), String> {
    let (played, succeeded) = (Cell::new(0), Cell::new(0));
    let failed = TestRunner::new(config).run(&steps(mix), |steps| {
        let mut outcome = Ok(());
        test(&mut || {
            let (subject, world, prologue) = start();
            let (now, block, shown, steps_so_far) = (START, START_BLOCK, BTreeMap::new(), 0);
            let mut pair = Pair { contract, subject, world, now, block, shown, steps_so_far };
            outcome = prologue.iter().try_for_each(|(now, caller, message)| {
                pair.now = *now;
                let succeeds = pair.send(*caller, message)?;
                if succeeds {
                    Ok(())
                } else {
                    Err(TestCaseError::fail("the prologue is refused"))
                }
            });
            pair.now = START;
            for step in &steps {
                if outcome.is_err() {
                    break;
                }
                pair.now += step.wait(&pair.world, pair.now);
                pair.block += step.blocks();
                let (caller, message) = step.resolve(&pair.world, pair.now);
                played.set(played.get() + 1_usize);
                outcome = pair.send(caller, &message).map(|succeeds| {
                    succeeded.set(succeeded.get() + usize::from(succeeds));
                });
            }
            if outcome.is_ok() {
                outcome = pair.compare(1);
            }
        });
        outcome
    });
    match failed {
        Ok(()) => Ok((played.get(), succeeded.get())),
        Err(TestError::Fail(reason, steps)) => {
            let mut told = String::new();
            test(&mut || {
                let (_, world, prologue) = start();
                told = story(world, &prologue, &steps);
            });
            Err(format!("{reason}\nafter the prologue and {} steps:{told}", steps.len()))
        }
        Err(TestError::Abort(reason)) => Err(format!("aborted: {reason}")),
    }
}

/// The steps, each with the message that it is and what the model answers.
fn story(mut world: World, prologue: &[Sent], steps: &[Step]) -> String {
    let (mut now, mut block) = (START, START_BLOCK);
    for (now, caller, message) in prologue {
        world.apply(*caller, *now, block, message).ok();
    }
    let tell = |step: &Step| {
        now += step.wait(&world, now);
        block += step.blocks();
        let (caller, message) = step.resolve(&world, now);
        let reply = world.apply(caller, now, block, &message);
        format!("\n    {step:?}\n        at {now}, account {}: {message:?}: {reply:?}", caller[0])
    };
    steps.iter().map(tell).collect()
}

struct Pair<S> {
    contract: Contract,
    subject: S,
    world: World,
    now: u64,
    block: u32,
    /// The views that the model answered after the step before, by call data.
    shown: BTreeMap<Vec<u8>, Vec<u8>>,
    steps_so_far: usize,
}

impl<S: Subject> Pair<S> {
    /// Whether the message succeeded.
    fn send(&mut self, caller: Account, message: &Message) -> Result<bool, TestCaseError> {
        let before = self.world.clone();
        let (now, block) = (self.now, self.block);
        let reply = self.world.apply(caller, now, block, message);
        let fail = |what: String| {
            let text = format!("{what}\nat {now}, account {}: {message:?}", caller[0]);
            Err(TestCaseError::fail(text))
        };
        if reply.is_err() && self.world != before {
            return fail("a refusal changed the model".into());
        }
        if let Err(broken) = self.world.check_invariants() {
            return fail(broken);
        }
        if message.to() != self.contract {
            return Ok(reply.is_ok());
        }

        let (before, after, reply_is) = (&before, &self.world, &reply);
        let (acting, key) = (before.participants.identity(&caller), caller);
        // The shells know whose key was replaced, and ask no rule then.
        let known = if self.contract == Contract::Carbon { &REPLACED[..] } else { &REPLACED[..2] };
        if acting.is_none() && reply.as_ref().is_err_and(|refusal| known.contains(refusal)) {
            return Ok(false);
        }
        let caller = acting.unwrap_or(key);
        let moment = Moment { before, after, reply: reply_is, caller, key, now, block };
        let sent = match self.subject.send(moment, message) {
            Ok(sent) => sent,
            Err(event) => return fail(format!("{event}")),
        };
        let expected =
            reply.as_ref().map(|answer| answer.encode()).map_err(|refusal| refusal.to_string());
        if sent != expected {
            return fail(format!("contract {sent:?}, model {reply:?}"));
        }
        let succeeds = reply.is_ok();
        self.steps_so_far += 1;
        match self.compare(STRIDE) {
            Ok(()) => Ok(succeeds),
            Err(error) => fail(format!("{error}")),
        }
    }

    /// Compares the views whose answer has changed, and one of `stride` others.
    fn compare(&mut self, stride: usize) -> Result<(), TestCaseError> {
        let observations = self.world.observations(self.contract, self.now);
        for (number, observation) in observations.into_iter().enumerate() {
            let Observation { label, input, output, .. } = observation;
            let changed = self.shown.get(&input) != Some(&output);
            if !changed && (number + self.steps_so_far) % stride != 0 {
                continue;
            }
            if let Some(shown) = self.subject.view(&self.world, self.now, label, &input[4..]) {
                if shown != output {
                    let arguments = &input[4..];
                    let text = format!("{label}({arguments:?}): {shown:?}, model {output:?}");
                    return Err(TestCaseError::fail(text));
                }
            }
            self.shown.insert(input, output);
        }
        Ok(())
    }
}
