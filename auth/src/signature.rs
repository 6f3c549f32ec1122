//! Whether a wallet signed a text: sr25519, ed25519 and ecdsa, by the libraries with which the chain itself
//! verifies.

use assent_client::Account;
use blake2::{Blake2b, Digest as _, digest::consts::U32};
use k256::ecdsa::{RecoveryId, VerifyingKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Wallets put what is no transaction between these, so that it can never become one.
const WRAPPING: (&[u8], &[u8]) = (b"<Bytes>", b"</Bytes>");
/// What every Substrate key signs in.
const CONTEXT: &[u8] = b"substrate";

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Schnorr signatures on Ristretto25519: what most wallets make.
    Sr25519,
    /// EdDSA on Curve25519.
    Ed25519,
    /// ECDSA on secp256k1 over the text's BLAKE2b-256; the account is the BLAKE2b-256 of the compressed key.
    Ecdsa,
}

/// A signature of one scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalletSignature {
    /// Of an sr25519 key.
    Sr25519([u8; 64]),
    /// Of an ed25519 key.
    Ed25519([u8; 64]),
    /// Of an ecdsa key: r, s, and which of the possible keys it is.
    Ecdsa([u8; 65]),
}

/// Why a signature counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No hexadecimal digits.
    #[error("the signature is not 0x and hexadecimal digits")]
    Hex,
    /// Too short, too long, or marked as one of another scheme.
    #[error(
        "the signature is none of {scheme:?}: that has {length} bytes, or one more before them that says {mark}",
        length = .scheme.length(), mark = .scheme.mark()
    )]
    Form {
        /// Which it should be of.
        scheme: Scheme,
    },
    /// Another key, another text, or another scheme.
    #[error(
        "the signature is not by the key of {0} over this text: sign the message as it is, to the \
         letter, and give the scheme of that key"
    )]
    Mismatch(Account),
}

impl Scheme {
    /// Bytes of a signature.
    fn length(self) -> usize {
        match self {
            Self::Sr25519 | Self::Ed25519 => 64,
            Self::Ecdsa => 65,
        }
    }

    /// What a `MultiSignature` begins with.
    fn mark(self) -> u8 {
        match self {
            Self::Ed25519 => 0,
            Self::Sr25519 => 1,
            Self::Ecdsa => 2,
        }
    }
}

impl WalletSignature {
    /// Reads 0x and hexadecimal digits: the signature alone, or as SCALE's `MultiSignature`, which some wallets
    /// give.
    ///
    /// # Errors
    /// [`SignatureError::Hex`] and [`SignatureError::Form`].
    pub fn read(scheme: Scheme, text: &str) -> Result<Self, SignatureError> {
        let digits = text.strip_prefix("0x").ok_or(SignatureError::Hex)?;
        // The longest has 66 bytes; what is longer need not be decoded.
        if digits.len() > 2 * 66 {
            return Err(SignatureError::Form { scheme });
        }
        let bytes = hex::decode(digits).map_err(|_| SignatureError::Hex)?;
        let bytes = match bytes.strip_prefix(&[scheme.mark()]) {
            Some(bare) if bare.len() == scheme.length() => bare,
            _ => &bytes,
        };
        let wrong = |_| SignatureError::Form { scheme };
        Ok(match scheme {
            Scheme::Sr25519 => Self::Sr25519(bytes.try_into().map_err(wrong)?),
            Scheme::Ed25519 => Self::Ed25519(bytes.try_into().map_err(wrong)?),
            Scheme::Ecdsa => Self::Ecdsa(bytes.try_into().map_err(wrong)?),
        })
    }

    /// Whether the key of `account` made it over `text`, as it is or wrapped in `<Bytes>…</Bytes>`.
    ///
    /// # Errors
    /// [`SignatureError::Mismatch`].
    pub fn verify(&self, account: &Account, text: &str) -> Result<(), SignatureError> {
        let wrapped = [WRAPPING.0, text.as_bytes(), WRAPPING.1].concat();
        if self.is_over(account, text.as_bytes()) || self.is_over(account, &wrapped) {
            Ok(())
        } else {
            Err(SignatureError::Mismatch(*account))
        }
    }

    fn is_over(&self, account: &Account, bytes: &[u8]) -> bool {
        match self {
            Self::Sr25519(signature) => {
                let key = schnorrkel::PublicKey::from_bytes(&account.0);
                let signature = schnorrkel::Signature::from_bytes(signature);
                key.and_then(|key| key.verify_simple(CONTEXT, bytes, &signature?)).is_ok()
            }
            Self::Ed25519(signature) => ed25519_zebra::VerificationKey::try_from(account.0)
                .and_then(|key| key.verify(&(*signature).into(), bytes))
                .is_ok(),
            Self::Ecdsa(signature) => {
                recovered(signature, bytes).is_some_and(|found| found == *account)
            }
        }
    }
}

