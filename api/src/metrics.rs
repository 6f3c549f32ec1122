//! Figures for Prometheus: what is asked, how long an answer takes, what is refused and why, and how old the
//! mirror is.

use std::time::Instant;

use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::header::CONTENT_TYPE,
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::text::encode,
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};

use crate::{error::Refusal, state::AppState};

/// Names and what they say.
type Labels<const N: usize> = [(&'static str, String); N];

/// The figures, from the start of the program on.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Labels<2>, Counter>,
    seconds: Family<Labels<1>, Histogram>,
    refusals: Family<Labels<1>, Counter>,
    connections: Family<Labels<1>, Gauge>,
    block_age: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        // From half a millisecond to eight seconds.
        let histogram = || Histogram::new(exponential_buckets(0.000_5, 2.0, 15));
        let mut registry = Registry::with_prefix("assent_api");
        let requests = Family::default();
        let help = "Requests that were answered, by route and status";
        registry.register("requests", help, requests.clone());
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let help = "How long answers took, by route";
        registry.register_with_unit("request_duration", help, Unit::Seconds, seconds.clone());
        let refusals = Family::default();
        let help = "Requests that got no answer, by the reason";
        registry.register("refusals", help, refusals.clone());
        let connections = Family::default();
        let help = "Connections to the database, without that of the watch";
        registry.register("connections", help, connections.clone());
        let block_age = Gauge::default();
        let help = "Age of the last block in the mirror; -1: it is not known";
        registry.register_with_unit("block_age", help, Unit::Seconds, block_age.clone());
        Self { registry, requests, seconds, refusals, connections, block_age }
    }
}

impl Metrics {
    fn answered(&self, route: &str, began: Instant, response: &Response) {
        let route = || ("route", route.to_owned());
        let status = ("status", response.status().as_str().to_owned());
        self.requests.get_or_create(&[route(), status]).inc();
        self.seconds.get_or_create(&[route()]).observe(began.elapsed().as_secs_f64());
        if let Some(Refusal(reason)) = response.extensions().get() {
            self.refusals.get_or_create(&[("reason", (*reason).to_owned())]).inc();
        }
    }

    async fn text(&self, state: &AppState) -> Result<String, std::fmt::Error> {
        let (all, idle) = state.connections();
        for (is, count) in [("idle", idle), ("busy", all.saturating_sub(idle))] {
            let label = [("state", is.to_owned())];
            self.connections.get_or_create(&label).set(count.into());
        }
        self.block_age.set(state.block_age().await.unwrap_or(-1));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Notes each answer.
pub(crate) async fn observe(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    // What is no route of ours has one name, or whoever asks for much could name much.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    state.metrics().answered(route, began, &response);
    response
}

/// Serves the figures at `/metrics`.
pub(crate) fn router(state: AppState) -> Router {
    Router::new().route("/metrics", get(show)).with_state(state)
}

async fn show(State(state): State<AppState>) -> impl IntoResponse {
    let text = state.metrics().text(&state).await.unwrap_or_default();
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text)
}
