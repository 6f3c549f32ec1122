//! What a chain is for, as its spec says.

use std::fmt;

use serde::Deserialize;
use subxt::rpcs::client::RpcParams;

use super::{Chain, ChainError};

/// `chainType` of a chain spec: what the chain is for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum ChainType {
    /// A developer's own, which holds nothing of worth: its keys are known to everybody.
    Development,
    /// Several nodes of one operator, mostly for tests.
    Local,
    /// In use.
    Live,
    /// Any other.
    Custom(String),
}

impl Chain {
    /// What the node's chain is for.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn chain_type(&self) -> Result<ChainType, ChainError> {
        let request = self.inner.raw.request("system_chainType", RpcParams::new());
        self.timed("the type of its chain", request).await
    }
}

impl fmt::Display for ChainType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Development => f.write_str("Development"),
            Self::Local => f.write_str("Local"),
            Self::Live => f.write_str("Live"),
            Self::Custom(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_a_node_answers_is_read() {
        let read = |json: &str| serde_json::from_str::<ChainType>(json).unwrap();
        assert_eq!(read(r#""Development""#), ChainType::Development);
        assert_eq!(read(r#""Local""#), ChainType::Local);
        assert_eq!(read(r#""Live""#), ChainType::Live);
        assert_eq!(read(r#"{"Custom":"trial"}"#), ChainType::Custom("trial".into()));
        assert_eq!(read(r#"{"Custom":"trial"}"#).to_string(), "trial");
    }
}
