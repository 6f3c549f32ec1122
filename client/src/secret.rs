//! Keys that a program is given as text: a phrase, a seed, or a derivation path.

use std::fmt;
use std::str::FromStr as _;

use subxt_signer::sr25519::Keypair;
use subxt_signer::{DEV_PHRASE, ExposeSecret as _, SecretUri};

use crate::setting::{Empty, Setting};

/// A key that was read from text. It never shows in logs or errors.
#[derive(Clone)]
pub struct Secret {
    /// What signs.
    pub keypair: Keypair,
    /// Whether everybody can sign with it: it is derived from the phrase of the development chains,
    /// as `//Alice` is.
    pub is_public: bool,
}

/// Why a text is not a key. The text is never repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// There is nothing in it.
    #[error(transparent)]
    Empty(#[from] Empty),
    /// Not one of the three forms.
    #[error(
        "{0} is not a secret phrase, 0x seed or derivation path such as //Alice; \
         `assent-node key generate` makes a new one"
    )]
    Form(&'static str),
}

impl Secret {
    /// Reads a key. White space around the text goes: with a newline at its end, `//Alice` would be
    /// another key.
    ///
    /// # Errors
    /// [`SecretError`], which names the flag or the variable.
    pub fn read(setting: Setting, text: &str) -> Result<Self, SecretError> {
        let text = setting.trimmed(text)?;
        // The parsers' own errors may quote the secret, so they are dropped.
        let uri = SecretUri::from_str(&text).ok();
        let key = uri.and_then(|uri| {
            let is_public = uri.password.is_none() && uri.phrase.expose_secret() == DEV_PHRASE;
            Some(Self { keypair: Keypair::from_uri(&uri).ok()?, is_public })
        });
        key.ok_or_else(|| SecretError::Form(setting.source(&text)))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use subxt_signer::sr25519::dev;

    use super::*;
    use crate::Account;

    const SURI: Setting = Setting::variable("ASSENT_TEST_SURI");
    /// A phrase that stands in documentation.
    const PHRASE: &str =
        "legal winner thank year wave sausage worth useful legal winner thank yellow";

    fn account(text: &str) -> Account {
        Account::from(&Secret::read(SURI, text).unwrap().keypair)
    }

    #[test]
    fn white_space_around_a_secret_does_not_make_another_key() {
        let alice = Account::from(&dev::alice());
        for text in ["//Alice", "//Alice\n", "//Alice\r\n", "  //Alice "] {
            assert_eq!(account(text), alice, "{text:?}");
        }
        assert_eq!(account(&format!("{PHRASE}\n")), account(PHRASE));
        assert_ne!(account(PHRASE), alice);
        // A path of words keeps what is between them.
        assert_ne!(account("//Alice Bob"), account("//AliceBob"));
    }

    #[test]
    fn the_keys_that_everybody_has_are_known() {
        let is_public = |text: &str| Secret::read(SURI, text).unwrap().is_public;
        for text in ["//Alice", "//Registry", &format!("{DEV_PHRASE}//Alice"), DEV_PHRASE] {
            assert!(is_public(text), "{text}");
        }
        for text in [PHRASE, &format!("{PHRASE}//Alice"), "//Alice///password"] {
            assert!(!is_public(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_by_name_and_never_shown() {
        let refusal = Secret::read(SURI, "correct horse").unwrap_err().to_string();
        assert!(refusal.starts_with("ASSENT_TEST_SURI is not a secret phrase"), "{refusal}");
        assert!(!refusal.contains("horse"), "{refusal}");
        let refusal = Secret::read(SURI, "\n").unwrap_err().to_string();
        assert!(refusal.starts_with("ASSENT_TEST_SURI is empty"), "{refusal}");
        assert_eq!(format!("{:?}", Secret::read(SURI, "//Alice").unwrap()), "Secret(hidden)");
    }
}
