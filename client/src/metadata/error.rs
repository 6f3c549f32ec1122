//! Why bytes of a contract could not be decoded.

/// Why bytes could not be decoded with this metadata.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The event has no topic at all.
    #[error("the event has no topics; anonymous events are not supported")]
    NoTopics,
    /// The metadata does not know the event.
    #[error("no event of `{contract}` has the signature topic {topic}")]
    UnknownEvent {
        /// The contract's name.
        contract: String,
        /// The first topic, 0x hex.
        topic: String,
    },
    /// The metadata does not know the message or constructor.
    #[error("`{contract}` has no message or constructor `{label}`")]
    UnknownLabel {
        /// The contract's name.
        contract: String,
        /// What was asked for.
        label: String,
    },
    /// The bytes do not fit the type.
    #[error("`{field}` does not decode: {reason}")]
    Value {
        /// The field or message.
        field: String,
        /// What the decoder says.
        reason: String,
    },
    /// Bytes were left over.
    #[error("{count} bytes are left over after `{field}`")]
    LeftOver {
        /// The event or message.
        field: String,
        /// How many.
        count: usize,
    },
    /// The contract did not understand the call at all (`LangError`).
    #[error("the contract could not read the call to `{label}`: selector or arguments are wrong")]
    Lang {
        /// The message.
        label: String,
    },
}
