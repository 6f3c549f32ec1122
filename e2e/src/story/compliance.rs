//! The emitters' part: allowances, a trade, reports, surrenders, settlements, and a penalty.

use super::{
    Story,
    credits::{ALLOWANCE_PRICE, PENALTY},
    show::decimal,
};
use crate::{
    scene::{
        CREDIT, DAY_MS, TOKEN, account, amount, chain_ms, commitment, emitter, in_a_month, number,
        regulator, second_emitter, until, verifier,
    },
    stack::Stack,
};
use anyhow::{Context, Result, ensure};
use assent_client::contract::Outcome;
use assent_interface::{carbon, market, token};
use serde_json::Value;
use subxt_signer::sr25519::Keypair;

/// Allowances that there may be in a period, tonnes.
const CAP: u128 = 30_000;
/// How long the first period lasts, ms; it began a year ago. Time for a trade.
const FIRST_LASTS: u64 = 10_000;
/// How long the second period lasts after the steelworks got its allowances, ms.
const SECOND_LASTS: u64 = 4_000;
/// Tonnes that the power station gets, emits, and offers of its allowances.
const STATION: (u128, u128, u128) = (10_000, 8_500, 1_500);
/// Tonnes that the steelworks gets, emits, and buys.
const STEEL: (u128, u128, u128) = (6_000, 9_000, 1_000);
/// What it is short of.
const SHORT: u128 = STEEL.1 - STEEL.0 - STEEL.2;
/// Tonnes that the steelworks gets and emits in the second period.
const STEEL_AFTERWARDS: (u128, u128) = (12_000, 9_000);

/// A compliance period.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// Its number.
    pub number: u64,
    /// The batch of its allowances.
    pub batch: u64,
    /// First moment after it, ms since 1970.
    pub end_ms: u64,
    /// First moment at which it may be settled, ms since 1970.
    pub settle_from_ms: u64,
}

impl Story {
    /// A year ends in a few seconds; both emitters get allowances for it.
    pub async fn open_period(&mut self, stack: &Stack) -> Result<Outcome> {
        let end = self.now(stack).await? + FIRST_LASTS;
        self.set_period(end - 365 * DAY_MS, end).await?;
        self.allocate("power station", &emitter(), STATION.0).await?;
        self.allocate("steelworks", &second_emitter(), STEEL.0).await
    }

    /// The power station offers allowances, and the steelworks buys a part of them: the fill.
    pub async fn trade_allowances(&mut self) -> Result<Outcome> {
        let (seller, buyer, price) = (emitter(), second_emitter(), ALLOWANCE_PRICE * TOKEN);
        let (batch, offered) = (self.period()?.batch, STATION.2 * CREDIT);
        let (order, placed) =
            self.scene.offer(&seller, batch, offered, price, in_a_month()?).await?;
        self.allowances_order = order;
        self.say(format!(
            "The power station offers {} allowances at {ALLOWANCE_PRICE} tokens: order {order}, its units in escrow.  [block {}]",
            decimal(offered, CREDIT),
            placed.block_number
        ));
        let args = (account(&buyer), order, STEEL.2 * CREDIT, STEEL.2 * price);
        let done = self.scene.call("market", &buyer, market::FILL, args).await?;
        self.say_filled("The steelworks", "allowances", &done)?;
        Ok(done)
    }

    /// The power station surrenders as much as it emitted, the steelworks all that it has.
    pub async fn surrender(&mut self) -> Result<Outcome> {
        let Period { number, batch, .. } = self.period()?;
        let all = STEEL.0 + STEEL.2;
        self.surrender_for(number, batch, "power station", &emitter(), STATION.1).await?;
        self.surrender_for(number, batch, "steelworks", &second_emitter(), all).await
    }

    /// The period is over: the verifier reports what both have emitted.
    pub async fn report(&mut self, stack: &Stack) -> Result<Outcome> {
        let period = self.period()?;
        self.wait(stack, "the end of", period.number, period.end_ms).await?;
        self.report_on("power station", &emitter(), STATION.1).await?;
        self.report_on("steelworks", &second_emitter(), STEEL.1).await
    }

    /// The time for reports and surrenders is over: the period is settled for both.
    pub async fn settle(&mut self, stack: &Stack) -> Result<Outcome> {
        let period = self.period()?;
        self.wait(stack, "the settlement of", period.number, period.settle_from_ms).await?;
        self.settle_for("power station", &emitter(), 0).await?;
        self.settle_for("steelworks", &second_emitter(), SHORT).await
    }

    /// The steelworks pays; what it is short of stays.
    pub async fn pay_penalty(&mut self) -> Result<Outcome> {
        let (payer, period) = (second_emitter(), self.period()?.number);
        let allowance = (self.scene.contract("carbon")?.address, SHORT * PENALTY * TOKEN);
        self.scene.call("token", &payer, token::APPROVE, allowance).await?;
        let args = (period, account(&payer));
        let done = self.scene.call("carbon", &payer, carbon::PAY_PENALTY, args).await?;
        let paid = self.scene.event("carbon", &done, "PenaltyPaid")?;
        let standing = self.scene.show("carbon", carbon::STANDING, (account(&payer),)).await?;
        ensure!(amount(&standing["deficit"])? == SHORT * CREDIT, "erased by money: {standing}");
        self.say(format!(
            "The steelworks pays the penalty of {} tokens: its rating is {}, and it is still {} short.  [block {}]",
            decimal(amount(&paid["amount"])?, TOKEN),
            paid["rating"],
            decimal(SHORT * CREDIT, CREDIT),
            done.block_number
        ));
        Ok(done)
    }

