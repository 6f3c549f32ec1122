//! Messages of reports.

use crate::{Account, Hash, NewVersion};
use parity_scale_codec::Encode;

/// Messages of reports.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
pub enum ReportsMessage {
    /// `anchor(owner, new)`
    Anchor(Account, NewVersion),
    /// `anchor_batch(owner, list)`
    AnchorBatch(Account, Vec<NewVersion>),
    /// `supersede(owner, new)`
    Supersede(Account, NewVersion),
    /// `revoke(owner, series, sequence, reason)`
    Revoke(Account, Hash, u32, Hash),
    /// `countersign(signer, owner, series, sequence, head)`
    Countersign(Account, Account, Hash, u32, Hash),
    /// `open_audit(owner, series, sequence, commitment)`
    OpenAudit(Account, Hash, u32, Hash),
    /// `record_audit(audit, nonce, block_hash, passed, evidence)`
    RecordAudit(u64, Hash, Hash, bool, Hash),
}

impl ReportsMessage {
    pub(super) fn label(&self) -> &'static str {
        use assent_interface::reports as labels;
        match self {
            Self::Anchor(..) => labels::ANCHOR,
            Self::AnchorBatch(..) => labels::ANCHOR_BATCH,
            Self::Supersede(..) => labels::SUPERSEDE,
            Self::Revoke(..) => labels::REVOKE,
            Self::Countersign(..) => labels::COUNTERSIGN,
            Self::OpenAudit(..) => labels::OPEN_AUDIT,
            Self::RecordAudit(..) => labels::RECORD_AUDIT,
        }
    }
}
