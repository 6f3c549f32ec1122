//! The text that a wallet signs, after CAIP-122. The crate's README specifies it. Only the service writes it, and
//! nobody reads it but people: signing in sends the nonce back, of which the same text is made again.

pub mod field;

use assent_client::Account;

use self::field::{ChainId, Domain, Statement, Uri};
use crate::moment::Moment;

/// What the messages to a service say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The host that people see, with its port if that is not the usual one.
    pub domain: Domain,
    /// What is signed in to.
    pub uri: Uri,
    /// What signing means, in a sentence.
    pub statement: Statement,
    /// The chain on which accounts are meant.
    pub chain: ChainId,
}

impl Site {
    /// The text for this account and nonce.
    pub(crate) fn message(
        &self,
        account: Account,
        nonce: &str,
        issued_at: Moment,
        expires_at: Moment,
    ) -> String {
        let Self { domain, uri, statement, chain } = self;
        format!(
            "{domain} wants you to sign in with your Substrate account:\n{account}\n\n{statement}\n\n\
             URI: {uri}\nVersion: 1\nNonce: {nonce}\nIssued At: {issued_at}\n\
             Expiration Time: {expires_at}\nChain ID: {chain}"
        )
    }
}

#[cfg(test)]
mod tests {
    use assent_client::Hash;

    use super::*;

    #[test]
    fn a_message_reads_as_specified() {
        let mut genesis = [0x91; 32];
        genesis[16..].fill(0);
        let site = Site {
            domain: "consent.example:8443".parse().unwrap(),
            uri: "https://consent.example:8443/v1".parse().unwrap(),
            statement: "Sign in to Assent.".parse().unwrap(),
            chain: ChainId::of(Hash(genesis)),
        };
        let alice = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
        let moment = |ms| Moment::from_ms(ms).unwrap();
        let issued_at = moment(1_795_867_200_000);
        let expires_at = moment(1_795_867_500_007);
        let message =
            site.message(alice.parse().unwrap(), "0123456789abcdef", issued_at, expires_at);
        assert_eq!(
            message,
            "consent.example:8443 wants you to sign in with your Substrate account:
5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY

Sign in to Assent.

URI: https://consent.example:8443/v1
Version: 1
Nonce: 0123456789abcdef
Issued At: 2026-11-28T12:00:00.000Z
Expiration Time: 2026-11-28T12:05:00.007Z
Chain ID: polkadot:91919191919191919191919191919191"
        );
    }
}
