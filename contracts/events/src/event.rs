//! One definition of an event for contracts and for hosts.

/// Declares the events of a module: each is a struct, with its signature topic before it and
/// `#[ink(topic)]` at the fields that are indexed. With ink! they are ink! events; with the feature
/// `decode` there is also `Event`, which is one of them, read from the chain's bytes.
macro_rules! events {
    ($(
        $(#[doc = $doc:literal])*
        #[signature($signature:tt)]
        pub struct $event:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[ink($topic:ident)])?
                // Not as `ty`: ink! does not see a type's name through that.
                pub $field:ident: $type:ident $(<$argument:ident>)?,
            )+
        }
    )+) => {
        $(
            $(#[doc = $doc])*
            #[cfg_attr(feature = "ink", derive(ink::Event))]
            #[cfg_attr(all(feature = "ink", feature = "std"), derive(ink::EventMetadata))]
            #[derive(
                Debug, Clone, PartialEq, Eq, parity_scale_codec::Encode, parity_scale_codec::Decode,
            )]
            #[cfg_attr(feature = "ink", ink(signature_topic = $signature))]
            pub struct $event {
                $(
                    $(#[doc = $field_doc])*
                    $(#[cfg_attr(feature = "ink", ink($topic))])?
                    pub $field: $type $(<$argument>)?,
                )+
            }
        )+

        /// What ink! says of the events.
        #[cfg(all(test, feature = "ink", feature = "std"))]
        pub(crate) fn specs() -> Vec<ink::metadata::EventSpec> {
            vec![$(<$event as ink::metadata::EventMetadata>::event_spec(),)+]
        }

        #[cfg(feature = "decode")]
        pub use self::decoded::Event;

        #[cfg(feature = "decode")]
        mod decoded {
            use crate::decode::{read, topic, DecodeError};
            use alloc::vec::Vec;
            use parity_scale_codec::Encode as _;

            /// One of the events of this module.
            #[derive(Debug, Clone, PartialEq, Eq)]
            #[allow(
                clippy::large_enum_variant,
                reason = "a few hundred bytes at most; boxes would be in the way of every pattern"
            )]
            pub enum Event {
                $($(#[doc = $doc])* $event(super::$event),)+
            }

            impl Event {
                /// The name and the signature topic of every event.
                pub const ALL: &'static [(&'static str, [u8; 32])] =
                    &[$((stringify!($event), topic($signature)),)+];

                /// Reads the event that this signature topic stands for from all its fields.
                ///
                /// # Errors
                ///
                /// [`DecodeError::UnknownTopic`] if it stands for none of these;
                /// [`DecodeError::Malformed`] if the bytes are not its fields, all of them and
                /// nothing else.
                pub fn decode(signature: &[u8; 32], data: &[u8]) -> Result<Self, DecodeError> {
                    $(
                        if *signature == const { topic($signature) } {
                            return read(stringify!($event), data).map(Self::$event);
                        }
                    )+
                    Err(DecodeError::UnknownTopic(*signature))
                }

                /// Its name.
                #[must_use]
                pub const fn name(&self) -> &'static str {
                    match self {
                        $(Self::$event(_) => stringify!($event),)+
                    }
                }

                /// Its signature topic.
                #[must_use]
                pub const fn topic(&self) -> [u8; 32] {
                    match self {
                        $(Self::$event(_) => const { topic($signature) },)+
                    }
                }

                /// All its fields, SCALE-encoded one after the other, as they stand on chain.
                #[must_use]
                pub fn data(&self) -> Vec<u8> {
                    match self {
                        $(Self::$event(event) => event.encode(),)+
                    }
                }
            }

            $(
                impl From<super::$event> for Event {
                    fn from(event: super::$event) -> Self {
                        Self::$event(event)
                    }
                }
            )+
        }
    };
}
