//! Which extrinsics the events of a block belong to: the hashes of their bytes.

use std::collections::BTreeSet;

use assent_client::Hash;
use assent_client::bundle::blake2_256;
use jsonrpsee::core::ClientError;
use jsonrpsee::core::client::ClientT as _;
use jsonrpsee::rpc_params;
use jsonrpsee::ws_client::WsClient;
use serde::Deserialize;

use super::SourceError;
use super::connection::Connection;
use crate::store::Block;

/// How a node tells the extrinsics of a block.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bodies {
    /// By `archive_v1_body`, which nodes have that prune nothing.
    Alone,
    /// By `chain_getBlock`, which all have, and which takes them twice as long.
    InBlocks,
}

/// What `rpc_methods` answers.
#[derive(Debug, Deserialize)]
struct Methods {
    methods: Vec<String>,
}

/// What `chain_getBlock` answers, as far as it is read.
#[derive(Debug, Deserialize)]
struct Answer {
    block: Body,
}

#[derive(Debug, Deserialize)]
struct Body {
    extrinsics: Vec<String>,
}

impl Bodies {
    const ALONE: &str = "archive_v1_body";

    /// What a node offers.
    pub(super) async fn of(node: &WsClient) -> Result<Self, ClientError> {
        let methods = match node.request("rpc_methods", rpc_params![]).await {
            Ok(Methods { methods }) => methods,
            // Something between that passes on only what it knows.
            Err(ClientError::Call(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        let alone = methods.iter().any(|method| method == Self::ALONE);
        Ok(if alone { Self::Alone } else { Self::InBlocks })
    }

    /// The extrinsics of these blocks, in hexadecimal digits; `None` of one whose body the node has not.
    async fn fetch(
        self,
        connection: &Connection,
        blocks: &[&mut Block],
        first: u64,
    ) -> Result<Vec<Option<Vec<String>>>, SourceError> {
        let each = blocks.iter().map(|block| rpc_params![block.hash]);
        match self {
            Self::Alone => {
                let bodies: Vec<Option<Vec<String>>> =
                    connection.batch(Self::ALONE, each, first).await?;
                if bodies.contains(&None) {
                    // It has them all, and says so, too, when its own database fails.
                    let reason = "it has no body of a block, and prunes none".to_owned();
                    return Err(SourceError::Batch {
                        url: connection.chain.url().to_owned(),
                        reason,
                    });
                }
                Ok(bodies)
            }
            Self::InBlocks => {
                let answers: Vec<Option<Answer>> =
                    connection.batch("chain_getBlock", each, first).await?;
                let bodies = answers.into_iter().map(|answer| Some(answer?.block.extrinsics));
                Ok(bodies.collect())
            }
        }
    }
}

/// Adds the hashes of the extrinsics that the events of these blocks belong to. Blocks without events are
/// not asked for.
///
/// Errors: [`SourceError`].
pub(super) async fn add<'b>(
    connection: &Connection,
    blocks: impl Iterator<Item = &'b mut Block>,
) -> Result<(), SourceError> {
    let mut asked: Vec<&mut Block> = blocks.filter(|block| !block.events.is_empty()).collect();
    let Some(first) = asked.first().map(|block| block.number) else { return Ok(()) };
    let bodies = connection.bodies.fetch(connection, &asked, first).await?;
    for (block, body) in asked.iter_mut().zip(bodies) {
        let number = block.number;
        let body = body.ok_or(SourceError::NoBody { number })?;
        for index in
            block.events.iter().filter_map(|event| event.extrinsic).collect::<BTreeSet<_>>()
        {
            let wrong = |reason: String| SourceError::Answer { number, reason };
            let extrinsic = usize::try_from(index).ok();
            let extrinsic = extrinsic.and_then(|index| body.get(index));
            let extrinsic =
                extrinsic.ok_or_else(|| wrong(format!("there is no extrinsic {index}")))?;
            let bytes =
                extrinsic.strip_prefix("0x").and_then(|digits| const_hex::decode(digits).ok());
            let bytes = bytes
                .ok_or_else(|| wrong(format!("extrinsic {index} is not in hexadecimal digits")))?;
            block.extrinsics.insert(index, Hash(blake2_256(&bytes)));
        }
    }
    Ok(())
}
