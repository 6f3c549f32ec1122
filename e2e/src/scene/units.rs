//! What a story about carbon units or tokens begins with.

use super::{Scene, account, commitment, regulator, returned};
use crate::stack::Stack;
use anyhow::Result;
use assent_client::contract::Outcome;
use assent_interface::{carbon, market, token};
use serde_json::Value;
use subxt_signer::sr25519::Keypair;

/// One unit of the settlement token, which has 6 decimals.
pub const TOKEN: u128 = 1_000_000;
/// One carbon credit, or an allowance of a tonne: units are thousandths.
pub const CREDIT: u128 = 1_000;
/// The year 2025, UTC: its first moment and the first one after it, ms since 1970.
pub const YEAR_2025: (u64, u64) = (1_735_689_600_000, 1_767_225_600_000);

impl Scene {
    /// `issuer` makes a project of `owner` in a new class of his own, and a batch with so many serial
    /// numbers, all of which he issues to `owner`: the number of the batch.
    pub async fn issue_credits(
        &mut self,
        issuer: &Keypair,
        owner: &Keypair,
        units: u128,
    ) -> Result<(u64, Outcome)> {
        let (standard, documents) = (commitment(b"standard")?, commitment(b"project documents")?);
        let new = (account(issuer), standard);
        let class = self.call("carbon", &regulator(), carbon::CREATE_CLASS, new).await?;
        let new = (returned::<u64>(&class)?, account(owner), documents);
        let project = self.call("carbon", issuer, carbon::CREATE_PROJECT, new).await?;
        let new = (returned::<u64>(&project)?, 1u128, units, YEAR_2025.0, YEAR_2025.1);
        let batch = returned(&self.call("carbon", issuer, carbon::CREATE_BATCH, new).await?)?;
        let args: (u64, _, _) = (batch, account(owner), units);
        let done = self.call("carbon", issuer, carbon::ISSUE, args).await?;
        Ok((batch, done))
    }

    /// The treasury mints base units of the settlement token against a new bank receipt.
    pub async fn mint(&mut self, to: &Keypair, amount: u128) -> Result<Outcome> {
        let args = (account(to), amount, commitment(b"bank receipt")?);
        self.call("token", &regulator(), token::MINT, args).await
    }

    /// `seller` lets the market take `units` of a batch into escrow, and offers them at `price` token
    /// base units per credit until `expiry`: the number of the order.
    pub async fn offer(
        &mut self,
        seller: &Keypair,
        batch: u64,
        units: u128,
        price: u128,
        expiry: u64,
    ) -> Result<(u64, Outcome)> {
        let market = self.contract("market")?.address;
        self.call("carbon", seller, carbon::APPROVE, (market, batch, units)).await?;
        let args = (account(seller), batch, units, price, expiry);
        let done = self.call("market", seller, market::PLACE, args).await?;
        Ok((returned(&done)?, done))
    }

    /// What an account has of a batch, as the API shows it.
    pub async fn balance(&self, stack: &Stack, batch: u64, of: &Keypair) -> Result<Value> {
        let path = format!("/v1/carbon/balances?batch={batch}&owner={}", account(of));
        self.item(stack, &path).await
    }
}
