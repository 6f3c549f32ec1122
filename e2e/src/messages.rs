//! Arguments of the contracts' messages that are structs, and the codes that they use: those of the
//! interface, for the accounts of this program.

use assent_client::Account;
pub use assent_interface::{
    carbon::Item, category, consent::Amendment, market::Limits, mask_of as only, purpose, role,
};

/// A hash or a commitment.
pub type Hash = assent_interface::Hash;

/// What the consent contract's `grant` takes.
pub type Terms = assent_interface::consent::Terms<Account>;

/// What the reports contract's `anchor` and `supersede` take.
pub type NewVersion = assent_interface::reports::NewVersion<Account>;
