//! How often one may ask: a limit for each address, and one for each caller, as layers of tower. Each says on every
//! answer what it allows and what is left: draft-ietf-httpapi-ratelimit-headers-10.

mod address;
mod store;

use std::{
    convert::Infallible,
    future::Future,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    num::NonZeroU32,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use assent_client::Account;
use axum::{
    extract::{ConnectInfo, Request},
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{IntoResponse as _, Response},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
};
use tower::{Layer, Service};

pub use self::address::{NoProxy, Proxies};
use self::store::Bounded;
use crate::{
    error::AuthError,
    secret::SecretHash,
    shown::{Credentials, Shown},
};

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// After so many requests, those are forgotten whose limits are whole again.
const TIDY_EVERY: u32 = 1_024;

/// How many requests are allowed in which time. All of them may come at once; then they come back one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    window: Duration,
    quota: Quota,
}

/// No limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rate limit allows at least one request, in at least a second")]
pub struct NoPolicy;

impl Policy {
    /// So many requests in so many seconds.
    ///
    /// # Errors
    /// [`NoPolicy`] if one of them is zero.
    pub fn new(requests: u32, seconds: u32) -> Result<Self, NoPolicy> {
        let requests = NonZeroU32::new(requests).ok_or(NoPolicy)?;
        let window = Duration::from_secs(seconds.into());
        // The time after which one more is allowed: below a nanosecond for thousands of millions a second.
        let interval = (window / requests.get()).max(Duration::from_nanos(u64::from(seconds > 0)));
        let quota = Quota::with_period(interval).ok_or(NoPolicy)?.allow_burst(requests);
        Ok(Self { window, quota })
    }
}

/// Whose requests are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Who {
    /// An address of IPv4, or the network of one of IPv6: a host has that to itself.
    Address(IpAddr),
    Account(Account),
    /// A key by its secret, since whoever knows its name could use up its limit.
    Key(SecretHash),
}

type Limiter = RateLimiter<Who, Bounded, DefaultClock, StateInformationMiddleware>;

#[derive(Debug)]
struct Shared {
    name: &'static str,
    policy: Policy,
    /// `None`: by caller.
    proxies: Option<Proxies>,
    limiter: Limiter,
    checked: AtomicU32,
}

/// Limits how often one may ask. What is counted is this process's: so many processes, so many times as much.
#[derive(Debug, Clone)]
pub struct RateLimit(Arc<Shared>);

impl RateLimit {
    /// By address, for all requests: put it before all else. The address is that of [`ConnectInfo`], or what a proxy
    /// among `proxies` says; without either, all requests are counted together.
    #[must_use]
    pub fn by_address(policy: Policy, proxies: Proxies) -> Self {
        Self::new("address", policy, Some(proxies))
    }

    /// By API key, or by the account that signed in: put it after [`crate::identify`]. It comes before the database is
    /// asked, so a key that was made up has a limit, too. Who is anonymous is counted by address only.
    #[must_use]
    pub fn by_caller(policy: Policy) -> Self {
        Self::new("caller", policy, None)
    }

    fn new(name: &'static str, policy: Policy, proxies: Option<Proxies>) -> Self {
        let limiter = RateLimiter::new(policy.quota, Bounded::default(), DefaultClock::default());
        let checked = AtomicU32::new(0);
        Self(Arc::new(Shared { name, policy, proxies, limiter, checked }))
    }
}

impl Shared {
    fn who(&self, request: &Request) -> Option<Who> {
        match &self.proxies {
            Some(proxies) => {
                let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
                let peer = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| peer.ip());
                let client = proxies.client(peer, request.headers());
                Some(Who::Address(address::network(client)))
            }
            None => match &request.extensions().get::<Shown>()?.0 {
                Credentials::Nothing => None,
                Credentials::Token { account, .. } => Some(Who::Account(*account)),
                Credentials::Key { secret_hash, .. } => Some(Who::Key(*secret_hash)),
            },
        }
    }

    /// Requests that are left after this one; `Err`: how long to wait.
    fn check(&self, who: &Who) -> Result<u32, Duration> {
        if self.checked.fetch_add(1, Ordering::Relaxed) % TIDY_EVERY == TIDY_EVERY - 1 {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(who) {
            Ok(state) => Ok(state.remaining_burst_capacity()),
            Err(until) => Err(until.wait_time_from(self.limiter.clock().now())),
        }
    }

    /// Says what is allowed and what is left. Another layer's line stays: a list may stand on several.
    fn tell(&self, headers: &mut HeaderMap, remaining: u32) {
        let Policy { window, quota } = self.policy;
        let (name, requests) = (self.name, quota.burst_size().get());
        let whole_in = quota.replenish_interval() * requests.saturating_sub(remaining);
        let policy = format!("\"{name}\";q={requests};w={}", window.as_secs());
        let limit = format!("\"{name}\";r={remaining};t={}", seconds(whole_in));
        for (header, text) in [(POLICY, policy), (LIMIT, limit)] {
            // Digits, letters and signs.
            if let Ok(value) = HeaderValue::try_from(text) {
                headers.append(header, value);
            }
        }
    }
}

/// Whole seconds, rather too many than too few.
fn seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

impl<S> Layer<S> for RateLimit {
    type Service = Limited<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Limited { shared: Arc::clone(&self.0), inner }
    }
}

/// A service behind a [`RateLimit`].
#[derive(Debug, Clone)]
pub struct Limited<S> {
    shared: Arc<Shared>,
    inner: S,
}

impl<S> Service<Request> for Limited<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Some(who) = self.shared.who(&request) else {
            return Box::pin(self.inner.call(request));
        };
        let shared = Arc::clone(&self.shared);
        match shared.check(&who) {
            Ok(remaining) => {
                let answer = self.inner.call(request);
                Box::pin(async move {
                    let mut response = answer.await?;
                    shared.tell(response.headers_mut(), remaining);
                    Ok(response)
                })
            }
            Err(wait) => Box::pin(async move {
                let wait = Duration::from_secs(seconds(wait).max(1));
                let mut response = AuthError::TooMany(wait).into_response();
                shared.tell(response.headers_mut(), 0);
                Ok(response)
            }),
        }
    }
}
