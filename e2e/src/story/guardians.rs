//! A child and its mother, whom a regulator appoints to act for it: she grants, and what she granted ends when
//! she is dismissed.

use super::Story;
use crate::{
    messages::{Terms, role},
    native::endow,
    scene::{DAY_MS, account, child, hospital1, mother, now_ms, regulator, returned, treatment},
    stack::Stack,
};
use anyhow::Result;
use assent_interface::{consent, participants};

impl Story {
    /// The regulator admits a child, and appoints its mother.
    pub async fn appoint(&mut self, stack: &Stack) -> Result<()> {
        endow(stack, &[child(), mother()]).await?;
        let done = self.scene.admit(&child(), role::DATA_OWNER).await?;
        self.say(format!("The regulator admits a child.  [block {}]", done.block_number));
        let of_age = now_ms()? + 10 * 365 * DAY_MS;
        let done = self.scene.appoint(&child(), &mother(), of_age).await?;
        self.say(format!(
            "The regulator appoints the mother to act for the child, for ten years.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// She grants hospital 1 what the patient did.
    pub async fn grant_for_the_child(&mut self) -> Result<()> {
        let terms = Terms { owner: account(&child()), ..treatment(&hospital1())? };
        let done = self.scene.call("consent", &mother(), consent::GRANT, (terms,)).await?;
        self.childs_grant = returned(&done)?;
        self.say(format!(
            "The mother, in the name of the child, grants hospital 1 treatment on cardiology for 30 days: grant {}.  [block {}]",
            self.childs_grant, done.block_number
        ));
        Ok(())
    }

    /// The regulator dismisses her.
    pub async fn dismiss(&mut self) -> Result<()> {
        let mandate = (account(&child()), account(&mother()));
        let end = participants::END_MANDATE;
        let done = self.scene.call("participants", &regulator(), end, mandate).await?;
        self.say(format!(
            "The regulator dismisses the mother, and what she granted ends with that.  [block {}]",
            done.block_number
        ));
        Ok(())
    }
}
