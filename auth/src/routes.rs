//! The routes of signing in, for a service to nest under its version.

mod body;

use assent_client::Account;
use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use self::body::Body;
use crate::{
    Auth,
    error::{AuthError, Problem},
    moment::Moment,
    secret::SessionId,
    session::{Challenge, Tokens},
    signature::{Scheme, WalletSignature},
};

/// Bytes of a body at most: none that counts has half as many.
const MAX_BODY: usize = 1_024;

/// `POST /sign-in/nonce`, `/sign-in`, `/sign-in/refresh` and `/sign-out`, with their description. They look at no
/// header `Authorization`: put them outside of [`crate::identify`], so that an old token in it refuses nothing, and
/// inside a rate limit by address.
pub fn router(auth: Auth) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(create_nonce))
        .routes(routes!(sign_in))
        .routes(routes!(refresh))
        .routes(routes!(sign_out))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(auth)
}

/// Who wants to sign in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NonceRequest {
    /// Whose key will sign: SS58 with prefix 42, or 0x and 64 hexadecimal digits.
    address: Account,
}

/// What to sign.
#[derive(Debug, Serialize, ToSchema)]
pub struct NonceAnswer {
    /// Makes the message count once; it stands in it.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    nonce: String,
    /// The text to be signed, to the letter.
    message: String,
    /// From when on it counts no longer, ms since 1970.
    expires_at_ms: Moment,
}

/// A message that was signed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Whose key signed.
    address: Account,
    /// What came with the message that was signed.
    nonce: String,
    /// How the key signs.
    scheme: Scheme,
    /// 0x and the digits of the signature, with the scheme's number before it or without; of the text as it is, or
    /// wrapped in `<Bytes>…</Bytes>`.
    #[schema(pattern = "^0x[0-9a-fA-F]{128,132}$")]
    signature: String,
}

/// A refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The last one that was given.
    #[schema(value_type = String)]
    refresh_token: SecretString,
}

/// What to end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOutRequest {
    /// The last one that was given.
    #[schema(value_type = String)]
    refresh_token: SecretString,
    /// Whether all sessions of the account end.
    #[serde(default)]
    everywhere: bool,
}

/// A session's tokens.
#[derive(Serialize, ToSchema)]
pub struct TokensAnswer {
    /// Whose key signed in.
    account: Account,
    /// In which session.
    session: SessionId,
    /// For the header `Authorization`: `Bearer` and this.
    #[serde(serialize_with = "expose")]
    #[schema(value_type = String)]
    access_token: SecretString,
    /// `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// From when on the access token counts no longer, ms since 1970.
    access_expires_at_ms: Moment,
    /// Gets new tokens from /sign-in/refresh, once.
    #[serde(serialize_with = "expose")]
    #[schema(value_type = String)]
    refresh_token: SecretString,
    /// From when on it counts no longer, ms since 1970.
    refresh_expires_at_ms: Moment,
}

/// The one place where secrets leave.
fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl IntoResponse for TokensAnswer {
    fn into_response(self) -> Response {
        unstored(Json(self))
    }
}

/// An answer that nobody keeps on the way.
fn unstored(answer: impl IntoResponse) -> Response {
    ([(header::CACHE_CONTROL, "no-store")], answer).into_response()
}

impl From<Tokens> for TokensAnswer {
    fn from(tokens: Tokens) -> Self {
        Self {
            account: tokens.account,
            session: tokens.session,
            access_token: tokens.access_token,
            token_type: "Bearer",
            access_expires_at_ms: tokens.access_expires_at,
            refresh_token: tokens.refresh_token,
            refresh_expires_at_ms: tokens.refresh_expires_at,
        }
    }
}

/// What any of the routes may answer.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "a description")]
enum Refusals {
    /// The body is not what the route takes.
    #[response(status = 400, content_type = "application/problem+json")]
    Body(#[to_schema] Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// Too many requests.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] Problem),
    /// The database does not answer.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] Problem),
}

/// Hands out a nonce, in the message that is to be signed.
#[utoipa::path(
    post,
    path = "/sign-in/nonce",
    tag = "sign-in",
    request_body = NonceRequest,
    responses(
        (status = 200, description = "What to sign", body = NonceAnswer),
        Refusals,
    )
)]
pub async fn create_nonce(
    State(auth): State<Auth>,
    Body(NonceRequest { address }): Body<NonceRequest>,
) -> Result<Response, AuthError> {
    let Challenge { nonce, message, expires_at } = auth.challenge(address)?;
    Ok(unstored(Json(NonceAnswer { nonce, message, expires_at_ms: expires_at })))
}

/// Begins a session for whoever signed the message.
#[utoipa::path(
    post,
    path = "/sign-in",
    tag = "sign-in",
    request_body = SignInRequest,
    responses(
        (status = 200, description = "The session's tokens", body = TokensAnswer),
        (status = 401, description = "The nonce or the signature does not count",
            body = Problem, content_type = "application/problem+json"),
        Refusals,
    )
)]
pub async fn sign_in(
    State(auth): State<Auth>,
    Body(SignInRequest { address, nonce, scheme, signature }): Body<SignInRequest>,
) -> Result<TokensAnswer, AuthError> {
    let signature = WalletSignature::read(scheme, &signature)?;
    Ok(auth.sign_in(address, &nonce, &signature).await?.into())
}

/// New tokens for a refresh token, which counts no longer then. One that was used before ends its session.
#[utoipa::path(
    post,
    path = "/sign-in/refresh",
    tag = "sign-in",
    request_body = RefreshRequest,
    responses(
        (status = 200, description = "The session's new tokens", body = TokensAnswer),
        (status = 401, description = "The refresh token does not count", body = Problem,
            content_type = "application/problem+json"),
        Refusals,
    )
)]
pub async fn refresh(
    State(auth): State<Auth>,
    Body(RefreshRequest { refresh_token }): Body<RefreshRequest>,
) -> Result<TokensAnswer, AuthError> {
    Ok(auth.refresh(&refresh_token).await?.into())
}

/// Ends the session of a refresh token, or all sessions of its account, with all their tokens.
#[utoipa::path(
    post,
    path = "/sign-out",
    tag = "sign-in",
    request_body = SignOutRequest,
    responses(
        (status = 204, description = "What the token was of has ended, if it had not before"),
        Refusals,
    )
)]
pub async fn sign_out(
    State(auth): State<Auth>,
    Body(SignOutRequest { refresh_token, everywhere }): Body<SignOutRequest>,
) -> Result<Response, AuthError> {
    auth.sign_out(&refresh_token, everywhere).await?;
    Ok(unstored(StatusCode::NO_CONTENT))
}
