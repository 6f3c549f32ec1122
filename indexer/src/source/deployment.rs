//! Does the manifest say where the contracts are?
//!
//! A manifest with a later block than the one in which a contract was made would give a mirror that
//! looks complete and is not.

use assent_client::manifest::{ContractEntry, Manifest};

use super::{Source, SourceError};

impl Source<'_> {
    /// Refuses a manifest of which the chain says something else: every contract must be there in its
    /// deployment block, not before, and run the code of the manifest then or now.
    ///
    /// Errors: [`SourceError::OtherDeployment`] names the contract and the block.
    pub async fn check_deployment(&self, manifest: &Manifest) -> Result<(), SourceError> {
        for (name, entry) in &manifest.contracts {
            if let Some(difference) = self.difference(entry).await? {
                let contract = name.clone();
                return Err(SourceError::OtherDeployment { contract, difference });
            }
        }
        Ok(())
    }

    async fn difference(&self, entry: &ContractEntry) -> Result<Option<String>, SourceError> {
        let ContractEntry { address, code_hash, deployment_block: block, .. } = entry;
        let chain = &self.connection.chain;
        let then = chain.contract_info_at(&chain.at_number(*block).await?, address).await?;
        let Some(then) = then else {
            return Ok(Some(format!("is not at {address} in block {block}")));
        };
        let before = chain.at_number(block.saturating_sub(1)).await?;
        if *block > 0 && chain.contract_info_at(&before, address).await?.is_some() {
            return Ok(Some(format!("was there before block {block} already")));
        }
        let now = chain.contract_info(address).await?;
        let runs = [Some(then), now].into_iter().flatten().any(|info| info.code_hash == *code_hash);
        Ok((!runs).then(|| format!("never ran the code {code_hash} in block {block} or now")))
    }
}
