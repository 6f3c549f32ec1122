//! Arguments of the contracts' messages that are structs, and the codes that they use: those of the
//! interface, for the accounts of this program.

use assent_client::Account;
pub use assent_interface::{
    carbon::Item, category, consent::Amendment, market::Limits, mask_of as only, power, purpose,
    rewards::Tariff, role,
};

/// A hash or a commitment.
pub type Hash = assent_interface::Hash;

/// What the consent contract's `grant` takes, and the agreements contract's `propose`.
pub type Terms = assent_interface::consent::Terms<Account>;

/// What the agreements contract's `proposal` shows.
pub type Proposal = assent_model::Proposal;

/// What the rewards contract's `set_tariff` takes: a price that nobody has to pay for an access to be
/// permitted.
pub const fn tariff(amount: u128) -> Tariff {
    Tariff { amount, required: false }
}

/// What the reports contract's `anchor` and `supersede` take.
pub type NewVersion = assent_interface::reports::NewVersion<Account>;
