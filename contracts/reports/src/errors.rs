//! Why a message of the reports contract was refused.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum ReportsError {
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// The caller is no active data owner, resource holder or provider.
    NotAdmitted,
    /// Somebody else anchored the first version of the series.
    NotSeriesOwner,
    /// The length is zero.
    EmptyReport,
    /// The number is not the one after the latest version's.
    WrongSequence,
    /// The previous digest is not the latest version's (zero for the first version).
    WrongPrevious,
}
