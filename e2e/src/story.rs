//! The story that ties the contracts together: consent, access, reward and erasure, a child's guardian and a lost key;
//! and emitters that trade allowances, are settled, and sell credits, which a buyer retires.
//!
//! Each step is a method, so that a test can break something between two of them. Every step is
//! told through the narrator in a sentence that a person would want to read.

use crate::{
    messages::Hash,
    scene::{Scene, random},
    stack::Stack,
};
use anyhow::Result;
use std::path::Path;

mod agreements;
mod compliance;
mod consent;
mod credits;
mod guardians;
mod keys;
mod show;
mod succession;

pub use self::{
    compliance::Period,
    consent::{bundled_report, check_report, seal},
    keys::write_keys,
};

/// Told a sentence at every step.
pub type Narrator = Box<dyn Fn(&str) + Send + Sync>;

/// The story as far as it has been played.
pub struct Story {
    /// The contracts, and how far they were called.
    pub scene: Scene,
    say: Narrator,
    /// The patient's report series.
    pub series: Hash,
    /// What the patient encrypted the file with.
    pub key: [u8; 32],
    /// Head of the anchored version: what its parties sign for.
    pub head: Hash,
    /// What hospital 1 proposed.
    pub proposal: u64,
    /// The grant to it.
    pub grant: u64,
    /// What the patient asked it to erase.
    pub erasure: u64,
    /// The grant that the child's mother gave.
    pub childs_grant: u64,
    /// The batch of the steelworks' credits.
    pub batch: u64,
    /// The compliance periods so far.
    pub periods: Vec<Period>,
    /// The power station's order of allowances.
    pub allowances_order: u64,
    /// The steelworks' order of credits.
    pub credits_order: u64,
}

impl Story {
    /// Nothing has happened yet.
    pub fn new(stack: &Stack, say: Narrator) -> Result<Self> {
        Ok(Self {
            scene: Scene::new(stack)?,
            say,
            series: [0; 32],
            key: random()?,
            head: [0; 32],
            proposal: 0,
            grant: 0,
            erasure: 0,
            childs_grant: 0,
            batch: 0,
            periods: Vec::new(),
            allowances_order: 0,
            credits_order: 0,
        })
    }

    /// Block of the last step: what the mirror must reach to show it.
    pub fn height(&self) -> u64 {
        self.scene.height
    }

    /// Plays the whole story, with what the API shows in between and at the end.
    pub async fn play(&mut self, stack: &Stack, report: &Path) -> Result<()> {
        self.admit().await?;
        self.fund_rewards().await?;
        self.anchor(report).await?;
        self.sign().await?;
        self.verify(stack, report).await?;
        self.employ().await?;
        self.propose().await?;
        self.accept(stack).await?;
        self.ask_with_grant().await?;
        self.ask_without_grant().await?;
        self.show_reward(stack).await?;
        self.revoke().await?;
        self.ask_after_revocation().await?;
        self.withdraw().await?;
        self.show_reward(stack).await?;
        self.ask_for_erasure().await?;
        self.answer_erasure().await?;

        self.appoint(stack).await?;
        self.grant_for_the_child().await?;
        self.show_childs_grant(stack).await?;
        self.dismiss().await?;
        self.show_childs_grant(stack).await?;
        self.lose_a_key(stack).await?;
        self.act_by_another_key(stack).await?;
        self.show_key(stack).await?;

        self.admit_traders(stack).await?;
        self.issue_credits().await?;
        self.set_rules().await?;
        self.open_period(stack).await?;
        self.trade_allowances().await?;
        self.surrender().await?;
        self.report(stack).await?;
        self.settle(stack).await?;
        self.offer_too_much().await?;
        self.sell_credits().await?;
        self.retire_credits().await?;
        self.pay_penalty().await?;
        self.make_up(stack).await?;
        self.show_everything(stack).await
    }

    fn say(&self, text: impl AsRef<str>) {
        (self.say)(text.as_ref());
    }
}
