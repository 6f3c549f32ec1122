//! What a program is told by a flag or by an environment variable, and how it complains.
//!
//! A secret or a URL that comes out of a file mostly ends with a newline, and a phrase with a newline
//! behind it is another key: texts are trimmed here, in one place, and an empty one is refused.

use std::error::Error;
use std::fmt;
use std::net::SocketAddr;

/// A setting of a program that a flag or an environment variable gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// The flag; empty when there is none.
    pub flag: &'static str,
    /// The environment variable.
    pub variable: &'static str,
}

/// A setting that is empty, or holds nothing but white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is empty: give it a value or leave it out")]
pub struct Empty(&'static str);

impl Setting {
    /// A setting by its flag and its variable.
    #[must_use]
    pub const fn new(flag: &'static str, variable: &'static str) -> Self {
        Self { flag, variable }
    }

    /// A setting that only an environment variable gives.
    #[must_use]
    pub const fn variable(variable: &'static str) -> Self {
        Self { flag: "", variable }
    }

    /// The text without white space around it; what is between its words stays.
    ///
    /// # Errors
    /// [`Empty`], which names the flag or the variable.
    pub fn trimmed(self, text: &str) -> Result<String, Empty> {
        match text.trim() {
            "" => Err(Empty(self.source(text))),
            trimmed => Ok(trimmed.to_owned()),
        }
    }

    /// An address and a port, to listen on; a name such as localhost is none, since it may stand for several
    /// addresses.
    ///
    /// # Errors
    /// What is wrong with the text, with this example.
    pub fn address(self, text: &str, example: SocketAddr) -> Result<SocketAddr, String> {
        let address = self.trimmed(text).map_err(|error| error.to_string())?;
        address.parse().map_err(|_| {
            let (source, flag, port) = (self.source(text), self.flag, example.port());
            format!(
                "{source} takes an address and a port, for example {flag} {example}, or [::1]:{port}; \
                 0.0.0.0:{port} listens on all interfaces, and port 0 takes a free one"
            )
        })
    }

    /// Where a value came from: the variable if that is what it holds, else the flag.
    #[must_use]
    pub fn source(self, text: &str) -> &'static str {
        self.source_among(text, std::env::var(self.variable).ok().as_deref())
    }

    /// The value of the environment variable, without white space around it; `None`: it is not set.
    ///
    /// # Errors
    /// [`Empty`].
    pub fn read(self) -> Result<Option<String>, Empty> {
        std::env::var(self.variable).ok().map(|text| self.trimmed(&text)).transpose()
    }

    fn source_among(self, text: &str, set: Option<&str>) -> &'static str {
        if self.flag.is_empty() || set.is_some_and(|set| set.trim() == text.trim()) {
            self.variable
        } else {
            self.flag
        }
    }
}

/// Both names, for an error that cannot know which was used.
impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.flag.is_empty() {
            f.write_str(self.variable)
        } else {
            write!(f, "{} ({})", self.flag, self.variable)
        }
    }
}

/// An error and its causes on one line. A cause whose text the line holds already is left out: many
/// errors quote what they were caused by.
#[must_use]
pub fn one_line(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const SURI: Setting = Setting::new("--suri", "ASSENT_TEST_OF_NO_SUCH_VARIABLE");

    #[test]
    fn white_space_around_a_text_goes_and_between_its_words_stays() {
        for text in ["//Alice\n", "\r\n//Alice", " //Alice\t", "//Alice"] {
            assert_eq!(SURI.trimmed(text).as_deref(), Ok("//Alice"), "{text:?}");
        }
        assert_eq!(SURI.trimmed("two  words\n").as_deref(), Ok("two  words"));
    }

    #[test]
    fn an_empty_text_is_refused_by_the_name_of_what_gave_it() {
        for text in ["", " ", "\n"] {
            let refusal = SURI.trimmed(text).unwrap_err().to_string();
            assert!(refusal.starts_with("--suri is empty"), "{refusal}");
            let only = Setting::variable("SECRET").trimmed(text).unwrap_err().to_string();
            assert!(only.starts_with("SECRET is empty"), "{only}");
        }
    }

    #[test]
    fn a_value_is_of_the_variable_when_that_holds_it() {
        assert_eq!(SURI.source_among("//Alice", Some("//Alice\n")), SURI.variable);
        assert_eq!(SURI.source_among("//Alice", Some("//Bob")), "--suri");
        assert_eq!(SURI.source_among("//Alice", None), "--suri");
        assert_eq!(SURI.to_string(), "--suri (ASSENT_TEST_OF_NO_SUCH_VARIABLE)");
    }

    #[test]
    fn a_cause_is_said_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("the database failed: {0}")]
        struct Quoting(#[from] std::io::Error);
        #[derive(Debug, thiserror::Error)]
        #[error("the mirror stops")]
        struct Silent(#[source] Quoting);
        let refused = Quoting(std::io::Error::other("refused"));
        assert_eq!(one_line(&refused), "the database failed: refused");
        assert_eq!(one_line(&Silent(refused)), "the mirror stops: the database failed: refused");
    }
}
