//! Why a message of the participants contract was refused.

/// Why a message was refused. Each message documents which one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[ink::scale_derive(Encode, Decode, TypeInfo)]
pub enum ParticipantsError {
    /// The caller is not an active regulator.
    NotRegulator,
    /// A regulator may not change his own roles or status; another one has to.
    OwnRoles,
    /// The role mask is zero or has bits that are no role.
    UnknownRoles,
    /// The account registered before.
    AlreadyRegistered,
    /// The account has not registered.
    NotRegistered,
    /// The account is suspended already.
    AlreadySuspended,
    /// The account is not suspended.
    NotSuspended,
}
