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
    /// The mask holds data owner: nobody is suspended from being cared for.
    DataOwner,
    /// The account holds roles already: they are set, not approved.
    AlreadyApproved,
    /// The account was never approved, or holds no roles: they are approved, not set.
    NotApproved,
    /// The profile that was checked is not the one on record.
    ProfileChanged,
    /// The profile on record, or the replacement of the key, was confirmed before.
    AlreadyConfirmed,
    /// Who is a regulator is for the administrator alone to change.
    NotAdministrator,
    /// A role of the mask is suspended already.
    AlreadySuspended,
    /// A role of the mask is not suspended.
    NotSuspended,
    /// The administrator has to hand his office over before he leaves.
    OfficeHolder,
    /// The account holds no roles that it could give up.
    NothingToLeave,
    /// The caller has no staff: it is not active, or only as a data owner.
    NotOrganisation,
    /// Nobody is a member of his own staff, or his own guardian: his own key may do everything.
    OwnMandate,
    /// The mask of powers is zero or has bits that are no power.
    UnknownPowers,
    /// The term is over already, or longer than five years; a guardian's, than eighteen. Times are
    /// milliseconds since 1970.
    InvalidTerm,
    /// A regulator appoints nobody for himself, himself for nobody, and nobody for a ward of his.
    OwnGuardianship,
    /// The ward is not an active data owner.
    NotDataOwner,
    /// The agent has a mandate of the other kind from the subject, a guardian's or a member's, which has
    /// to be ended first.
    OtherMandate,
    /// The caller is neither the one for whom is acted nor the one who acts; of a guardian's mandate,
    /// neither the guardian nor a regulator, or the ward.
    NotAuthorized,
    /// There is no such mandate on record.
    NoMandate,
    /// There are as many participants, or guardianships of the ward, as can be numbered.
    TooMany,
    /// The key of the caller was replaced: it acts for nobody any more.
    Replaced,
    /// The key was registered, is or was somebody's successor, or when it is named has a mandate of the
    /// participant.
    KeyTaken,
    /// A regulator has no say in what replaces his own key, or that of one whose guardian he is.
    OwnKey,
    /// A regulator has said which key replaces it, and that can still be accepted.
    ReplacementPending,
    /// No such succession is to be accepted.
    NoSuccession,
    /// The caller is not the key that was named.
    NotSuccessor,
    /// The delay is not over.
    TooEarly,
    /// The key that is to be replaced objects, and no second regulator has confirmed it.
    Objected,
    /// The key objected before.
    AlreadyObjected,
    /// The key does not object, so that there is nothing to confirm.
    NotObjected,
    /// Who proposed a replacement does not confirm it.
    OwnReplacement,
}
