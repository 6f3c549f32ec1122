//! Why a message of the reports contract was refused.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum ReportsError {
    /// The contract is paused.
    Paused,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The caller may not act for the owner of the series, or for the signer.
    NotAuthorized,
    /// The owner is no active data owner, resource holder or provider; the signer is no active
    /// participant.
    NotAdmitted,
    /// The batch is empty or has more than [`crate::data::MAX_BATCH`] versions.
    BatchSize,
    /// The length is zero.
    EmptyReport,
    /// There is no chunk, or more of them than bytes.
    InvalidChunks,
    /// The patient is the doctor, so that one signature would stand for two.
    SameParty,
    /// The number is not the one after the latest version's.
    WrongSequence,
    /// The previous head is not the latest version's (zero for the first version).
    WrongPrevious,
    /// The owner has no version of the series yet.
    NothingToSupersede,
    /// There is no such version, or its head is not the one that the caller signs for.
    UnknownVersion,
    /// The version was revoked.
    AlreadyRevoked,
    /// The signer is neither the patient nor the doctor of the version, or the doctor, for whom no
    /// guardian signs.
    NotParty,
    /// It was signed for the signer before.
    AlreadySigned,
    /// The caller is no active auditor; to record an audit, not the one who opened it.
    NotAuditor,
    /// The caller owns the series, is the version's patient or doctor, or acts for its owner or doctor.
    OwnAudit,
    /// There is no number left for an audit or for the block that it needs.
    TooMany,
    /// There is no such audit.
    UnknownAudit,
    /// The audit has a result, which never changes.
    AlreadyRecorded,
    /// The hash of the audit's block is not known before the block after it.
    TooEarly,
    /// The nonce is not the one that the auditor committed to.
    WrongNonce,
}
