//! Accounts and hashes: how they are written, read, encoded and stored, for the whole system.

use std::fmt;
use std::str::FromStr;

use blake2::{Blake2b512, Digest as _};
use parity_scale_codec::{Decode, Encode};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subxt_utils_accountid32::AccountId32;

use crate::bundle::unhex;

/// An account or a contract's address. Written as SS58 with prefix 42, read as that or as 0x and 64
/// hexadecimal digits; 32 bytes in SCALE, and in Postgres.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "utoipa", schema(
    value_type = String,
    example = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
))]
pub struct Account(pub [u8; 32]);

/// A 32-byte hash or commitment. Written and read as 0x and 64 hexadecimal digits; 32 bytes in SCALE,
/// and in Postgres.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "utoipa", schema(
    value_type = String,
    example = "0x0f5d4c1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6"
))]
pub struct Hash(pub [u8; 32]);

/// Why a text is not the value that it should be; reads as "… is not …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Neither of the two forms of an account.
    #[error("is not an account: give SS58 (5…) or 0x and 64 hex digits")]
    Account,
    /// 0x, but not 32 bytes.
    #[error("is not an account: 0x must be followed by exactly 64 hex digits")]
    Length,
    /// SS58 of another network: the same key, but most likely meant for that one.
    #[error(
        "is an address of another network: give SS58 with prefix 42 (5…) or 0x and 64 hex digits"
    )]
    Network,
    /// Not the form of a hash.
    #[error("is not a hash: give 0x and 64 hex digits")]
    Hash,
}

impl Account {
    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// SS58 with prefix 42, in ASCII. The indexer writes some hundred thousand of them a second, which
    /// base58 digit by digit would not bear: this divides by 58^5, five digits at once.
    pub(crate) fn ss58(&self) -> [u8; SS58_LENGTH] {
        const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        const FIVE_DIGITS: u64 = 58 * 58 * 58 * 58 * 58;
        let mut bytes = [0; 36];
        bytes[1] = PREFIX;
        bytes[2..34].copy_from_slice(&self.0);
        let checksum = Blake2b512::new().chain_update(b"SS58PRE").chain_update(&bytes[1..34]);
        bytes[34..].copy_from_slice(&checksum.finalize()[..2]);
        // A number of 9 words, the first one the highest.
        let mut words = [0_u64; 9];
        for (word, bytes) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        }
        let mut text = [ALPHABET[0]; SS58_LENGTH];
        for digits in text.rchunks_mut(5) {
            let mut rest = words.iter_mut().fold(0, |rest, word| {
                let number = rest << 32 | *word;
                *word = number / FIVE_DIGITS;
                number % FIVE_DIGITS
            });
            for digit in digits.iter_mut().rev() {
                *digit = ALPHABET[usize::try_from(rest % 58).unwrap_or_default()];
                rest /= 58;
            }
        }
        text
    }
}

/// The first byte of an address, by which networks are told apart: that of any Substrate chain.
const PREFIX: u8 = 42;
/// So many digits has every address that begins with [`PREFIX`].
const SS58_LENGTH: usize = 48;

impl Hash {
    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is the zero hash, which stands for "none before".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0 == [0; 32]
    }
}

impl FromStr for Account {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.starts_with("0x") {
            return bytes32(text).map(Self).ok_or(ParseError::Length);
        }
        let account: AccountId32 = text.parse().map_err(|_| ParseError::Account)?;
        // The parser takes any prefix; printing always uses 42.
        if account.to_string() != text {
            return Err(ParseError::Network);
        }
        Ok(Self(account.0))
    }
}

impl FromStr for Hash {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        bytes32(text).map(Self).ok_or(ParseError::Hash)
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.ss58()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{}", hex::encode(self.0))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(deserializer)
    }
}

fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err = ParseError>,
    D: Deserializer<'de>,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|error| D::Error::custom(format!("`{text}` {error}")))
}

/// 32 bytes from 0x and exactly 64 hexadecimal digits.
fn bytes32(text: &str) -> Option<[u8; 32]> {
    unhex(text)?.try_into().ok()
}

#[cfg(feature = "online")]
mod online {
    use subxt_signer::sr25519::Keypair;
    use subxt_utils_accountid32::AccountId32;

    use super::Account;

    impl From<AccountId32> for Account {
        fn from(account: AccountId32) -> Self {
            Self(account.0)
        }
    }

    impl From<Account> for AccountId32 {
        fn from(account: Account) -> Self {
            Self(account.0)
        }
    }

    impl From<&Keypair> for Account {
        /// The account of a key.
        fn from(keypair: &Keypair) -> Self {
            Self(keypair.public_key().0)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const ALICE_HEX: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
    /// The same key with Polkadot's prefix 0.
    const ALICE_POLKADOT: &str = "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5";

    #[test]
    fn an_account_reads_as_ss58_and_as_hex_and_prints_as_ss58() {
        let account: Account = ALICE.parse().unwrap();
        assert_eq!(ALICE_HEX.parse(), Ok(account));
        assert_eq!(account.to_string(), ALICE);
        assert_eq!(format!("{account:?}"), ALICE);
        assert_eq!(account.encode(), account.0);
    }

    #[test]
    fn an_address_is_the_one_that_other_programs_write() {
        let mut bytes = [0; 32];
        for (round, byte) in (0..3_200_u32).zip((0..32).cycle()) {
            let written = Account(bytes).to_string();
            assert_eq!(written, AccountId32(bytes).to_string());
            assert_eq!(written.parse(), Ok(Account(bytes)));
            // Any bytes: zeros at first, all of them ones in between.
            let mixed = round.wrapping_mul(2_654_435_761).to_be_bytes();
            bytes[byte] = if round / 32 % 7 == 3 { 255 } else { mixed[0] };
        }
    }

    #[test]
    fn an_account_of_another_network_or_with_a_typing_error_is_refused() {
        assert_eq!(ALICE_POLKADOT.parse::<Account>(), Err(ParseError::Network));
        for text in ["", "5Grw", &ALICE[1..], &ALICE.replace('w', "x"), &ALICE.replace("QY", "QZ")]
        {
            assert_eq!(text.parse::<Account>(), Err(ParseError::Account), "{text}");
        }
        for text in ["0x", "0x12", "0xd435", &format!("{ALICE_HEX}00")] {
            assert_eq!(text.parse::<Account>(), Err(ParseError::Length), "{text}");
        }
    }

    #[test]
    fn a_hash_needs_its_prefix_and_its_length() {
        let hash: Hash = ALICE_HEX.parse().unwrap();
        assert_eq!(hash.to_string(), ALICE_HEX);
        for text in ["", "0x", "0xzz", "0xab", &ALICE_HEX[2..], &format!("0x{}", "zz".repeat(32))] {
            assert_eq!(text.parse::<Hash>(), Err(ParseError::Hash), "{text}");
        }
    }

    #[test]
    fn json_has_the_written_form_and_names_what_is_wrong() {
        let account: Account = ALICE.parse().unwrap();
        assert_eq!(serde_json::to_value(account).unwrap(), json!(ALICE));
        assert_eq!(serde_json::from_value::<Account>(json!(ALICE)).unwrap(), account);
        let hash = Hash(account.0);
        assert_eq!(serde_json::to_value(hash).unwrap(), json!(ALICE_HEX));
        assert_eq!(serde_json::from_value::<Hash>(json!(ALICE_HEX)).unwrap(), hash);
        let error = serde_json::from_value::<Account>(json!("5Grw")).unwrap_err().to_string();
        assert!(error.contains("`5Grw`") && error.contains("SS58"), "{error}");
    }
}
