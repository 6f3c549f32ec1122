//! The child's key is lost: a regulator names another, which acts for it from then on, and the lost one for nobody.

use super::{
    Story,
    show::{decimal, provenance},
};
use crate::{
    messages::Terms,
    native::endow,
    scene::{TOKEN, account, amount, child, hospital1, in_effect, returned, spare, treatment},
    stack::{Stack, TIMING},
};
use anyhow::{Result, ensure};
use assent_interface::consent;

/// Tokens of the child.
const TOKENS: u128 = 5;

impl Story {
    /// The regulator names another key for the child, and waits.
    pub async fn lose_a_key(&mut self, stack: &Stack) -> Result<()> {
        endow(stack, &[spare(1)]).await?;
        self.scene.mint(&child(), TOKENS * TOKEN).await?;
        let done = self.scene.replace_key(account(&child()), &spare(1)).await?;
        self.say(format!(
            "The child, which has {TOKENS} tokens, has lost its key. The regulator checks who it is and names another: it may act {} seconds later, unless whoever has the lost one objects.  [block {}]",
            TIMING.delay_ms / 1_000,
            done.block_number
        ));
        in_effect().await;
        Ok(())
    }

    /// The new key acts for the child, and has what is the child's; the lost one is refused.
    pub async fn act_by_another_key(&mut self, stack: &Stack) -> Result<()> {
        let (owner, key) = (account(&child()), spare(1));
        let done = self.scene.succeed(&stack.chain, &key, owner, owner).await?;
        self.say(format!(
            "The new key accepts, and takes over the child's tokens in the same transaction.  [block {}]",
            done.block_number
        ));
        let terms = Terms { owner, ..treatment(&hospital1())? };
        let refusal = self.scene.refusal("consent", &child(), consent::GRANT, (terms,)).await?;
        ensure!(refusal == "NotAuthorized", "the lost key may still act: {refusal}");
        let done = self.scene.call("consent", &key, consent::GRANT, (terms,)).await?;
        let grant: u64 = returned(&done)?;
        self.say(format!(
            "Whoever finds the lost key may do nothing. [{refusal}] By the new one the child grants hospital 1 treatment on cardiology: grant {grant}.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// Shows who acts for the child, and who has its tokens.
    pub async fn show_key(&self, stack: &Stack) -> Result<()> {
        let owner = account(&child());
        let participant = self.scene.api(stack, &format!("/v1/participants/{owner}")).await?;
        let key = participant["key"].as_str().unwrap_or_default();
        let tokens = self.scene.api(stack, &format!("/v1/token/balances/{key}")).await?;
        self.say(format!(
            "  API: the key {key} acts for the child, and has its {} tokens.  [{}]",
            decimal(amount(&tokens["balance"])?, TOKEN),
            provenance(&participant)?
        ));
        Ok(())
    }
}
