//! Admission: constructor and labels.

use parity_scale_codec::{Decode, Encode};

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New {
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

/// The longest time for which an organisation admits a member of its staff, milliseconds: five years.
/// Then it admits him again, or does not.
pub const MAX_TERM: u64 = 5 * 366 * 24 * 60 * 60 * 1_000;

/// The longest time for which a regulator appoints a guardian, milliseconds: eighteen years, until whoever
/// is born now comes of age.
pub const MAX_GUARDIANSHIP: u64 = 18 * 366 * 24 * 60 * 60 * 1_000;

labels! {
    /// `register(profile)`
    REGISTER = "register";
    /// `update_profile(profile)`
    UPDATE_PROFILE = "update_profile";
    /// `approve(account, roles, profile)`
    APPROVE = "approve";
    /// `confirm_profile(account, profile)`
    CONFIRM_PROFILE = "confirm_profile";
    /// `set_roles(account, roles)`
    SET_ROLES = "set_roles";
    /// `suspend(account, roles, reason)`
    SUSPEND = "suspend";
    /// `reinstate(account, roles)`
    REINSTATE = "reinstate";
    /// `leave()`
    LEAVE = "leave";
    /// `admit_member(agent, powers, until, person)`
    ADMIT_MEMBER = "admit_member";
    /// `appoint_guardian(ward, guardian, until, person)`
    APPOINT_GUARDIAN = "appoint_guardian";
    /// `end_mandate(subject, agent)`
    END_MANDATE = "end_mandate";
    /// `name_successor(to)`
    NAME_SUCCESSOR = "name_successor";
    /// `replace_key(subject, to, evidence)`
    REPLACE_KEY = "replace_key";
    /// `cancel_succession()`
    CANCEL_SUCCESSION = "cancel_succession";
    /// `decide_replacement(subject, to, confirmed)`
    DECIDE_REPLACEMENT = "decide_replacement";
    /// `accept_succession(subject)`
    ACCEPT_SUCCESSION = "accept_succession";
    /// `participant(account) -> Option<Participant>`, a view.
    PARTICIPANT = "participant";
    /// `status(account) -> Option<Status>`, a view.
    STATUS = "status";
    /// `has_role(account, roles) -> bool`, a view.
    HAS_ROLE = "has_role";
    /// `is_admitted(account) -> bool`, a view.
    IS_ADMITTED = "is_admitted";
    /// `mandate(subject, agent) -> Option<Mandate>`, a view.
    MANDATE = "mandate";
    /// `admission(subject, other, caller) -> Admission`, a view.
    ADMISSION = "admission";
    /// `succession(subject) -> Option<Succession>`, a view.
    SUCCESSION = "succession";
    /// `subject_of(key) -> Option<AccountId>`, a view.
    SUBJECT_OF = "subject_of";
    /// `key_of(account) -> Option<AccountId>`, a view.
    KEY_OF = "key_of";
    /// `count() -> u64`, a view.
    COUNT = "count";
    /// `list(from, limit) -> Vec<Entry>`, a view.
    LIST = "list";
}
