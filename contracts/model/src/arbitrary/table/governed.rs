//! Messages on the government of a contract.

use super::{message, Call, Entry, Lookup, Picks};
use crate::{
    arbitrary::lookup::{choose, named},
    Account, Contract, Governance, GovernedMessage as M, Message,
};
use assent_interface::governance as labels;

pub(super) const TABLE: &[Entry] = &[
    message(labels::PAUSE, 1, |l, p| l.govern(l.contract(p), M::Pause)),
    // Four times for a pause, or else most of the story would be refused.
    message(labels::UNPAUSE, 4, |l, p| l.govern(l.contract_where(p, |g| g.paused), M::Unpause)),
    message(labels::PROPOSE_HANDOVER, 3, |l, p| l.propose(l.contract(p), p)),
    message(labels::CANCEL_HANDOVER, 1, |l, p| {
        l.govern(l.contract_where(p, |g| g.handover.is_some()), M::CancelHandover)
    }),
    // Or a proposal, if that is meant and there is none yet.
    message(labels::ACCEPT_HANDOVER, 4, |l, p| {
        let contract = l.contract(p);
        match l.world.governance(contract).handover {
            None if p.yes(80) => l.propose(contract, p),
            handover => {
                let successor: Vec<Account> = handover.map(|h| h.to).into_iter().collect();
                (Message::Governed(contract, M::AcceptHandover), successor)
            }
        }
    }),
    message(labels::ANNOUNCE_UPGRADE, 3, |l, p| l.announce(l.contract(p), p)),
    message(labels::CANCEL_UPGRADE, 1, |l, p| {
        l.govern(l.contract_where(p, |g| g.upgrade.is_some()), M::CancelUpgrade)
    }),
    // Or an announcement, if that is meant and there is none yet.
    message(labels::APPLY_UPGRADE, 4, |l, p| {
        let contract = l.contract(p);
        match l.world.governance(contract).upgrade {
            None if p.yes(80) => l.announce(contract, p),
            _ => l.govern(contract, M::ApplyUpgrade),
        }
    }),
];

impl Lookup<'_> {
    /// One of the contracts that get messages.
    fn contract(&self, p: &mut Picks) -> Contract {
        let contracts = self.mix.contracts();
        contracts[usize::from(p.below(contracts.len() as u8))]
    }

    /// A contract, or when its government does not suit, the next one whose does, if there is one.
    fn contract_where(&self, p: &mut Picks, suits: impl Fn(&Governance) -> bool) -> Contract {
        let contract = self.contract(p);
        let from_here = Contract::ALL.into_iter().cycle().skip_while(|c| *c != contract);
        let mut suiting =
            from_here.take(Contract::ALL.len()).filter(|c| suits(self.world.governance(*c)));
        suiting.next().unwrap_or(contract)
    }

    /// What only the administrator may send.
    fn govern(&self, contract: Contract, message: M) -> Call {
        (Message::Governed(contract, message), self.administrator(contract))
    }

    fn propose(&self, contract: Contract, p: &mut Picks) -> Call {
        self.govern(contract, M::ProposeHandover(self.admitted(p.pick())))
    }

    /// Code that does the same as the contract's, sometimes what does not fit or is nowhere.
    fn announce(&self, contract: Contract, p: &mut Picks) -> Call {
        let setup = &self.world.setup;
        let runs = self.world.code(contract).unwrap_or_default();
        let others =
            |of| setup.others.iter().filter(move |(_, c)| c.of == of).map(|(hash, _)| *hash);
        let same = setup.codes.get(&contract).copied().into_iter().chain(others(Some(contract)));
        let wrong = choose(others(None), |_| true, p.below(8)).unwrap_or(runs);
        let same = choose(same.filter(|code| *code != runs), |_| true, 0).unwrap_or(wrong);
        let code = p.sound(4, [same, same, same, wrong, runs, named("code", 0)]);
        self.govern(contract, M::AnnounceUpgrade(code))
    }
}
