//! What holds of the government of each contract, told by what was done.

use crate::{Contract, Governance, GovernedMessage as M, Handover, Upgrade, World, ZERO};

/// 14 days.
const GRACE: u64 = 1_209_600_000;

/// When something that was announced may be done, if there is such a time.
fn from_to(at: u64, delay: u64) -> Option<(u64, u64)> {
    let from = at.checked_add(delay)?;
    Some((from, from.checked_add(GRACE)?))
}

impl World {
    pub(super) fn governance_holds(&self) -> Result<(), String> {
        for contract in Contract::ALL {
            self.governed_well(contract).map_err(|why| format!("{contract}: {why}"))?;
        }
        Ok(())
    }

    fn governed_well(&self, contract: Contract) -> Result<(), String> {
        let stands: &Governance = self.governance(contract);
        let delay = stands.delay;
        hold!(delay == self.setup.times.delay, "the delay changed");
        hold!((1_000..=7_776_000_000).contains(&delay), "a delay of {delay}");

        let mut administrator = self.setup.administrator;
        let mut code = self.setup.codes.get(&contract).copied();
        let (mut handover, mut upgrade) = (None, None);
        for act in self.governing.iter().filter(|act| act.contract == contract) {
            let accepts = act.message == M::AcceptHandover;
            hold!(accepts || act.by == administrator, "not by the administrator: {act:?}");
            let (now, times) = (act.at, from_to(act.at, delay));
            match act.message {
                M::Pause | M::Unpause => {}
                M::ProposeHandover(to) => {
                    let (not_before, until) = times.ok_or("a proposal for ever")?;
                    handover = Some(Handover { to, not_before, until });
                }
                M::CancelHandover => handover = None,
                M::AcceptHandover => {
                    let Handover { to, not_before, until } =
                        handover.take().ok_or("accepted nothing")?;
                    hold!(to == act.by, "accepted by another: {act:?}");
                    hold!(not_before <= now && now < until, "out of time: {act:?}");
                    administrator = to;
                }
                M::AnnounceUpgrade(code_hash) => {
                    hold!(Some(code_hash) != code, "announced what it runs: {act:?}");
                    hold!(self.schema_of(&code_hash).is_some(), "who has seen it? {act:?}");
                    let (not_before, until) = times.ok_or("an announcement for ever")?;
                    upgrade = Some(Upgrade { code_hash, not_before, until });
                }
                M::CancelUpgrade => upgrade = None,
                M::ApplyUpgrade => {
                    let Upgrade { code_hash, not_before, until } =
                        upgrade.take().ok_or("applied nothing")?;
                    hold!(not_before <= now && now < until, "out of time: {act:?}");
                    let old = code.and_then(|code| self.schema_of(&code)).flatten();
                    let new = self.schema_of(&code_hash).flatten();
                    let step = old.zip(new).and_then(|(old, new)| new.checked_sub(old));
                    hold!(step.is_some_and(|step| step <= 1), "{old:?} becomes {new:?}: {act:?}");
                    code = Some(code_hash);
                }
            }
        }
        hold!(administrator != ZERO, "nobody is the administrator");
        hold!(stands.administrator == administrator, "governed by {administrator:?}: {stands:?}");
        hold!(stands.handover == handover, "proposed {handover:?}: {stands:?}");
        hold!(stands.upgrade == upgrade, "announced {upgrade:?}: {stands:?}");
        hold!(self.code(contract) == code, "it runs what nobody announced");
        let locked = self.locks.iter().filter(|(of, _)| *of == contract).map(|(_, code)| *code);
        hold!(locked.eq(upgrade.map(|u| u.code_hash)), "locked is not what is announced");
        Ok(())
    }
}
