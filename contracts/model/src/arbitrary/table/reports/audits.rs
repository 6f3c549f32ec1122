//! Audits: what both messages begin with.

use super::{Lookup, Picks};
use crate::{
    arbitrary::{
        lookup::{last_of, named},
        picks::UNKNOWN,
        table::Call,
    },
    role::AUDITOR,
    sha256, Account, Hash,
    Message::Reports,
    ReportsMessage as M,
};

/// How many nonces auditors choose from.
const NONCES: u8 = 4;

fn nonce(number: u8) -> Hash {
    named("nonce", number)
}

impl Lookup<'_> {
    /// Of a version that there is, rarely of none, by those first who have no part in it.
    pub(super) fn open_audit(&self, p: &mut Picks) -> Call {
        let series = self.started_series(p);
        let version = self.version(&series, p.pick());
        let sequence = version.filter(|_| p.yes(92)).map_or(77, |v| v.sequence);
        let own = |auditor: &Account| {
            version.is_some_and(|v| {
                v.patient == Some(*auditor) || self.is_involved(auditor, &[v.owner, v.doctor])
            })
        };
        let mut auditors = self.having(AUDITOR);
        auditors.sort_by_key(|auditor| own(auditor));
        if !p.yes(90) {
            auditors.reverse();
        }
        let commitment = sha256(&nonce(p.below(NONCES)));
        (Reports(M::OpenAudit(series.0, series.1, sequence, commitment)), auditors)
    }

    /// Of an audit that is open, rarely of another or of none, with its nonce or rarely another.
    pub(super) fn record_audit(&self, p: &mut Picks) -> Call {
        let audits = &self.world.reports.audits;
        let number = p.known();
        // The latest may be too new.
        let oldest = audits.iter().find(|(_, a)| a.result.is_none()).filter(|_| p.yes(60));
        let chosen = match oldest {
            Some((number, audit)) => Some((*number, *audit)),
            None => last_of(audits, |_, a| a.result.is_none(), number),
        };
        let chosen = chosen.filter(|_| number != UNKNOWN);
        let (audit, auditor) =
            chosen.map_or((audits.len() as u64 + 1, None), |(n, a)| (n, Some(a.auditor)));
        let right = (0..NONCES)
            .map(nonce)
            .find(|nonce| chosen.is_some_and(|(_, a)| a.commitment == sha256(nonce)));
        let nonce = right.filter(|_| p.yes(92)).unwrap_or(named("other nonce", 0));
        let (block_hash, evidence) = (named("block", p.below(9)), named("evidence", 0));
        let message = M::RecordAudit(audit, nonce, block_hash, p.yes(70), evidence);
        (Reports(message), auditor.into_iter().collect())
    }
}
