//! Steps with proposals of grants and requests for erasure.

use assent_interface::agreements;

use crate::Account;
use crate::ledger::{AGREEMENTS_TIMES, EVIDENCE, EXPIRES, Ledger, Terms};

impl Ledger {
    /// The grantee himself proposes these terms, until [`EXPIRES`]; gives the proposal's number.
    #[track_caller]
    pub fn propose(&mut self, terms: Terms) -> u64 {
        self.done(terms.grantee, "agreements", agreements::PROPOSE, &(terms, EXPIRES)).value()
    }

    /// `owner` asks `requester` to erase what it holds of him; gives the request's number.
    #[track_caller]
    pub fn request_erasure(&mut self, owner: Account, requester: Account) -> u64 {
        self.done(owner, "agreements", agreements::REQUEST_ERASURE, &(owner, requester)).value()
    }

    /// `requester` answers a request for erasure: the data are erased, or retained until then.
    #[track_caller]
    pub fn answer_erasure(
        &mut self,
        requester: Account,
        erasure: u64,
        retained_until: Option<u64>,
    ) {
        let answer = (erasure, retained_until, EVIDENCE);
        self.done(requester, "agreements", agreements::ANSWER_ERASURE, &answer);
    }

    /// Deploys the agreements contract anew; it asks the contracts at these addresses.
    #[track_caller]
    pub fn replace_agreements(&mut self, participants: Account, consent: Account) {
        let new = agreements::New { participants, consent, times: AGREEMENTS_TIMES };
        self.agreements = self.another("agreements", &new);
    }
}
