//! The keys of receipts, and which of them a receipt takes.

use std::fmt;
use std::io;
use std::path::Path;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{Date, Receipt};
use crate::Hash;

/// A key of 32 random bytes, which is overwritten when it is dropped.
type Key = Zeroizing<[u8; 32]>;

/// The keys of a treasury. They never show in logs or errors, and are overwritten in memory when they
/// are dropped.
///
/// Each holds from a date on, until the next one does, and a receipt takes the key of its value date:
/// so it always takes the same one. A treasury that is replaced hands all its keys over, and its
/// successor adds one from a later date on. No key is put in, taken out or changed for dates for which
/// something was minted or burned: those receipts would get other commitments, and mint once more.
#[derive(Clone)]
pub struct ReceiptKeys {
    /// By date; not empty.
    keys: Vec<(Date, Key)>,
}

/// Why there are no keys. What is in a line is never repeated.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file is absent, unreadable or no text.
    #[error("the file of the receipt keys cannot be read ({0})")]
    Read(#[from] io::Error),
    /// Not a date and a key.
    #[error(
        "line {0} is no receipt key: write the first value date that it is for as YYYY-MM-DD, a \
         space, and 64 hexadecimal digits"
    )]
    Line(usize),
    /// Two keys from the same date on.
    #[error(
        "line {line} gives a second receipt key from {date} on: leave in the one that was used"
    )]
    Twice {
        /// The line of the second.
        line: usize,
        /// The date.
        date: Date,
    },
    /// No line has a key.
    #[error(
        "there is no receipt key: write a line with the first value date that it is for, a space, and \
         64 hexadecimal digits, which `openssl rand -hex 32` makes"
    )]
    Empty,
}

/// A receipt is older than all keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "no receipt key is for the value date {date}: the first is from {first} on; get the older ones \
     from who held the treasury then"
)]
pub struct NoKey {
    /// The receipt's.
    pub date: Date,
    /// That of the earliest key.
    pub first: Date,
}

impl ReceiptKeys {
    /// Reads the keys from a file.
    ///
    /// # Errors
    /// [`KeysError`].
    pub fn load(path: &Path) -> Result<Self, KeysError> {
        let text = Zeroizing::new(std::fs::read_to_string(path)?);
        Self::parse(&text)
    }

    /// Reads the keys from a text: one a line, in any order, as the first value date that it is for,
    /// white space, and 64 hexadecimal digits, with 0x or without. What follows a `#` is a comment.
    ///
    /// # Errors
    /// [`KeysError`], which names the line.
    pub fn parse(text: &str) -> Result<Self, KeysError> {
        let mut keys: Vec<(Date, Key)> = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let written = line.split_once('#').map_or(line, |(written, _)| written).trim();
            if written.is_empty() {
                continue;
            }
            let (date, key) = dated_key(written).ok_or(KeysError::Line(number))?;
            match keys.binary_search_by_key(&date, |(date, _)| *date) {
                Ok(_) => return Err(KeysError::Twice { line: number, date }),
                Err(place) => keys.insert(place, (date, key)),
            }
        }
        if keys.is_empty() {
            return Err(KeysError::Empty);
        }
        Ok(Self { keys })
    }

    /// The commitment to a receipt: what `mint` and `burn` take.
    ///
    /// # Errors
    /// [`NoKey`] when the receipt is older than all keys.
    pub fn commitment(&self, receipt: &Receipt) -> Result<Hash, NoKey> {
        let date = receipt.value_date();
        let until = self.keys.partition_point(|(from, _)| *from <= date);
        let Some((_, key)) = until.checked_sub(1).and_then(|latest| self.keys.get(latest)) else {
            let first = self.keys.first().map_or(date, |(first, _)| *first);
            return Err(NoKey { date, first });
        };
        let mac = Hmac::<Sha256>::new_from_slice(key.as_slice());
        let mac = mac.expect("HMAC takes keys of any length").chain_update(receipt.canonical());
        Ok(Hash(mac.finalize().into_bytes().into()))
    }
}

impl fmt::Debug for ReceiptKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptKeys(hidden)")
    }
}

fn dated_key(text: &str) -> Option<(Date, Key)> {
    let mut words = text.split_whitespace();
    let (date, digits, None) = (words.next()?, words.next()?, words.next()) else { return None };
    let mut key = Key::default();
    let digits = digits.strip_prefix("0x").unwrap_or(digits);
    hex::decode_to_slice(digits, key.as_mut_slice()).ok()?;
    Some((date.parse().ok()?, key))
}
