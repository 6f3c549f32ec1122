//! Why a call did not succeed.

use crate::Account;
use crate::bundle::DecodeError;
use crate::chain::ChainError;

/// Why a call did not succeed. Nothing was submitted unless the variant says so.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The contract returned an error in the dry run.
    #[error("{contract}.{message} refuses: {reason}")]
    Refused {
        /// The contract's name.
        contract: String,
        /// The message or constructor.
        message: String,
        /// The contract's error, for example `NotDataOwner`.
        reason: String,
    },
    /// The contract was not reached, or trapped.
    #[error("{contract}.{message} does not run: {error}")]
    Dispatch {
        /// The contract's name.
        contract: String,
        /// The message or constructor.
        message: String,
        /// The pallet's error, for example `Contracts::ContractNotFound`.
        error: String,
    },
    /// The signer cannot pay the fee or the deposit.
    #[error("the account {account} cannot pay for the transaction ({error}); give it more balance")]
    Balance {
        /// The signer.
        account: Account,
        /// What the chain says.
        error: String,
    },
    /// The chain does not let this account do it.
    #[error("the account {account} may not submit Contracts.{extrinsic} on this chain")]
    Origin {
        /// The signer.
        account: Account,
        /// The extrinsic.
        extrinsic: &'static str,
    },
    /// The chain computes addresses in another way than this tool.
    #[error(
        "the contract would get the address {actual}, expected {computed}; nothing was submitted"
    )]
    Address {
        /// What this tool computed.
        computed: Account,
        /// What the chain computed.
        actual: Account,
    },
    /// The node did not take the transaction.
    #[error(
        "the transaction of {account} was not accepted ({reason}); if another process uses that \
         account too, wait for it and run this again"
    )]
    Rejected {
        /// The signer.
        account: Account,
        /// What the node says.
        reason: String,
    },
    /// The transaction is in a final block, but it failed there and changed nothing.
    #[error("the transaction Contracts.{extrinsic} failed on chain: {error}")]
    Failed {
        /// The extrinsic.
        extrinsic: &'static str,
        /// The chain's error.
        error: String,
    },
    /// The transaction was submitted; whether it will be included is unknown.
    #[error("the transaction was submitted but is not final: {reason}")]
    NotFinal {
        /// Why the wait ended.
        reason: String,
    },
    /// The metadata has no such message, or does not fit what came back.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The node could not be asked.
    #[error(transparent)]
    Chain(#[from] ChainError),
}

pub(super) fn cannot_pay(error: &str) -> bool {
    [
        "StorageDepositNotEnoughFunds",
        "TransferFailed",
        "InsufficientBalance",
        "FundsUnavailable",
        "Funds are unavailable",
        "account balance too low",
    ]
    .iter()
    .any(|known| error.contains(known))
}

impl CallError {
    pub(crate) fn submission(account: Account, error: ChainError) -> Self {
        match error {
            ChainError::Request { reason, .. } if cannot_pay(&reason) => {
                Self::Balance { account, error: reason }
            }
            ChainError::Request { reason, .. } => Self::Rejected { account, reason },
            other => Self::Chain(other),
        }
    }

    pub(crate) fn failed(account: Account, extrinsic: &'static str, error: String) -> Self {
        if error.contains("Bad origin") {
            Self::Origin { account, extrinsic }
        } else if cannot_pay(&error) {
            Self::Balance { account, error }
        } else {
            Self::Failed { extrinsic, error }
        }
    }
}
