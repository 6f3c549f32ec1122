//! The JSON-RPC server: the SDK's methods, behind a check of who asks.
//!
//! The SDK's own server only tells a browser not to show its answers to a page, and for a WebSocket a
//! browser does not even ask: any page could open one to this machine and sign as //Alice. Whatever
//! comes from a page has the header `Origin`, which a page cannot leave out; programs do not send it.
//! The SDK takes no middleware for its server, so that one is [`closed`], and its methods are served here
//! by the same library.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    time::Duration,
};

use http::{
    HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, ORIGIN},
};
use jsonrpsee::{
    Methods,
    server::{
        HttpBody, HttpRequest, HttpResponse, PingConfig, RandomStringIdProvider, Server,
        ServerHandle,
        middleware::http::{HostFilterLayer, ProxyGetRequestLayer},
    },
};
use polkadot_sdk::*;
use sc_rpc_api::DenyUnsafe;
use sc_service::{
    RpcHandlers,
    config::{RpcEndpoint, RpcMethods},
    error::Error as ServiceError,
};
use tower_http::{
    cors::{AllowOrigin, CorsLayer},
    validate_request::ValidateRequestHeaderLayer,
};

const MEGABYTE: u32 = 1024 * 1024;

/// An address that is listened on already, but where nothing is answered yet.
pub struct Endpoint {
    settings: RpcEndpoint,
    listener: TcpListener,
    /// Where it listens, with the actual port.
    pub address: SocketAddr,
}

/// An endpoint for the SDK's own server, which insists on one: on a port that nobody is told of, and open
/// to no connection at all.
pub fn closed(like: &RpcEndpoint) -> RpcEndpoint {
    RpcEndpoint {
        listen_addr: (Ipv4Addr::LOCALHOST, 0).into(),
        max_connections: 0,
        cors: Some(Vec::new()),
        rpc_methods: RpcMethods::Safe,
        is_optional: false,
        ..like.clone()
    }
}

/// Takes the addresses of these endpoints; an optional one that is not to be had is left out.
///
/// # Errors
/// When an address cannot be listened on.
pub fn listen(endpoints: Vec<RpcEndpoint>) -> Result<Vec<Endpoint>, ServiceError> {
    let mut listening = Vec::new();
    for settings in endpoints {
        let bound = TcpListener::bind(settings.listen_addr).and_then(|listener| {
            listener.set_nonblocking(true)?;
            let address = listener.local_addr()?;
            Ok((listener, address))
        });
        match bound {
            Ok((listener, address)) => listening.push(Endpoint { settings, listener, address }),
            // IPv6 on a machine without it.
            Err(_) if settings.is_optional => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(listening)
}

/// The methods of the node, with the list of them that clients ask for.
///
/// # Errors
/// When the SDK has such a list already.
pub fn methods(rpc: &RpcHandlers) -> Result<Methods, ServiceError> {
    let mut module = rpc.handle().as_ref().clone();
    let mut names: Vec<&'static str> = module.method_names().collect();
    names.push("rpc_methods");
    names.sort_unstable();
    let list = serde_json::json!({ "methods": names });
    module
        .register_method("rpc_methods", move |_, (), _| list.clone())
        .map_err(|error| ServiceError::Application(Box::new(error)))?;
    Ok(module.into())
}

impl Endpoint {
    /// Answers here until the handle is dropped.
    ///
    /// # Errors
    /// When an allowed origin cannot be a header's value.
    pub fn serve(self, methods: Methods) -> Result<ServerHandle, ServiceError> {
        let Self { settings, listener, address } = self;
        let other = |error| ServiceError::Application(error);
        let (hosts, cors) = match &settings.cors {
            None => (HostFilterLayer::disable(), CorsLayer::permissive()),
            Some(origins) => {
                let hosts = ["localhost", "127.0.0.1", "[::1]"];
                let hosts = hosts.map(|host| format!("{host}:{}", address.port()));
                let hosts = hosts.each_ref().map(String::as_str);
                let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
                let origins = origins.collect::<Result<Vec<_>, _>>();
                let origins = origins.map_err(|error| other(Box::new(error)))?;
                (
                    HostFilterLayer::new(hosts).map_err(|error| other(Box::new(error)))?,
                    CorsLayer::new()
                        .allow_origin(AllowOrigin::list(origins))
                        .allow_methods([Method::POST])
                        .allow_headers([CONTENT_TYPE]),
                )
            }
        };
        let unsafe_allowed = match settings.rpc_methods {
            RpcMethods::Unsafe => true,
            RpcMethods::Auto => address.ip().is_loopback(),
            RpcMethods::Safe => false,
        };
        let deny_unsafe = if unsafe_allowed { DenyUnsafe::No } else { DenyUnsafe::Yes };
        let allowed = settings.cors;
        let check = move |request: &mut HttpRequest| {
            request.extensions_mut().insert(deny_unsafe);
            let mut origins = request.headers().get_all(ORIGIN).iter();
            let known = |origin: &HeaderValue| {
                allowed.as_ref().is_none_or(|list| list.iter().any(|known| origin == known))
            };
            if origins.all(known) { Ok(()) } else { Err(no_pages()) }
        };
        let health = ProxyGetRequestLayer::new("/health", "system_health");
        let health = health.map_err(|error| other(Box::new(error)))?;
        let middleware = tower::ServiceBuilder::new()
            .layer(ValidateRequestHeaderLayer::custom(check))
            .layer(hosts)
            .layer(health)
            .layer(cors);
        let server = Server::builder()
            .max_request_body_size(settings.max_payload_in_mb.saturating_mul(MEGABYTE))
            .max_response_body_size(settings.max_payload_out_mb.saturating_mul(MEGABYTE))
            .max_connections(settings.max_connections)
            .max_subscriptions_per_connection(settings.max_subscriptions_per_connection)
            .set_message_buffer_capacity(settings.max_buffer_capacity_per_connection)
            .set_batch_request_config(settings.batch_config)
            .set_id_provider(RandomStringIdProvider::new(16))
            .enable_ws_ping(
                PingConfig::new()
                    .ping_interval(Duration::from_secs(30))
                    .inactive_limit(Duration::from_secs(60))
                    .max_failures(3),
            )
            .set_http_middleware(middleware)
            .build_from_tcp(listener)?;
        Ok(server.start(methods))
    }
}

fn no_pages() -> HttpResponse {
    let reason = "this node answers no web pages of this origin; allow it with --rpc-cors";
    let mut response = HttpResponse::new(HttpBody::from(reason));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}
