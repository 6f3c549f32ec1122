//! How a contract is governed, as its message [`VIEW`] gives it.

pub use assent_interface::governance::{GOVERNANCE as VIEW, Upgrade};

use crate::Account;

/// How a contract is governed.
pub type State = assent_interface::governance::State<Account>;

/// A proposed successor of the administrator.
pub type Handover = assent_interface::governance::Handover<Account>;
