//! The fields of a sign-in message that a service sets: each type holds what may stand there, and nothing else, so
//! that no setting adds a line.

use std::{fmt, str::FromStr};

use assent_client::Hash;
use axum::http::uri::{Authority, Uri as Parsed};

/// Why a text is not the field that it should be; reads as "… is not …".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{name} {detail}")]
pub struct FieldError {
    name: &'static str,
    detail: &'static str,
}

/// Declares texts that a function accepts.
macro_rules! texts {
    ($(
        $(#[doc = $about:literal])*
        $name:ident if $accepts:ident, else $field:literal $detail:literal;
    )+) => {$(
        $(#[doc = $about])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl FromStr for $name {
            type Err = FieldError;

            fn from_str(text: &str) -> Result<Self, FieldError> {
                if $accepts(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(FieldError { name: $field, detail: $detail })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

texts! {
    /// A host in lower case, with a port if need be: `api.example`, `127.0.0.1:8080`, `[::1]:8080`.
    Domain if is_domain, else "the domain"
        "is not a host in lower case with an optional port, of 255 bytes at most";
    /// An absolute address of the web without user, fragment or white space.
    Uri if is_uri, else "the URI"
        "is not an http(s) address without user and fragment, of 255 bytes at most";
    /// A sentence.
    Statement if is_statement, else "the statement"
        "is not 1 to 256 printable ASCII characters, with no space at its ends";
}

fn is_domain(text: &str) -> bool {
    let plain =
        |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b':' | b'[' | b']');
    text.len() <= 255 && text.bytes().all(plain) && is_authority(text)
}

/// A host, and after it nothing or a port.
fn is_authority(text: &str) -> bool {
    text.parse::<Authority>().is_ok_and(|authority| {
        let host = authority.host();
        let port = text.strip_prefix(host);
        let has_port = || authority.port_u16().is_some();
        !host.is_empty() && port.is_some_and(|port| port.is_empty() || has_port())
    })
}

fn is_uri(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'<' | b'>' | b'"');
    text.len() <= 255
        && text.bytes().all(plain)
        && text.parse::<Parsed>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.authority().is_some_and(|authority| is_authority(authority.as_str()))
        })
}

fn is_statement(text: &str) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~');
    (1..=256).contains(&text.len())
        && text.bytes().all(plain)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
}

/// A chain by CAIP-2: `polkadot:` and the first half of the hash of its block 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainId([u8; 16]);

impl ChainId {
    /// Of the chain whose block 0 has this hash.
    #[must_use]
    pub fn of(genesis: Hash) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&genesis.0[..16]);
        Self(half)
    }
}

impl fmt::Display for ChainId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "polkadot:{}", hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_a_host_in_lower_case_with_or_without_a_port() {
        for domain in ["consent.example", "127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert_eq!(domain.parse::<Domain>().unwrap().to_string(), domain);
        }
        for domain in [
            "",
            "a b",
            "Consent.example",
            "u@consent.example",
            "consent.example:",
            "consent.example:x",
            "consent.example:99999",
            "consent.example/",
            "[::1",
            "::1",
            "https://consent.example",
            "consent.example\nURI: x",
            &"x".repeat(256),
        ] {
            assert!(domain.parse::<Domain>().is_err(), "{domain}");
        }
    }

    #[test]
    fn a_uri_is_an_address_of_the_web() {
        for uri in ["https://consent.example/", "http://127.0.0.1:8080", "https://a.example/b?c=d"]
        {
            assert_eq!(uri.parse::<Uri>().unwrap().to_string(), uri);
        }
        for uri in [
            "",
            "ftp://consent.example/",
            "consent.example",
            "/v1",
            "https://u:p@consent.example/",
            "https://",
            "https://consent.example/#x",
            "javascript:alert(1)",
            "https://consent.example/ x",
            "https://consent.example/\r\nNonce: x",
            &format!("https://{}", "x".repeat(250)),
        ] {
            assert!(uri.parse::<Uri>().is_err(), "{uri}");
        }
    }

    #[test]
    fn a_statement_is_one_line_of_printable_ascii() {
        assert!("x".repeat(256).parse::<Statement>().is_ok());
        for text in ["", " x", "x ", "a\nb", "a\rb", "a\tb", "a\0b", "\u{1b}[2J", "é", "\u{202e}"]
        {
            assert!(text.parse::<Statement>().is_err(), "{text:?}");
        }
        let error = "x".repeat(257).parse::<Statement>().unwrap_err();
        assert!(error.to_string().starts_with("the statement is not 1 to 256"), "{error}");
    }
}