/// The account whose ecdsa key made this signature. A high s, with which anybody can write a signature another
/// way, is none.
fn recovered(signature: &[u8; 65], bytes: &[u8]) -> Option<Account> {
    let (signature, [recovery]) = signature.split_at_checked(64)? else { return None };
    let signature = k256::ecdsa::Signature::from_slice(signature).ok()?;
    // Some wallets count from 27, as Bitcoin does.
    let recovery = RecoveryId::from_byte(recovery.checked_sub(27).unwrap_or(*recovery))?;
    let key = VerifyingKey::recover_from_prehash(&blake2_256(bytes), &signature, recovery).ok()?;
    Some(Account(blake2_256(key.to_encoded_point(true).as_bytes())))
}

fn blake2_256(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// Made by another implementation: tests/polkadot-keyring.mjs.
    const VECTORS: &str = include_str!("../tests/polkadot-keyring.json");

    #[derive(Deserialize)]
    struct Vectors {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        scheme: Scheme,
        address: Account,
        public_key: String,
        message: String,
        signatures: Vec<Signed>,
    }

    #[derive(Deserialize)]
    struct Signed {
        hex: String,
    }

    fn cases() -> Vec<Case> {
        serde_json::from_str::<Vectors>(VECTORS).unwrap().cases
    }

    #[test]
    fn what_another_implementation_signed_is_accepted_bare_wrapped_and_marked() {
        for Case { scheme, address, public_key, message, signatures } in cases() {
            let key = hex::decode(&public_key[2..]).unwrap();
            let account = match scheme {
                Scheme::Ecdsa => Account(blake2_256(&key)),
                Scheme::Sr25519 | Scheme::Ed25519 => Account(key.try_into().unwrap()),
            };
            assert_eq!(account, address, "{scheme:?}");
            assert!(message.contains(&address.to_string()));
            assert_eq!(signatures.len(), 3);
            for Signed { hex } in signatures {
                let signature = WalletSignature::read(scheme, &hex).unwrap();
                assert_eq!(signature.verify(&address, &message), Ok(()), "{scheme:?} {hex}");
            }
        }
    }

    #[test]
    fn another_key_another_text_another_scheme_and_another_byte_are_refused() {
        let cases = cases();
        for Case { scheme, address, message, signatures, .. } in &cases {
            let hex = &signatures[0].hex;
            let signature = WalletSignature::read(*scheme, hex).unwrap();
            let refused = |account: &Account, text: &str| {
                let found = signature.verify(account, text);
                assert_eq!(found, Err(SignatureError::Mismatch(*account)), "{scheme:?}");
            };
            refused(address, &message.replace("Version: 1", "Version: 2"));
            refused(address, &format!("<Bytes>{message}"));
            refused(address, "");
            refused(&Account([0; 32]), message);
            refused(&Account([255; 32]), message);
            for other in &cases {
                if other.scheme != *scheme {
                    refused(&other.address, message);
                    if let Ok(as_other) = WalletSignature::read(other.scheme, hex) {
                        assert!(as_other.verify(address, message).is_err());
                    }
                }
            }
            for position in 0..scheme.length() {
                let mut bytes = hex::decode(&hex[2..]).unwrap();
                bytes[position] ^= 1;
                let text = format!("0x{}", hex::encode(bytes));
                let changed = WalletSignature::read(*scheme, &text).unwrap();
                assert!(changed.verify(address, message).is_err(), "{scheme:?} {position}");
            }
        }
    }

    #[test]
    fn a_signature_of_ecdsa_has_one_form() {
        let cases = cases();
        let Case { address, message, signatures, .. } = &cases[2];
        let bytes: [u8; 65] = hex::decode(&signatures[0].hex[2..]).unwrap().try_into().unwrap();
        let low = k256::ecdsa::Signature::from_slice(&bytes[..64]).unwrap();
        let (r, s) = low.split_scalars();
        let high = k256::ecdsa::Signature::from_scalars(r.to_bytes(), (-s).to_bytes()).unwrap();
        let mut other = [0; 65];
        other[..64].copy_from_slice(&high.to_bytes());
        for recovery in 0..4 {
            other[64] = recovery;
            assert!(WalletSignature::Ecdsa(other).verify(address, message).is_err());
        }
        let mut counted_from_27 = bytes;
        counted_from_27[64] += 27;
        assert_eq!(WalletSignature::Ecdsa(counted_from_27).verify(address, message), Ok(()));
    }

    #[test]
    fn what_is_no_signature_is_named() {
        const FORM: SignatureError = SignatureError::Form { scheme: Scheme::Sr25519 };
        let read = |text: &str| WalletSignature::read(Scheme::Sr25519, text);
        assert_eq!(read("").unwrap_err(), SignatureError::Hex);
        assert_eq!(read("00").unwrap_err(), SignatureError::Hex);
        assert_eq!(read("0xzz").unwrap_err(), SignatureError::Hex);
        for length in [0, 1, 63, 66, 10_000] {
            let text = format!("0x{}", "00".repeat(length));
            assert_eq!(read(&text).unwrap_err(), FORM, "{length}");
        }
        // Marked as ed25519.
        let other = format!("0x00{}", "11".repeat(64));
        assert_eq!(read(&other).unwrap_err(), FORM);
        let text = read(&other).unwrap_err().to_string();
        assert!(text.contains("64 bytes") && text.contains("says 1"), "{text}");
    }
}
