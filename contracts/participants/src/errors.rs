//! Why a message of the participants contract was refused.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum ParticipantsError {
    /// The contract is paused, and a pause blocks this message.
    Paused,
    /// The account registered before.
    AlreadyRegistered,
    /// The account has not registered.
    NotRegistered,
    /// The caller is not an active regulator.
    NotRegulator,
    /// A regulator may not change his own roles or status; another one has to.
    OwnRoles,
    /// The role mask is zero or has bits that are no role.
    UnknownRoles,
    /// The account holds roles already: they are set, not approved.
    AlreadyApproved,
    /// The account holds no roles yet: they are approved, not set.
    NotApproved,
    /// Who is a regulator is for the administrator alone to change.
    NotAdministrator,
    /// The account is suspended: it cannot be suspended again, and nobody leaves the black list.
    AlreadySuspended,
    /// The account is not suspended.
    NotSuspended,
    /// The administrator has to hand his office over before he leaves.
    OfficeHolder,
    /// The account holds no roles that it could give up.
    NothingToLeave,
    /// There are as many participants as can be numbered.
    TooMany,
}
