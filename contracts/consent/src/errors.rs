//! Why a message of the consent contract failed. A refused access is no error: it is a decision, on
//! record, and an error would leave none.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum ConsentError {
    /// The contract is paused.
    Paused,
    /// The participants contract gave no answer.
    ParticipantsFailed,
    /// A time of the constructor is out of its bounds.
    InvalidTimes,
    /// The owner is not an active data owner.
    NotDataOwner,
    /// The caller may not act for the owner, the requester or the provider, or has no part in the
    /// window.
    NotAuthorized,
    /// The delegation or the guardianship does not go that far.
    OutOfScope,
    /// The grantee is not an active provider or researcher.
    GranteeNotAdmitted,
    /// The grantee is the owner.
    SelfGrant,
    /// The mask of purposes or of categories is zero.
    EmptyMask,
    /// The period does not end after it starts, or is over.
    InvalidPeriod,
    /// The grant could never be used again.
    ZeroUses,
    /// As many grants from this owner to this grantee live as may, or as many of delegates.
    TooManyGrants,
    /// A batch is empty, or larger than a batch may be.
    BatchSize,
    /// There is no grant of this number.
    UnknownGrant,
    /// The grant was revoked before: alone, with all others of its epoch, or with all that the
    /// delegate gave who gave it.
    AlreadyRevoked,
    /// The grant is expired, ended with the mandate of the guardian who gave it, or is used up.
    GrantOver,
    /// The version that was named is not the grant's current one.
    VersionChanged,
    /// No grant from the owner to this grantee lives.
    NoLiveGrant,
    /// The purpose is not below 32.
    UnknownPurpose,
    /// The category is not below 32.
    UnknownCategory,
    /// Nobody can deny access to himself.
    SelfDenial,
    /// Nothing in these masks is denied, or a guardian would lift what the owner denies.
    NoDenial,
    /// More accounts are excepted than a restriction may except.
    TooManyExceptions,
    /// An account is excepted twice.
    RepeatedException,
    /// There is a restriction: it has to be lifted first.
    AlreadyRestricted,
    /// There is no restriction to lift, or a guardian would lift the owner's own.
    NotRestricted,
    /// The caller refuses emergencies as it is.
    AlreadyRefused,
    /// The owner does not refuse emergencies.
    NotRefused,
    /// Nobody can be a delegate of himself.
    SelfDelegation,
    /// The delegate is not an active participant.
    DelegateNotAdmitted,
    /// There is no delegation to take back.
    NoDelegation,
    /// The grant is for all records: it has no link to one.
    NoLink,
    /// The grant names no record any more.
    AlreadyErased,
    /// The grant lives: it has to be revoked first.
    GrantLive,
    /// The caller is not an active provider.
    NotProvider,
    /// Nobody breaks the glass to his own data, or to those of his ward.
    OwnData,
    /// The patient is not an active data owner.
    PatientNotAdmitted,
    /// The patient wants no emergency access.
    EmergencyRefused,
    /// The provider has an open window on this patient; or the window is open, and what it was is
    /// not over.
    WindowOpen,
    /// A reviewer found a use of this key unjustified, and no regulator has lifted the bar.
    Barred,
    /// The patient closed the window that this key opened last, and the time to wait is not over.
    CoolingDown,
    /// There is no window of this number.
    UnknownWindow,
    /// The window was closed before, or its time is over.
    WindowClosed,
    /// The caller is not an active auditor or regulator.
    NotReviewer,
    /// The reviewer is the provider or the patient, acts for one of them, or opened the window.
    OwnReview,
    /// The window was reviewed before.
    AlreadyReviewed,
    /// The time for the review is not over.
    NotOverdue,
    /// The caller is not an active regulator.
    NotRegulator,
    /// The key is not barred.
    NotBarred,
    /// The key that is barred is the regulator's.
    OwnBar,
    /// The suspension was proposed before.
    AlreadySanctioned,
    /// The rewards contract refused to accrue, or gave no answer.
    RewardsFailed,
    /// There are no numbers left for what the message counts.
    TooMany,
}
