//! Keys that replace those of participants.

use super::{Scene, account, commitment, regulator};
use anyhow::Result;
use assent_client::{Account, chain::Chain, contract::Outcome};
use assent_interface::{participants, token};
use subxt_signer::sr25519::Keypair;

impl Scene {
    /// The regulator names `to` as the key of a participant who has lost his.
    pub async fn replace_key(&mut self, subject: Account, to: &Keypair) -> Result<Outcome> {
        let evidence = commitment(b"who came with a passport, and which one")?;
        let args = (subject, account(to), evidence);
        self.call("participants", &regulator(), participants::REPLACE_KEY, args).await
    }

    /// `key` accepts to act for a participant, and takes over the tokens of `from`, the key before, in one
    /// transaction: what it emitted.
    pub async fn succeed(
        &mut self,
        chain: &Chain,
        key: &Keypair,
        subject: Account,
        from: Account,
    ) -> Result<Outcome> {
        let accept = self.call_of("participants", participants::ACCEPT_SUCCESSION, (subject,))?;
        let take_over = self.call_of("token", token::TAKE_OVER, (from,))?;
        self.together(chain, key, vec![accept, take_over]).await
    }
}
