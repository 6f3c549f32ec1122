//! Where an event stands on chain.

use std::fmt;
use std::str::FromStr;

/// Where an event stands on chain: the key of the event, and the provenance of all that it changes.
///
/// Written and read as `block-index`, two numbers without a sign; its order is that of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Height of the block.
    pub block_number: i64,
    /// Index of the event in System.Events of the block.
    pub event_index: i32,
}

/// A text is not a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a position: give block and index as in 12-3")]
pub struct ParsePositionError;

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.block_number, self.event_index)
    }
}

impl FromStr for Position {
    type Err = ParsePositionError;

    fn from_str(text: &str) -> Result<Self, ParsePositionError> {
        let (block, index) = text.split_once('-').ok_or(ParsePositionError)?;
        Ok(Self { block_number: digits(block)?, event_index: digits(index)? })
    }
}

/// A number as positions print it: `parse` alone would also take a sign.
fn digits<T: FromStr>(text: &str) -> Result<T, ParsePositionError> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParsePositionError);
    }
    text.parse().map_err(|_| ParsePositionError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_what_it_prints() {
        for (block_number, event_index) in [(12, 3), (0, 0), (i64::MAX, i32::MAX)] {
            let position = Position { block_number, event_index };
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        assert_eq!(Position { block_number: 12, event_index: 3 }.to_string(), "12-3");
    }

    #[test]
    fn what_is_no_position_is_refused() {
        let too_large = "12-99999999999";
        for wrong in ["", "12", "-", "12-", "-3", "+1-3", "1-+3", "1--3", "1-3-5", "a-3", too_large]
        {
            assert_eq!(wrong.parse::<Position>(), Err(ParsePositionError), "{wrong}");
        }
    }

    #[test]
    fn the_order_is_that_of_the_chain() {
        let at = |block_number, event_index| Position { block_number, event_index };
        assert!(at(2, 10) > at(2, 9) && at(3, 0) > at(2, 10));
    }
}
