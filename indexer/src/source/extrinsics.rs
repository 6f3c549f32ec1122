//! Which extrinsics the events of a block belong to: the hashes of their bytes.

use std::collections::BTreeSet;

use assent_client::Hash;
use assent_client::bundle::blake2_256;
use jsonrpsee::core::params::BatchRequestBuilder;
use jsonrpsee::rpc_params;
use serde::Deserialize;

use super::SourceError;
use super::connection::Connection;
use crate::store::Block;

/// What `chain_getBlock` answers, as far as it is read.
#[derive(Debug, Deserialize)]
struct Answer {
    block: Body,
}

#[derive(Debug, Deserialize)]
struct Body {
    extrinsics: Vec<String>,
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
    let mut requests = BatchRequestBuilder::new();
    for block in &asked {
        requests
            .insert("chain_getBlock", rpc_params![block.hash])
            .map_err(|error| SourceError::Answer { number: first, reason: error.to_string() })?;
    }
    let answers: Vec<Option<Answer>> = connection.batch(requests, first).await?;
    for (block, answer) in asked.iter_mut().zip(answers) {
        let number = block.number;
        let answer = answer.ok_or(SourceError::NoBody { number })?;
        for index in
            block.events.iter().filter_map(|event| event.extrinsic).collect::<BTreeSet<_>>()
        {
            let wrong = |reason: String| SourceError::Answer { number, reason };
            let extrinsic = usize::try_from(index).ok();
            let extrinsic = extrinsic.and_then(|index| answer.block.extrinsics.get(index));
            let extrinsic =
                extrinsic.ok_or_else(|| wrong(format!("there is no extrinsic {index}")))?;
            let bytes = extrinsic.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
            let bytes = bytes
                .ok_or_else(|| wrong(format!("extrinsic {index} is not in hexadecimal digits")))?;
            block.extrinsics.insert(index, Hash(blake2_256(&bytes)));
        }
    }
    Ok(())
}
