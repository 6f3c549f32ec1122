//! How many requests a node takes in one batch.
//!
//! A node that was told to take no more than some, or none at all, answers a longer batch with an error that
//! names no request. jsonrpsee's client cannot match it, and ends the connection with all that is on its
//! way. So what a node takes is tried out when it is connected to, with requests that cost nothing: what is
//! asked for afterwards fits.

use std::time::Duration;

use assent_client::chain::ChainError;
use jsonrpsee::core::ClientError;
use jsonrpsee::core::client::ClientT as _;
use jsonrpsee::core::params::BatchRequestBuilder;
use jsonrpsee::rpc_params;
use jsonrpsee::ws_client::{WsClient, WsClientBuilder};

use super::SourceError;
use super::batch::MOST;
use super::connection::request;

/// How long the node may take for a batch.
const BATCH_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest answer that is read, bytes; a node sends 15 MiB unless it is told otherwise.
const LONGEST_ANSWER: u32 = 256 * 1024 * 1024;

/// Connects to a node for batches: with how many requests it takes in one, [`MOST`] at most.
///
/// Errors: [`SourceError::NoBatches`] when it takes none, and those of a node that is away.
pub(super) async fn connect(
    url: &str,
    setting: &'static str,
) -> Result<(WsClient, u64), SourceError> {
    let (mut fits, mut exceeds, mut tried) = (0, MOST + 1, MOST);
    loop {
        let client = open(url, setting).await?;
        if takes(&client, tried, url).await? {
            fits = tried;
        } else {
            exceeds = tried;
        }
        if exceeds - fits > 1 {
            tried = fits + (exceeds - fits) / 2;
        } else if fits == 0 {
            return Err(SourceError::NoBatches { url: url.to_owned() });
        } else if tried == fits {
            return Ok((client, fits));
        } else {
            // The last one was too long, which has ended the connection.
            return Ok((open(url, setting).await?, fits));
        }
    }
}

async fn open(url: &str, setting: &'static str) -> Result<WsClient, SourceError> {
    let client = WsClientBuilder::new()
        .request_timeout(BATCH_TIMEOUT)
        .max_response_size(LONGEST_ANSWER)
        .build(url);
    client.await.map_err(|error| SourceError::Node {
        setting,
        error: ChainError::Unreachable { url: url.to_owned(), reason: error.to_string() },
    })
}

/// Does the node take a batch of so many requests? If not, the client is of no use any more.
async fn takes(client: &WsClient, requests: u64, url: &str) -> Result<bool, SourceError> {
    let failed = |error: ClientError| request(url, "a batch of requests", &error);
    let mut batch = BatchRequestBuilder::new();
    for _ in 0..requests {
        let added = batch.insert("system_name", rpc_params![]);
        added.map_err(|error| failed(error.into()))?;
    }
    match client.batch_request::<serde_json::Value>(batch).await {
        // Whatever it answers, it answers each.
        Ok(_) => Ok(true),
        Err(ClientError::RestartNeeded(reason)) if is_of_no_request(&reason) => Ok(false),
        Err(error) if is_of_no_request(&error) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

/// Is this what the client says of an answer that names no request?
fn is_of_no_request(error: &ClientError) -> bool {
    matches!(error, ClientError::InvalidRequestId(_))
}
