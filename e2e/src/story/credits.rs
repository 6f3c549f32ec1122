//! The credits' part: a registry issues them for a project, their holder sells, a buyer retires.

use super::{Story, show::decimal};
use crate::{
    messages::role,
    native::endow,
    scene::{
        CREDIT, TOKEN, account, commitment, emitter, hospital1, in_a_month, in_effect, newcomers,
        registry, regulator, second_emitter, verifier,
    },
    stack::{Stack, TIMING},
};
use anyhow::{Result, ensure};
use assent_client::contract::Outcome;
use assent_interface::{carbon, market, token};

/// Credits of the steelworks' project.
const ISSUED: u128 = 5_000;
/// What the steelworks offers of them, and what it would like to offer.
const OFFERED: u128 = 1_000;
const TOO_MUCH: u128 = 2_000;
/// What hospital 1 buys of them and what it retires.
const BOUGHT: u128 = 250;
const RETIRED: u128 = 100;
/// Tokens for a credit, and for an allowance of one tonne.
const CREDIT_PRICE: u128 = 12;
pub(super) const ALLOWANCE_PRICE: u128 = 80;
/// Tokens for each tonne that is not covered.
pub(super) const PENALTY: u128 = 100;
/// The market's part of a payment: half a percent, in hundredths of a percent.
const FEE_BPS: u16 = 50;

impl Story {
    /// Two emitters, a registry and a verifier ask for admission; the regulator checks and admits.
    pub async fn admit_traders(&mut self, stack: &Stack) -> Result<()> {
        endow(stack, &newcomers()).await?;
        self.admit_all([
            ("the power station", emitter(), role::EMITTER),
            ("the steelworks", second_emitter(), role::EMITTER),
            ("the registry", registry(), role::TRADER),
            ("the verifier", verifier(), role::VERIFIER),
        ])
        .await
    }

    /// The registry issues 5,000 credits for a project of the steelworks, and seals the batch.
    pub async fn issue_credits(&mut self) -> Result<Outcome> {
        let (issuer, owner) = (registry(), second_emitter());
        let (batch, issued) = self.scene.issue_credits(&issuer, &owner, ISSUED * CREDIT).await?;
        self.batch = batch;
        self.say(format!(
            "The registry issues batch {batch} for a project of the steelworks: {ISSUED}.000 credits, serial numbers 1 to {}.  [block {}]",
            ISSUED * CREDIT,
            issued.block_number
        ));
        let done = self.scene.call("carbon", &issuer, carbon::SEAL_BATCH, (batch,)).await?;
        self.say(format!(
            "It seals the batch: no more of it can be issued.  [block {}]",
            done.block_number
        ));
        Ok(done)
    }

    /// The administrator sets what is missing and what is traded costs; the buyers get tokens and
    /// let the market take what they will pay.
    pub async fn set_rules(&mut self) -> Result<Outcome> {
        let (boss, market) = (regulator(), self.scene.contract("market")?.address);
        let penalty = (PENALTY * TOKEN, account(&boss));
        self.scene.call("carbon", &boss, carbon::SET_PENALTY, penalty).await?;
        let fee = (FEE_BPS, account(&boss));
        let done = self.scene.call("market", &boss, market::SET_FEE, fee).await?;
        self.say(format!(
            "The administrator sets {PENALTY} tokens as the penalty for a tonne that is not covered, and 0.5 % as the market's fee, both from {} seconds later on.  [block {}]",
            TIMING.delay_ms / 1_000,
            done.block_number
        ));
        in_effect().await;
        let buyers = [
            ("the steelworks", second_emitter(), 300_000, 1_000 * ALLOWANCE_PRICE),
            ("hospital 1", hospital1(), 10_000, BOUGHT * CREDIT_PRICE),
        ];
        for (name, buyer, tokens, allowed) in buyers {
            self.scene.mint(&buyer, tokens * TOKEN).await?;
            let args = (market, allowed * TOKEN);
            let done = self.scene.call("token", &buyer, token::APPROVE, args).await?;
            self.say(format!(
                "The treasury mints {tokens} tokens for {name}, which lets the market take {allowed} of them.  [block {}]",
                done.block_number
            ));
        }
        Ok(done)
    }

    /// The steelworks' rating allows less than it would like to offer.
    pub async fn offer_too_much(&mut self) -> Result<()> {
        let seller = second_emitter();
        let limit: Result<u128, u8> =
            self.scene.view("market", market::LIMIT_OF, (account(&seller),)).await?;
        let (offered, price) = (TOO_MUCH * CREDIT, CREDIT_PRICE * TOKEN);
        let args = (account(&seller), self.batch, offered, price, in_a_month()?);
        let refusal = self.scene.refusal("market", &seller, market::PLACE, args).await?;
        ensure!(refusal == "SellerLimit", "expected the limit instead of {refusal}");
        self.say(format!(
            "The steelworks offers {TOO_MUCH}.000 credits and is refused: with its rating, an order has at most {}.  [{refusal}]",
            decimal(limit.unwrap_or_default(), CREDIT)
        ));
        Ok(())
    }

    /// The steelworks offers 1,000 credits, and hospital 1 buys 250 of them: the fill.
    pub async fn sell_credits(&mut self) -> Result<Outcome> {
        let (seller, buyer, price) = (second_emitter(), hospital1(), CREDIT_PRICE * TOKEN);
        let (order, placed) =
            self.scene.offer(&seller, self.batch, OFFERED * CREDIT, price, in_a_month()?).await?;
        self.credits_order = order;
        self.say(format!(
            "The steelworks offers {OFFERED}.000 credits at {CREDIT_PRICE} tokens: order {order}, its units in escrow.  [block {}]",
            placed.block_number
        ));
        let args = (account(&buyer), order, BOUGHT * CREDIT, BOUGHT * price);
        let done = self.scene.call("market", &buyer, market::FILL, args).await?;
        self.say_filled("Hospital 1", "credits", &done)?;
        Ok(done)
    }

    /// Hospital 1 retires 100 of its credits.
    pub async fn retire_credits(&mut self) -> Result<Outcome> {
        let (buyer, reason) = (hospital1(), commitment(b"business travel of the year 2025")?);
        let args = (self.batch, RETIRED * CREDIT, reason, account(&buyer));
        let done = self.scene.call("carbon", &buyer, carbon::RETIRE, args).await?;
        self.say(format!(
            "Hospital 1 retires {RETIRED}.000 credits for good; the commitment to the reason is {}.  [block {}]",
            hex::encode(reason),
            done.block_number
        ));
        Ok(done)
    }
}
