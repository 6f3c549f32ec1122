//! The algorithms that jsonwebtoken has here: EdDSA on Ed25519. Its own two sets of them bring RSA (with an
//! advisory without a fix) or a second C library along; and an algorithm that is not there cannot be confused with
//! another.

use ed25519_zebra::{SigningKey, VerificationKey};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind},
    signature::{self, Signer, Verifier},
};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// Has this process use it. A program that chose another set of algorithms before keeps that: each has EdDSA, and
/// the algorithm is pinned where tokens are read, too.
pub(super) fn install() {
    let _ = PROVIDER.install_default();
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, Error> {
    only_eddsa(*algorithm, key.family() == Algorithm::EdDSA.family())?;
    let seed = key.as_bytes().strip_prefix(&super::PKCS8).ok_or(ErrorKind::InvalidEddsaKey)?;
    let key = SigningKey::try_from(seed).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Signer(key)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, Error> {
    only_eddsa(*algorithm, key.family() == Algorithm::EdDSA.family())?;
    let key = VerificationKey::try_from(key.try_get_as_bytes()?)
        .map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Verifier(key)))
}

fn only_eddsa(algorithm: Algorithm, is_key_for_it: bool) -> Result<(), Error> {
    if algorithm == Algorithm::EdDSA && is_key_for_it {
        Ok(())
    } else {
        Err(ErrorKind::InvalidAlgorithm.into())
    }
}

struct Ed25519Signer(SigningKey);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, signature::Error> {
        Ok(<[u8; 64]>::from(self.0.sign(message)).to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(VerificationKey);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), signature::Error> {
        let wrong = |_| signature::Error::new();
        let signature = ed25519_zebra::Signature::try_from(signature.as_slice()).map_err(wrong)?;
        self.0.verify(&signature, message).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}
