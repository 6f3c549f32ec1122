//! What the patient and hospital 1 agree on: a grant that the hospital proposes, and the erasure when it is
//! over.

use super::Story;
use crate::{
    scene::{account, commitment, doctor, hospital1, number, patient, treatment},
    stack::Stack,
};
use anyhow::{Result, ensure};
use assent_interface::agreements;

impl Story {
    /// The doctor, for hospital 1, proposes treatment on cardiology for 30 days.
    pub async fn propose(&mut self) -> Result<()> {
        let (proposal, done) = self.scene.propose(&doctor(), treatment(&hospital1())?).await?;
        self.proposal = proposal;
        self.say(format!(
            "The doctor, in the name of hospital 1, proposes to the patient a grant of treatment on cardiology for 30 days: proposal {proposal}.  [block {}]",
            done.block_number
        ));
        Ok(())
    }

    /// The patient grants it, and accepts the proposal in the same transaction.
    pub async fn accept(&mut self, stack: &Stack) -> Result<()> {
        let (owner, proposal) = (patient(), self.proposal);
        let done = self.scene.grant_and_accept(&stack.chain, &owner, proposal).await?;
        let granted = self.scene.event("consent", &done, "Granted")?;
        let accepted = self.scene.event("agreements", &done, "ProposalAccepted")?;
        ensure!(granted["grant"] == accepted["grant"], "{granted} is not what {accepted} names");
        self.grant = number(&granted["grant"])?;
        self.say(format!(
            "The patient grants that, and accepts proposal {proposal} in the same transaction: grant {}, to hospital 1 and not to hospital 2.  [block {}]",
            self.grant, done.block_number
        ));
        Ok(())
    }

    /// The patient asks hospital 1 to erase what it holds of him.
    pub async fn ask_for_erasure(&mut self) -> Result<()> {
        let (owner, of) = (patient(), (account(&patient()), account(&hospital1())));
        let done = self.scene.call("agreements", &owner, agreements::REQUEST_ERASURE, of).await?;
        let asked = self.scene.event("agreements", &done, "ErasureRequested")?;
        self.erasure = number(&asked["erasure"])?;
        self.say(format!(
            "No grant of the patient to hospital 1 is left, and the patient asks it to erase what it holds: request {}, to be answered within {} seconds.  [block {}]",
            self.erasure,
            (number(&asked["due"])? - number(&asked["at"])?) / 1_000,
            done.block_number
        ));
        Ok(())
    }

    /// The doctor answers for hospital 1.
    pub async fn answer_erasure(&mut self) -> Result<()> {
        let evidence = commitment(b"the protocol of the erasure")?;
        let args = (self.erasure, None::<u64>, evidence);
        let done =
            self.scene.call("agreements", &doctor(), agreements::ANSWER_ERASURE, args).await?;
        self.say(format!(
            "The doctor answers, in the name of hospital 1, that it is erased; the commitment to the evidence is {}.  [block {}]",
            hex::encode(evidence),
            done.block_number
        ));
        Ok(())
    }
}
