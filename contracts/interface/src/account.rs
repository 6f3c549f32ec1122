//! Accounts: ink!'s type in contracts, an own one elsewhere.

#[cfg(feature = "ink")]
pub use ink::primitives::AccountId;

#[cfg(not(feature = "ink"))]
pub use host::AccountId;

#[cfg(not(feature = "ink"))]
mod host {
    use core::fmt;
    use parity_scale_codec::{Decode, Encode};

    /// An account, or the address of a contract.
    #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
    pub struct AccountId(pub [u8; 32]);

    impl From<[u8; 32]> for AccountId {
        fn from(bytes: [u8; 32]) -> Self {
            Self(bytes)
        }
    }

    impl AsRef<[u8; 32]> for AccountId {
        fn as_ref(&self) -> &[u8; 32] {
            &self.0
        }
    }

    impl AsRef<[u8]> for AccountId {
        fn as_ref(&self) -> &[u8] {
            &self.0
        }
    }

    impl fmt::Debug for AccountId {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("AccountId(0x")?;
            self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            f.write_str(")")
        }
    }
}
