//! Proposals of grants, and that the owner grants and accepts one in one transaction.

use super::{DAY_MS, Scene, now_ms, returned};
use crate::messages::{Proposal, Terms};
use anyhow::{Context, Result};
use assent_client::{chain::Chain, contract::Outcome};
use assent_interface::{agreements, consent};
use subxt_signer::sr25519::Keypair;

impl Scene {
    /// `key`, that of the grantee or of one of its staff, proposes terms to their owner, who can accept
    /// them for a day: the number of the proposal.
    pub async fn propose(&mut self, key: &Keypair, terms: Terms) -> Result<(u64, Outcome)> {
        let args = (terms, now_ms()? + DAY_MS);
        let done = self.call("agreements", key, agreements::PROPOSE, args).await?;
        Ok((returned(&done)?, done))
    }

    /// What the contract knows of a proposal.
    pub async fn proposal(&self, number: u64) -> Result<Proposal> {
        let known: Option<Proposal> =
            self.view("agreements", agreements::PROPOSAL, (number,)).await?;
        known.with_context(|| format!("no proposal {number}"))
    }

    /// `owner` grants what a proposal says and accepts it, in one transaction: what it emitted.
    pub async fn grant_and_accept(
        &mut self,
        chain: &Chain,
        owner: &Keypair,
        proposal: u64,
    ) -> Result<Outcome> {
        let terms = self.proposal(proposal).await?.terms;
        let grant = self.call_of("consent", consent::GRANT, (terms,))?;
        // The newest grant between the two, which is the one before.
        let newest = None::<u64>;
        let accept = self.call_of("agreements", agreements::ACCEPT, (proposal, newest))?;
        self.together(chain, owner, vec![grant, accept]).await
    }
}
