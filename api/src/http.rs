//! The routes, and what holds for all of them: time limit, panics, unknown routes, logging.

use std::time::Duration;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing,
};
use tower_http::{catch_panic::CatchPanicLayer, trace::TraceLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    error::{ApiError, Passing},
    metrics,
    openapi::ApiDoc,
    parameters::contract,
    state::AppState,
};

pub mod access_log;
pub mod audits;
pub mod carbon;
pub mod consents;
pub mod delegations;
pub mod denials;
pub mod emergency_bars;
pub mod emergency_windows;
pub mod erasures;
pub mod events;
pub mod governance;
pub mod health;
pub mod mandates;
pub mod market;
pub mod participants;
pub mod patient_choices;
pub mod proposals;
pub mod reports;
pub mod rewards;
pub mod sanctions;
pub mod status;
pub mod successions;
pub mod token;

/// Longest time a request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// The routes that the document describes, with their description.
pub fn documented() -> OpenApiRouter<AppState> {
    let v1 = OpenApiRouter::new()
        .merge(participants::router())
        .merge(mandates::router())
        .merge(successions::router())
        .merge(consents::router())
        .merge(denials::router())
        .merge(patient_choices::router())
        .merge(delegations::router())
        .merge(emergency_windows::router())
        .merge(emergency_bars::router())
        .merge(sanctions::router())
        .merge(access_log::router())
        .merge(proposals::router())
        .merge(erasures::router())
        .merge(reports::router())
        .merge(audits::router())
        .merge(rewards::router())
        .merge(token::router())
        .merge(carbon::router())
        .merge(market::router())
        .merge(governance::router())
        .merge(events::router())
        .merge(status::router());
    OpenApiRouter::with_openapi(ApiDoc::openapi()).merge(health::router()).nest("/v1", v1)
}

/// Every route of the service.
pub fn router(state: AppState) -> Router {
    let (documented, mut document) = documented().split_for_parts();
    contract::list_in(&mut document, &state);
    Router::new()
        .route("/", routing::get(|| async { Redirect::temporary("/docs") }))
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .merge(documented)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .fallback(|| async { ApiError::NoRoute })
        .layer(middleware::map_response(name_missing_page))
        .layer(middleware::from_fn(ask_twice))
        .layer(middleware::from_fn(limit_time))
        .layer(CatchPanicLayer::custom(ApiError::from_panic))
        // Failures are logged once, with their cause, in `error`.
        .layer(TraceLayer::new_for_http().on_failure(()))
        .layer(middleware::from_fn_with_state(state.clone(), metrics::observe))
        .with_state(state)
}

/// Swagger UI answers an unknown page of its own with an empty 404; errors here have one shape.
async fn name_missing_page(response: Response) -> Response {
    let is_bare = !response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() == StatusCode::NOT_FOUND && is_bare {
        return ApiError::NoRoute.into_response();
    }
    response
}

/// Asks once more if the first answer was that the mirror is just being changed.
async fn ask_twice(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // No route takes a body.
    let again = Request::from_parts(parts.clone(), Body::empty());
    let response = next.clone().run(Request::from_parts(parts, body)).await;
    match response.extensions().get::<Passing>() {
        None => response,
        Some(Passing) => next.run(again).await,
    }
}

async fn limit_time(request: Request, next: Next) -> Response {
    within(REQUEST_TIMEOUT, next.run(request)).await
}

/// The answer, or a problem if it takes longer than `limit`.
async fn within(limit: Duration, answer: impl Future<Output = Response>) -> Response {
    tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| ApiError::Timeout.into_response())
}

#[cfg(test)]
mod tests {
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_does_not_show_its_text() {
        async fn handler() -> &'static str {
            panic!("secret");
        }
        let response = Router::new()
            .route("/", routing::get(handler))
            .layer(CatchPanicLayer::custom(ApiError::from_panic))
            .oneshot(Request::get("/").body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8(body.to_vec()).unwrap().contains("secret"));
    }

    #[tokio::test]
    async fn an_answer_that_hangs_is_cut_off() {
        let response = within(Duration::from_millis(10), std::future::pending()).await;
        assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    }
}
