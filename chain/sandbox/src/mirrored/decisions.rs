//! What the rows say that the consent contract would decide.

use assent_events::{AccountId, Contract};
use assent_mirror::decision::{Facts, Parties, Request, Standing, Verdict, decide, standing};
use assent_model::Request as Asked;

use super::values::big;
use super::{Account, Mirrored};

impl Mirrored {
    /// What the contract would decide at `now` if the key `by` asked.
    ///
    /// # Errors
    /// When a row does not fit its table, or consent is not followed.
    pub fn decide(&self, now: u64, by: Account, asked: &Asked) -> Result<Verdict, String> {
        let Asked { grant, record, purpose, category, .. } = *asked;
        let request = Request { grant: grant.map(big), record, purpose, category };
        Ok(decide(&self.facts(now, by, asked)?, &request))
    }

    /// Where the grants stand at `now` between the parties of a request, those that are over left out but for
    /// the latest and the one that it names: numbers, and what is said of them.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    pub fn standings(&self, now: u64, asked: &Asked) -> Result<Vec<(u64, Standing)>, String> {
        let facts = self.facts(now, asked.requester, asked)?;
        let grants = facts.grants.iter();
        Ok(grants.map(|grant| (grant.number.unsigned_abs(), standing(&facts, grant))).collect())
    }

    fn facts(&self, now: u64, by: Account, asked: &Asked) -> Result<Facts, String> {
        let consent = self.contracts.iter().find(|(_, contract)| **contract == Contract::Consent);
        let (contract, _) = consent.ok_or("the consent contract is not followed")?;
        let [contract, owner, requester, by] =
            [*contract, asked.owner, asked.requester, by].map(AccountId);
        let parties = Parties { contract, owner, requester, by };
        let facts = Facts::gather(&self.prompt.stored, parties, asked.grant.map(big), now);
        facts.map_err(|error| error.to_string())
    }
}
