//! Which contracts there are.

use core::fmt;

/// One of the contracts. What its constructor `new` takes is `New` in the module of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Contract {
    /// Who is admitted, with which roles.
    Participants,
    /// The settlement token.
    Token,
    /// What accesses earn.
    Rewards,
    /// Grants, and decisions on accesses.
    Consent,
    /// Proposals of grants, and requests for erasure.
    Agreements,
    /// Anchored reports.
    Reports,
    /// Carbon credits and allowances.
    Carbon,
    /// Sell orders.
    Market,
}

impl Contract {
    /// All of them, each after those whose addresses its constructor takes.
    pub const ALL: [Self; 8] = [
        Self::Participants,
        Self::Token,
        Self::Rewards,
        Self::Consent,
        Self::Agreements,
        Self::Reports,
        Self::Carbon,
        Self::Market,
    ];

    /// Their names, in this order.
    pub const NAMES: [&'static str; Self::ALL.len()] = {
        let mut names = [""; Self::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = Self::ALL[at].name();
            at += 1;
        }
        names
    };

    /// Its name: of its crate, its bundle and its entry in a manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Participants => "participants",
            Self::Token => "token",
            Self::Rewards => "rewards",
            Self::Consent => "consent",
            Self::Agreements => "agreements",
            Self::Reports => "reports",
            Self::Carbon => "carbon",
            Self::Market => "market",
        }
    }

    /// The contract of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|contract| contract.name() == name)
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