    /// In the next period the steelworks gets more, and covers what it was short of, too.
    pub async fn make_up(&mut self, stack: &Stack) -> Result<Outcome> {
        let (key, name, before) = (second_emitter(), "steelworks", self.period()?);
        let end = self.now(stack).await? + SECOND_LASTS;
        self.set_period(before.end_ms, end).await?;
        self.allocate(name, &key, STEEL_AFTERWARDS.0).await?;
        let period = self.period()?;
        let cover = STEEL_AFTERWARDS.1 + SHORT;
        self.surrender_for(period.number, period.batch, name, &key, cover).await?;
        self.wait(stack, "the end of", period.number, period.end_ms).await?;
        self.report_on(name, &key, STEEL_AFTERWARDS.1).await?;
        self.wait(stack, "the settlement of", period.number, period.settle_from_ms).await?;
        self.settle_for(name, &key, 0).await
    }

    /// The latest period.
    fn period(&self) -> Result<Period> {
        self.periods.last().copied().context("no period yet")
    }

    /// The chain's time, which all that was called is before.
    async fn now(&self, stack: &Stack) -> Result<u64> {
        stack.mirrored(self.height()).await?;
        chain_ms(stack).await
    }

    async fn wait(&self, stack: &Stack, what: &str, period: u64, until_ms: u64) -> Result<()> {
        self.say(format!("… waiting for {what} period {period} …"));
        until(stack, until_ms).await
    }

    async fn set_period(&mut self, start: u64, end: u64) -> Result<()> {
        let args = (start, end, CAP * CREDIT);
        let done = self.scene.call("carbon", &regulator(), carbon::SET_PERIOD, args).await?;
        let set = self.scene.event("carbon", &done, "PeriodSet")?;
        let period = Period {
            number: number(&set["period"])?,
            batch: number(&set["batch"])?,
            end_ms: number(&set["end"])?,
            settle_from_ms: number(&set["settle_from"])?,
        };
        self.periods.push(period);
        self.say(format!(
            "The regulator sets period {}, with at most {CAP}.000 allowances: batch {}. It can be settled {} s after its end.  [block {}]",
            period.number,
            period.batch,
            (period.settle_from_ms - period.end_ms) / 1_000,
            done.block_number
        ));
        Ok(())
    }

    async fn allocate(&mut self, name: &str, to: &Keypair, tonnes: u128) -> Result<Outcome> {
        let args = (self.period()?.number, account(to), tonnes * CREDIT);
        let done = self.scene.call("carbon", &regulator(), carbon::ALLOCATE, args).await?;
        self.say(format!(
            "The regulator allocates {tonnes}.000 of them to the {name}.  [block {}]",
            done.block_number
        ));
        Ok(done)
    }

    async fn surrender_for(
        &mut self,
        period: u64,
        batch: u64,
        name: &str,
        key: &Keypair,
        tonnes: u128,
    ) -> Result<Outcome> {
        let args = (period, batch, tonnes * CREDIT);
        let done = self.scene.call("carbon", key, carbon::SURRENDER, args).await?;
        self.say(format!(
            "The {name} surrenders {tonnes}.000 allowances for period {period}.  [block {}]",
            done.block_number
        ));
        Ok(done)
    }

    async fn report_on(&mut self, name: &str, of: &Keypair, tonnes: u128) -> Result<Outcome> {
        let report = commitment(b"verified report")?;
        let args = (self.period()?.number, account(of), tonnes * CREDIT, report);
        let done = self.scene.call("carbon", &verifier(), carbon::REPORT_EMISSIONS, args).await?;
        self.say(format!(
            "The verifier reports that the {name} has emitted {tonnes}.000 tonnes.  [block {}]",
            done.block_number
        ));
        Ok(done)
    }

    /// Settles the latest period for one emitter, who must be this short then; anybody may.
    async fn settle_for(&mut self, name: &str, of: &Keypair, short: u128) -> Result<Outcome> {
        let args = (self.period()?.number, account(of));
        let done = self.scene.call("carbon", &regulator(), carbon::SETTLE_PERIOD, args).await?;
        let settled = self.scene.event("carbon", &done, "PeriodSettled")?;
        let units = |field: &str| amount(&settled[field]);
        ensure!(units("deficit")? == short * CREDIT, "expected {short} missing in {settled}");
        let carried = units("brought_deficit")?;
        let mut text = format!(
            "Period {} is settled for the {name}: {} emitted{}, {} surrendered",
            number(&settled["period"])?,
            decimal(units("verified")?, CREDIT),
            if carried > 0 {
                format!(" and {} carried over", decimal(carried, CREDIT))
            } else {
                String::new()
            },
            decimal(units("surrendered")?, CREDIT),
        );
        if short > 0 {
            let imposed = self.scene.event("carbon", &done, "PenaltyImposed")?;
            text.push_str(&format!(
                ", {short}.000 short, penalty {} tokens",
                decimal(amount(&imposed["amount"])?, TOKEN)
            ));
        }
        let (rating, block) = (&settled["rating"], done.block_number);
        self.say(format!("{text}. Its rating is {rating}.  [block {block}]"));
        Ok(done)
    }

    /// Tells what a fill says of itself.
    pub(super) fn say_filled(&self, buyer: &str, what: &str, done: &Outcome) -> Result<()> {
        let filled: Value = self.scene.event("market", done, "OrderFilled")?;
        self.say(format!(
            "{buyer} buys {} {what} of order {} for {} tokens, of which {} are the fee; {} are still offered.  [block {}]",
            decimal(amount(&filled["amount"])?, CREDIT),
            number(&filled["order"])?,
            decimal(amount(&filled["payment"])?, TOKEN),
            decimal(amount(&filled["fee"])?, TOKEN),
            decimal(amount(&filled["remaining"])?, CREDIT),
            done.block_number
        ));
        Ok(())
    }
}
