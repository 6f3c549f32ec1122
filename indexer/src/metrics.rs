//! Figures for Prometheus: how far the indexer is, and what went wrong on the way.

mod audit;
mod phase;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use tokio::net::TcpListener;

use crate::store::{Audited, Stands, Written};
use audit::AuditFigures;
use phase::PhaseFigures;

pub use phase::Phase;

/// A name and what it says.
type Label = [(&'static str, &'static str); 1];

/// What went away, and made the indexer connect anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The node.
    Node,
    /// The database.
    Database,
}

impl Cause {
    fn label(self) -> Label {
        let name = match self {
            Cause::Node => "node",
            Cause::Database => "database",
        };
        [("cause", name)]
    }
}

/// The figures. Counters count from the start of the program.
pub struct Metrics {
    registry: Registry,
    finalized: Gauge,
    indexed: Gauge,
    lag_blocks: Gauge,
    lag_seconds: Gauge,
    /// The time of the last block, ms since 1970; 0: there is none.
    block_time_ms: AtomicU64,
    blocks: Counter,
    events: Counter,
    undecoded: Counter,
    foreign_undecoded: Counter,
    left_out: Counter,
    retries: Family<Label, Counter>,
    projection_block: Family<Label, Gauge>,
    projection_stopped: Family<Label, Gauge>,
    phase: PhaseFigures,
    audit: AuditFigures,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("assent_indexer"),
            finalized: Gauge::default(),
            indexed: Gauge::default(),
            lag_blocks: Gauge::default(),
            lag_seconds: Gauge::default(),
            block_time_ms: AtomicU64::new(0),
            blocks: Counter::default(),
            events: Counter::default(),
            undecoded: Counter::default(),
            foreign_undecoded: Counter::default(),
            left_out: Counter::default(),
            retries: Family::default(),
            projection_block: Family::default(),
            projection_stopped: Family::default(),
            phase: PhaseFigures::default(),
            audit: AuditFigures::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let registry = &mut self.registry;
        let gauges = [
            (
                "finalized_block",
                "Height up to which the node says that the chain is final",
                &self.finalized,
            ),
            ("indexed_block", "Height of the last block in the database", &self.indexed),
            ("lag_blocks", "Finalized blocks that are not in the database yet", &self.lag_blocks),
            ("lag_seconds", "Age of the last block in the database", &self.lag_seconds),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        let counters = [
            ("blocks_written", "Blocks written", &self.blocks),
            ("events_written", "Events written, decoded or not", &self.events),
            (
                "events_undecoded",
                "Events of the manifest's contracts written that could not be decoded",
                &self.undecoded,
            ),
            (
                "events_foreign_undecoded",
                "Events of contracts outside the manifest written that could not be decoded",
                &self.foreign_undecoded,
            ),
            (
                "events_left_out",
                "Events of contracts outside the manifest that were above the limit of their block",
                &self.left_out,
            ),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        let help = "Times that the indexer connected anew, by what went away";
        registry.register("retries", help, self.retries.clone());
        // Both are there from the start, so that the first retry is a rise.
        for cause in [Cause::Node, Cause::Database] {
            drop(self.retries.get_or_create(&cause.label()));
        }
        let help = "Last block that is folded into the rows of a projection";
        registry.register("projection_block", help, self.projection_block.clone());
        let help = "1 where a projection stands still at an event that it cannot make sense of";
        registry.register("projection_stopped", help, self.projection_stopped.clone());
        self.phase.register(registry);
        registry.register_collector(Box::new(self.audit.clone()));
    }

    /// Notes what the indexer does now.
    pub fn enter(&self, phase: Phase) {
        self.phase.enter(phase);
    }

    /// What the indexer does.
    #[must_use]
    pub fn phase(&self) -> Phase {
        self.phase.current()
    }

    /// Notes how high the chain is final.
    pub fn finalized(&self, height: u64) {
        self.finalized.set(figure(height));
    }

    /// Notes how far everything is.
    pub fn stands(&self, stands: &Stands) {
        if let Some((block, time_ms)) = stands.block {
            self.indexed.set(figure(block));
            self.block_time_ms.store(time_ms, Ordering::Relaxed);
        }
        for stand in &stands.projections {
            let label = [("projection", stand.projection.name())];
            self.projection_block.get_or_create(&label).set(figure(stand.block));
            self.projection_stopped.get_or_create(&label).set(stand.stopped.into());
        }
    }

    /// Notes what the audit in the background knows.
    pub fn audited(&self, audited: &Audited) {
        self.audit.set(audited);
    }

    /// How many finalized blocks are not in the database; `None` while nobody knows.
    pub(crate) fn behind(&self) -> Option<u64> {
        let (finalized, indexed) = (self.finalized.get(), self.indexed.get());
        let known = finalized > 0 && indexed > 0;
        known.then(|| finalized.saturating_sub(indexed).max(0).unsigned_abs())
    }

    /// Counts what was written.
    pub fn wrote(&self, blocks: usize, written: &Written) {
        self.blocks.inc_by(u64::try_from(blocks).unwrap_or(u64::MAX));
        self.events.inc_by(written.events);
        self.undecoded.inc_by(written.undecoded);
        self.foreign_undecoded.inc_by(written.foreign_undecoded);
        self.left_out.inc_by(written.left_out);
    }

    /// Counts that the indexer connects anew.
    pub fn retries(&self, cause: Cause) {
        self.retries.get_or_create(&cause.label()).inc();
    }

    /// All figures in the text format of OpenMetrics.
    ///
    /// # Errors
    ///
    /// [`std::fmt::Error`], which a text never gives.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let behind = self.finalized.get().saturating_sub(self.indexed.get());
        self.lag_blocks.set(behind.max(0));
        let block_time_ms = self.block_time_ms.load(Ordering::Relaxed);
        if block_time_ms > 0 {
            self.lag_seconds.set(figure(now_ms().saturating_sub(block_time_ms) / 1_000));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// The clock of this machine, ms since 1970.
pub(crate) fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

fn figure(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Where the figures are served: bound, but not serving yet.
pub(crate) struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds the address.
    pub(crate) async fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens, with the actual port.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves the figures at `/metrics`, and at `/readyz` whether blocks are written, for as long as it is
    /// polled.
    pub(crate) async fn run(self, metrics: Arc<Metrics>) -> io::Result<()> {
        tracing::info!("Metrics are served at http://{}/metrics", self.address);
        let router = Router::new()
            .route("/metrics", get(show))
            .route("/readyz", get(ready))
            .with_state(metrics);
        axum::serve(self.listener, router).await
    }
}

async fn show(State(metrics): State<Arc<Metrics>>) -> impl IntoResponse {
    let text = metrics.text().unwrap_or_default();
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}

/// 200 while blocks are written; else 503, with what it does instead.
async fn ready(State(metrics): State<Arc<Metrics>>) -> (StatusCode, String) {
    let phase = metrics.phase();
    let status = match phase {
        Phase::Following => StatusCode::OK,
        Phase::Connecting | Phase::Waiting => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, format!("{}: {}\n", phase.name(), phase.meaning()))
}

#[cfg(test)]
mod tests {
    use assent_mirror::fold::Projection;

    use super::*;
    use crate::store::Stand;

    fn lines(metrics: &Metrics) -> Vec<String> {
        let text = metrics.text().unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect()
    }

    #[test]
    fn the_figures_say_how_far_it_is_and_what_went_wrong() {
        let metrics = Metrics::default();
        metrics.finalized(120);
        let stand = |projection, block, stopped| Stand { projection, block, stopped };
        metrics.stands(&Stands {
            block: Some((100, 1_000)),
            projections: vec![
                stand(Projection::Consent, 100, false),
                stand(Projection::Token, 42, true),
            ],
        });
        let written =
            Written { events: 7, undecoded: 2, foreign_undecoded: 4, left_out: 3, stopped: vec![] };
        metrics.wrote(10, &written);
        metrics.wrote(5, &written);
        metrics.retries(Cause::Database);
        let lines = lines(&metrics);
        for expected in [
            "assent_indexer_finalized_block 120",
            "assent_indexer_indexed_block 100",
            "assent_indexer_lag_blocks 20",
            "assent_indexer_blocks_written_total 15",
            "assent_indexer_events_written_total 14",
            "assent_indexer_events_undecoded_total 4",
            "assent_indexer_events_foreign_undecoded_total 8",
            "assent_indexer_events_left_out_total 6",
            "assent_indexer_retries_total{cause=\"database\"} 1",
            "assent_indexer_retries_total{cause=\"node\"} 0",
            "assent_indexer_projection_block{projection=\"consent\"} 100",
            "assent_indexer_projection_block{projection=\"token\"} 42",
            "assent_indexer_projection_stopped{projection=\"consent\"} 0",
            "assent_indexer_projection_stopped{projection=\"token\"} 1",
        ] {
            assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:#?}");
        }
        // The block is of 1970.
        let lag = lines.iter().find_map(|line| line.strip_prefix("assent_indexer_lag_seconds "));
        assert!(lag.unwrap().parse::<u64>().unwrap() > 1_700_000_000, "{lag:?}");
    }

    #[test]
    fn a_mirror_that_is_ahead_of_what_the_node_says_lags_by_nothing() {
        let metrics = Metrics::default();
        metrics.stands(&Stands { block: Some((100, 1_000)), projections: vec![] });
        assert!(lines(&metrics).contains(&"assent_indexer_lag_blocks 0".to_owned()));
    }
}
