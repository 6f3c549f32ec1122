//! Questions to the chain's state: contracts, code, balances.

use std::fmt::Display;

use subxt::client::OnlineClientAtBlock;
use subxt::config::substrate::H256;
use subxt::dynamic;
use subxt::ext::scale_decode::DecodeAsType;

use super::{Chain, ChainError, Config};
use crate::{Account, Hash};

/// Where the pallet keeps its contracts.
const CONTRACTS: &str = "Contracts.ContractInfoOf";

/// What the pallet keeps of a contract, as far as it is read.
#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct StoredContract {
    code_hash: H256,
}

impl StoredContract {
    fn info(self) -> ContractInfo {
        ContractInfo { code_hash: Hash(self.code_hash.0) }
    }
}

/// Where a contract's code and storage are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractInfo {
    /// Hash of the code that it runs.
    pub code_hash: Hash,
}

impl Chain {
    /// What the chain knows of a contract at the finalized block; `None`: there is none.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn contract_info(
        &self,
        address: &Account,
    ) -> Result<Option<ContractInfo>, ChainError> {
        let at = self.at_finalized().await?;
        self.contract_info_at(&at, address).await
    }

    /// What the chain knew of a contract at a block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn contract_info_at(
        &self,
        at: &OnlineClientAtBlock<Config>,
        address: &Account,
    ) -> Result<Option<ContractInfo>, ChainError> {
        let entry = dynamic::storage::<([u8; 32],), StoredContract>("Contracts", "ContractInfoOf");
        let value = self.timed(CONTRACTS, at.storage().try_fetch(entry, (address.0,))).await?;
        let stored = value.map(|value| value.decode()).transpose();
        Ok(stored.map_err(|error| self.failed(CONTRACTS, &error))?.map(StoredContract::info))
    }

    /// All contracts that the chain knew at a block, whoever made them.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn contracts_at(
        &self,
        at: &OnlineClientAtBlock<Config>,
    ) -> Result<Vec<(Account, ContractInfo)>, ChainError> {
        let entry = dynamic::storage::<([u8; 32],), StoredContract>("Contracts", "ContractInfoOf");
        let mut entries = self.timed(CONTRACTS, at.storage().iter(entry, ())).await?;
        let mut found = Vec::new();
        while let Some(entry) =
            self.timed(CONTRACTS, async { entries.next().await.transpose() }).await?
        {
            let failed = |error: &dyn Display| self.failed(CONTRACTS, &error.to_string());
            let key = entry.key().and_then(|key| key.decode());
            let (address,) = key.map_err(|error| failed(&error))?;
            let stored = entry.value().decode().map_err(|error| failed(&error))?;
            found.push((Account(address), stored.info()));
        }
        Ok(found)
    }

    /// Whether the chain holds the code with this hash at the finalized block.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn code_stored(&self, code_hash: &Hash) -> Result<bool, ChainError> {
        let at = self.at_finalized().await?;
        let entry = dynamic::storage::<([u8; 32],), dynamic::Value>("Contracts", "CodeInfoOf");
        let value = self
            .timed("Contracts.CodeInfoOf", at.storage().try_fetch(entry, (code_hash.0,)))
            .await?;
        Ok(value.is_some())
    }

    /// Free balance of an account at the finalized block, in base units of the native currency.
    ///
    /// # Errors
    /// [`ChainError`].
    pub async fn free_balance(&self, account: &Account) -> Result<u128, ChainError> {
        #[derive(DecodeAsType)]
        #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
        struct Stored {
            data: Data,
        }
        #[derive(DecodeAsType)]
        #[decode_as_type(crate_path = "subxt::ext::scale_decode")]
        struct Data {
            free: u128,
        }
        const WHAT: &str = "System.Account";
        let at = self.at_finalized().await?;
        let entry = dynamic::storage::<([u8; 32],), Stored>("System", "Account");
        let value = self.timed(WHAT, at.storage().try_fetch(entry, (account.0,))).await?;
        value
            .map(|value| value.decode())
            .transpose()
            .map_err(|e| self.failed(WHAT, &e))
            .map(|stored| stored.map_or(0, |stored| stored.data.free))
    }
}
