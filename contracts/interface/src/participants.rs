//! Admission: constructor and labels.

use parity_scale_codec::{Decode, Encode};

/// What the constructor takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct New {
    /// How long a handover and a replacement of the code wait, milliseconds.
    pub delay: u64,
}

/// `register(profile)`
pub const REGISTER: &str = "register";
/// `update_profile(profile)`
pub const UPDATE_PROFILE: &str = "update_profile";
/// `approve(account, roles)`
pub const APPROVE: &str = "approve";
/// `set_roles(account, roles)`
pub const SET_ROLES: &str = "set_roles";
/// `suspend(account, reason)`
pub const SUSPEND: &str = "suspend";
/// `reinstate(account)`
pub const REINSTATE: &str = "reinstate";
/// `leave()`
pub const LEAVE: &str = "leave";
