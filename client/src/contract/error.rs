//! Why a call did not succeed.

use crate::Account;
use crate::bundle::DecodeError;
use crate::chain::{Chain, ChainError};
use crate::native::{Amount, EXISTENTIAL_DEPOSIT};

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
    #[error(transparent)]
    Balance(Box<CannotPay>),
    /// A new account would get less than it needs to exist.
    #[error(
        "the account {to} does not exist yet, and {amount} units are too few for it: give it at least \
         {}",
        Amount::from_base_units(EXISTENTIAL_DEPOSIT)
    )]
    TooSmall {
        /// Who would get it.
        to: Account,
        /// How much.
        amount: Amount,
    },
    /// The chain does not let this account do it.
    #[error("the account {account} may not submit {extrinsic} on this chain")]
    Origin {
        /// The signer.
        account: Account,
        /// The extrinsic, for example `Contracts.call`.
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
    #[error("the transaction {extrinsic} failed on chain: {error}")]
    Failed {
        /// The extrinsic, for example `Contracts.call`.
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

/// An account has too little for what it wants to do.
#[derive(Debug, thiserror::Error)]
#[error(
    "the account {account} cannot pay for this ({error}): it has {}, and needs {needs}. Give it some: \
     assent-deploy fund --to {account} --url {url}",
    held(*.free)
)]
pub struct CannotPay {
    /// The signer.
    pub account: Account,
    /// What it has; `None` when the node did not say.
    pub free: Option<Amount>,
    /// What it has to pay.
    pub needs: String,
    /// What the chain says.
    pub error: String,
    /// The node.
    pub url: String,
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

/// A balance as a part of a sentence.
fn held(free: Option<Amount>) -> String {
    let Some(free) = free else { return "too little".to_owned() };
    format!("{free} units of the chain's own currency")
}

impl CallError {
    /// An account cannot pay what it `needs`; asks what it has.
    pub(super) async fn balance(
        chain: &Chain,
        account: Account,
        needs: &str,
        error: String,
    ) -> Self {
        let free = chain.free_balance(&account).await.ok().map(Amount::from_base_units);
        let (needs, url) = (needs.to_owned(), chain.url().to_owned());
        Self::Balance(Box::new(CannotPay { account, free, needs, error, url }))
    }

    pub(crate) async fn submission(
        chain: &Chain,
        account: Account,
        needs: &str,
        error: ChainError,
    ) -> Self {
        match error {
            ChainError::Request { reason, .. } if cannot_pay(&reason) => {
                Self::balance(chain, account, needs, reason).await
            }
            ChainError::Request { reason, .. } => Self::Rejected { account, reason },
            other => Self::Chain(other),
        }
    }

    pub(crate) async fn failed(
        chain: &Chain,
        account: Account,
        extrinsic: &'static str,
        needs: &str,
        error: String,
    ) -> Self {
        if error.contains("Bad origin") {
            Self::Origin { account, extrinsic }
        } else if cannot_pay(&error) {
            Self::balance(chain, account, needs, error).await
        } else {
            Self::Failed { extrinsic, error }
        }
    }
}
