//! The commitment to a bank's receipt that `mint` and `burn` of the token take.
//!
//! The token takes each commitment once, so one receipt must have one commitment: it is computed from
//! nothing but what identifies the bank's entry, in one form, and from a key instead of a salt. A salt
//! would be chosen anew each time, and one receipt would mint twice; without either, whoever guesses a
//! receipt could check the guess. Who holds the keys, the treasury and its auditors, computes it again
//! from the bank's statement.
//!
//! It is HMAC-SHA256 with the key of the value date ([`ReceiptKeys`]) over [`Receipt::canonical`].

mod date;
mod keys;

pub use date::{Date, NoDate};
pub use keys::{KeysError, NoKey, ReceiptKeys};

/// What the authenticated bytes begin with, so that they are of nothing else.
const DOMAIN: &[u8] = b"assent-receipt-v1";
/// Most characters of a reference, by ISO 20022.
const MAX_REFERENCE: usize = 35;
/// What makes a BIC of a bank as a whole one of a branch.
const HEAD_OFFICE: &str = "XXX";

/// What identifies an entry in an account at a bank, in its one form.
///
/// There is no amount, since a reference has one: the token's events say how much was minted for it,
/// and the statement how much came. And there is no direction, credit or debit: an entry is one of
/// them, and with it in the commitment the receipt of a payment could be used once for minting and
/// once for burning, where the token wants it used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    bic: String,
    reference: String,
    value_date: Date,
}

/// Why something is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// The bank is not named by a BIC.
    #[error(
        "the BIC `{0}` is none: give the 8 or 11 letters and digits of ISO 9362 that the statement \
         names the bank by, as in DEUTDEFF or DEUTDEFF500"
    )]
    Bic(String),
    /// The reference is empty or too long.
    #[error(
        "the reference has {0} characters: give the bank's own for the entry (AcctSvcrRef), of 1 to \
         35 characters"
    )]
    ReferenceLength(usize),
    /// The reference has a character that could be written in more than one way, or not seen.
    #[error(
        "the reference has {character:?} as character {place}: give the bank's own (AcctSvcrRef), \
         without white space and with nothing but printable ASCII"
    )]
    ReferenceCharacter {
        /// Which character.
        character: char,
        /// Where it stands, from 1.
        place: usize,
    },
    /// The value date is none.
    #[error("the value date {0}")]
    Date(#[from] NoDate),
}

impl Receipt {
    /// The receipt of an entry: the BIC of the bank that keeps the account (ISO 9362), the bank's own
    /// reference for the entry (ISO 20022 `AcctSvcrRef`), and its value date, `YYYY-MM-DD`; all as the
    /// bank's statement has them.
    ///
    /// White space around them goes, lower case becomes upper case, and a BIC of 8 characters gets the
    /// `XXX` that it stands for. Nothing else is mended: what could be written in another way too is
    /// refused.
    ///
    /// # Errors
    /// [`ReceiptError`], which names the field and what to give instead.
    pub fn new(bic: &str, reference: &str, value_date: &str) -> Result<Self, ReceiptError> {
        Ok(Self {
            bic: canonical_bic(bic.trim())?,
            reference: canonical_reference(reference.trim())?,
            value_date: value_date.trim().parse()?,
        })
    }

    /// The bank, by 11 characters.
    #[must_use]
    pub fn bic(&self) -> &str {
        &self.bic
    }

    /// The bank's own reference.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Which key it takes.
    #[must_use]
    pub fn value_date(&self) -> Date {
        self.value_date
    }

    /// What is authenticated: the 17 bytes `assent-receipt-v1`; then BIC, reference and value date, each
    /// as a byte that is its length and its ASCII characters. A BIC has 11, a date 10 as `YYYY-MM-DD`.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = DOMAIN.to_vec();
        for field in [&self.bic, &self.reference, &self.value_date.to_string()] {
            bytes.push(u8::try_from(field.len()).expect("no field has more than 35 characters"));
            bytes.extend_from_slice(field.as_bytes());
        }
        bytes
    }
}

/// Four characters for the party, two letters for the country, two characters for the place, and three
/// for the branch.
fn canonical_bic(text: &str) -> Result<String, ReceiptError> {
    let mut bic = text.to_ascii_uppercase();
    let is_one = matches!(bic.len(), 8 | 11)
        && bic.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && bic.bytes().skip(4).take(2).all(|byte| byte.is_ascii_uppercase());
    if !is_one {
        return Err(ReceiptError::Bic(text.to_owned()));
    }
    if bic.len() == 8 {
        bic.push_str(HEAD_OFFICE);
    }
    Ok(bic)
}

fn canonical_reference(text: &str) -> Result<String, ReceiptError> {
    let length = text.chars().count();
    if !(1..=MAX_REFERENCE).contains(&length) {
        return Err(ReceiptError::ReferenceLength(length));
    }
    let mut places = text.chars().zip(1..);
    if let Some((character, place)) = places.find(|(character, _)| !character.is_ascii_graphic()) {
        return Err(ReceiptError::ReferenceCharacter { character, place });
    }
    Ok(text.to_ascii_uppercase())
}
