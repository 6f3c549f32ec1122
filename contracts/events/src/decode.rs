//! From what stands on chain to a typed event.

use core::{error, fmt};

use assent_interface::Contract;
use parity_scale_codec::{Decode, DecodeAll as _};

use crate::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
};

/// Declares the event of any contract from the modules of the contracts.
macro_rules! contracts {
    ($($(#[doc = $doc:literal])* $contract:ident: $module:ident;)+) => {
        /// An event of one of the contracts.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Event {
            /// On the government of whichever contract it is.
            Governance(governance::Event),
            $($(#[doc = $doc])* $contract($module::Event),)+
        }

        impl Event {
            /// Its name; unique only within a contract.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    Self::Governance(event) => event.name(),
                    $(Self::$contract(event) => event.name(),)+
                }
            }

            /// Its signature topic.
            #[must_use]
            pub const fn topic(&self) -> [u8; 32] {
                match self {
                    Self::Governance(event) => event.topic(),
                    $(Self::$contract(event) => event.topic(),)+
                }
            }

            /// All its fields, SCALE-encoded one after the other, as they stand on chain.
            #[must_use]
            pub fn data(&self) -> alloc::vec::Vec<u8> {
                match self {
                    Self::Governance(event) => event.data(),
                    $(Self::$contract(event) => event.data(),)+
                }
            }
        }

        impl From<governance::Event> for Event {
            fn from(event: governance::Event) -> Self {
                Self::Governance(event)
            }
        }

        $(
            impl From<$module::Event> for Event {
                fn from(event: $module::Event) -> Self {
                    Self::$contract(event)
                }
            }
        )+

        /// Reads an event that `contract` emitted. `topics` are those of its record, `data` is all
        /// its fields.
        ///
        /// Which contract it is follows from the emitter's address alone: any contract can emit
        /// these topics and bytes.
        ///
        /// # Errors
        ///
        /// [`DecodeError`]. That the first topic is unknown means that it is none of this contract's
        /// events, even if it is one of another's.
        pub fn decode(
            contract: Contract,
            topics: &[[u8; 32]],
            data: &[u8],
        ) -> Result<Event, DecodeError> {
            let signature = topics.first().ok_or(DecodeError::NoTopic)?;
            match governance::Event::decode(signature, data) {
                Err(DecodeError::UnknownTopic(_)) => {}
                decoded => return decoded.map(Event::Governance),
            }
            match contract {
                $(Contract::$contract => $module::Event::decode(signature, data).map(Event::$contract),)+
            }
        }
    };
}

contracts! {
    /// Of participants.
    Participants: participants;
    /// Of the token.
    Token: token;
    /// Of rewards.
    Rewards: rewards;
    /// Of consent.
    Consent: consent;
    /// Of agreements.
    Agreements: agreements;
    /// Of reports.
    Reports: reports;
    /// Of carbon.
    Carbon: carbon;
    /// Of the market.
    Market: market;
}

/// Why bytes are no event of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// It carries no topic, which would say what it is.
    NoTopic,
    /// The contract has no event with this signature topic.
    UnknownTopic([u8; 32]),
    /// It has the signature topic of this event, but its bytes are not that event's fields.
    Malformed {
        /// Name of the event.
        event: &'static str,
        /// What the codec says.
        reason: parity_scale_codec::Error,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTopic => f.write_str("the event has no topic, which would say what it is"),
            Self::UnknownTopic(topic) => {
                f.write_str("the contract has no event with the signature topic 0x")?;
                topic.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
            Self::Malformed { event, reason } => {
                write!(f, "the bytes of the event are not the fields of {event}: {reason}")
            }
        }
    }
}

impl error::Error for DecodeError {}

/// Reads a value that takes up all bytes.
pub(crate) fn read<T: Decode>(event: &'static str, mut data: &[u8]) -> Result<T, DecodeError> {
    T::decode_all(&mut data).map_err(|reason| DecodeError::Malformed { event, reason })
}

/// The 32 bytes that 64 hex digits stand for.
///
/// # Panics
///
/// If it is something else: at compile time, in a constant.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "it is evaluated when the crate is compiled, where an overflow is an error"
)]
pub(crate) const fn topic(hex: &str) -> [u8; 32] {
    let hex = hex.as_bytes();
    assert!(hex.len() == 64, "a signature topic has 64 hex digits");
    let mut bytes = [0; 32];
    let mut at = 0;
    while at < 32 {
        bytes[at] = digit(hex[2 * at]) << 4 | digit(hex[2 * at + 1]);
        at += 1;
    }
    bytes
}

#[expect(clippy::arithmetic_side_effects, reason = "each difference is of a digit of its range")]
const fn digit(hex: u8) -> u8 {
    match hex {
        b'0'..=b'9' => hex - b'0',
        b'a'..=b'f' => hex - b'a' + 10,
        _ => panic!("a signature topic is written in lower-case hex digits"),
    }
}
