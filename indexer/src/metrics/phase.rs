//! What the indexer does: whether blocks are written, and what keeps it from that.

use std::sync::atomic::{AtomicUsize, Ordering};

use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::Label;

/// What the indexer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It connects to the node and the database, and prepares what is there.
    Connecting,
    /// It waits until another indexer ends that writes to the database.
    Waiting,
    /// It writes what the chain finalizes.
    Following,
}

impl Phase {
    const ALL: [Self; 3] = [Self::Connecting, Self::Waiting, Self::Following];

    /// In one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Phase::Connecting => "connecting",
            Phase::Waiting => "waiting",
            Phase::Following => "following",
        }
    }

    /// In a sentence.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Phase::Connecting => "the node and the database are connected to, or are away",
            Phase::Waiting => "another indexer writes to this database, and is waited for",
            Phase::Following => "what the chain finalizes is written",
        }
    }

    fn label(self) -> Label {
        [("phase", self.name())]
    }
}

/// What it does, as figures: 1 of the phase that it is in, and 0 of the others.
#[derive(Default)]
pub(super) struct PhaseFigures {
    /// Its place among all.
    current: AtomicUsize,
    figures: Family<Label, Gauge>,
}

impl PhaseFigures {
    /// Shows them; it begins by connecting.
    pub(super) fn register(&self, registry: &mut Registry) {
        let help = "1 where the indexer is in this phase";
        registry.register("phase", help, self.figures.clone());
        self.enter(Phase::Connecting);
    }

    /// It does this from here on.
    pub(super) fn enter(&self, phase: Phase) {
        for (place, one) in Phase::ALL.into_iter().enumerate() {
            if one == phase {
                self.current.store(place, Ordering::Relaxed);
            }
            self.figures.get_or_create(&one.label()).set((one == phase).into());
        }
    }

    /// What it does.
    pub(super) fn current(&self) -> Phase {
        let place = self.current.load(Ordering::Relaxed);
        Phase::ALL.get(place).copied().unwrap_or(Phase::Connecting)
    }
}
