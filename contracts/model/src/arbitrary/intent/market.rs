//! What a step is meant to do on the market.

use super::Units;

/// What a step is meant to do on the market.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the messages, the fields their arguments")]
pub enum MarketIntent {
    Place {
        holding: u8,
        units: Units,
        price: u8,
        expiry: u8,
    },
    /// 0: as many units as before; 1: half of them; 2: one more; 3: none; else these.
    Update {
        order: u8,
        change: u8,
        units: Units,
        price: u8,
        expiry: u8,
    },
    Cancel {
        order: u8,
    },
    /// 0: for no more than it costs; 1: for whatever it costs; else for less.
    Fill {
        order: u8,
        units: Units,
        max_total: u8,
    },
    PruneExpired {
        orders: Vec<u8>,
    },
    SetFee {
        fee: u8,
        collector: u8,
    },
    SetLimits {
        limits: u8,
    },
}
