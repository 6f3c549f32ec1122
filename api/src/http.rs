//! The routes, and what holds for all of them: time limit, panics, unknown routes, logging.

use std::time::Duration;

use assent_auth::{Auth, RateLimit, Shown, identify};
use axum::{
    Router,
    body::Body,
    extract::{FromRef, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing,
};
use tower_http::{catch_panic::CatchPanicLayer, cors::CorsLayer, trace::TraceLayer};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::SwaggerUi;

use crate::{
    error::{ApiError, Passing},
    identity::Rates,
    metrics,
    openapi::{self, ApiDoc},
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
pub mod reads;
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
        .merge(reads::router())
        .merge(events::router())
        .merge(status::router());
    OpenApiRouter::with_openapi(ApiDoc::openapi()).merge(health::router()).nest("/v1", v1)
}

/// Every route of the service.
pub fn router(state: AppState, rates: Rates, origins: Vec<HeaderValue>) -> Router {
    let auth = Auth::from_ref(&state);
    let (documented, mut document) = documented().split_for_parts();
    contract::list_in(&mut document, &state);
    let (sign_in, of_sign_in) =
        OpenApiRouter::new().nest("/v1", assent_auth::router(auth.clone())).split_for_parts();
    let sign_in = sign_in.layer(RateLimit::by_address(rates.sign_in, rates.proxies.clone()));
    document.merge(of_sign_in);
    let (files, of_files) =
        OpenApiRouter::new().nest("/v1", reports::verify::file_router()).split_for_parts();
    document.merge(of_files);
    openapi::secure(&mut document);
    let of_callers = documented
        .layer(middleware::from_fn(ask_twice))
        .layer(middleware::from_fn(limit_time))
        // A file may be long: whoever takes it limits the time itself.
        .merge(files)
        .layer(middleware::from_fn(keep_private))
        // A made-up key has its limit too, before the database is asked for it.
        .layer(RateLimit::by_caller(rates.caller))
        .layer(middleware::from_fn_with_state(auth, identify))
        .with_state(state.clone());
    Router::new()
        .route("/", routing::get(|| async { Redirect::temporary("/docs") }))
        .merge(SwaggerUi::new("/docs").url("/openapi.json", document))
        .merge(sign_in.layer(middleware::from_fn(limit_time)))
        .merge(of_callers)
        .method_not_allowed_fallback(|| async { ApiError::MethodNotAllowed })
        .fallback(|| async { ApiError::NoRoute })
        .layer(middleware::map_response(name_missing_page))
        .layer(RateLimit::by_address(rates.address, rates.proxies))
        .layer(cross_origin(origins))
        .layer(CatchPanicLayer::custom(ApiError::from_panic))
        // Failures are logged once, with their cause, in `error`.
        .layer(TraceLayer::new_for_http().on_failure(()))
        .layer(middleware::from_fn_with_state(state, metrics::observe))
}

/// Lets pages of these origins ask from a browser. Nothing is sent along by the browser on its own: who asks shows a
/// token.
fn cross_origin(origins: Vec<HeaderValue>) -> CorsLayer {
    let shown = ["ratelimit", "ratelimit-policy", "retry-after"].map(HeaderName::from_static);
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers(shown)
        .max_age(Duration::from_secs(600))
}

/// Swagger UI answers an unknown page of its own with an empty 404; errors here have one shape.
async fn name_missing_page(response: Response) -> Response {
    let is_bare = !response.headers().contains_key(header::CONTENT_TYPE);
    if response.status() == StatusCode::NOT_FOUND && is_bare {
        return ApiError::NoRoute.into_response();
    }
    response
}

/// What was answered to somebody in particular is for nobody else to keep.
async fn keep_private(request: Request, next: Next) -> Response {
    let is_for_somebody =
        request.extensions().get::<Shown>().is_some_and(|shown| !shown.is_nothing());
    let mut response = next.run(request).await;
    if is_for_somebody {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Asks once more if the first answer was that the mirror is just being changed.
async fn ask_twice(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    // None of these routes takes a body.
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
