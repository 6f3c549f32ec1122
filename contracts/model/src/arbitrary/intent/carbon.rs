//! What a step is meant to do in carbon.

/// What is meant by a number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Units {
    /// One and this many more, of those that there are.
    Part(u16),
    /// All that there are.
    All,
    /// One more than there are.
    OneMore,
    /// None.
    Nothing,
    /// As many as a number can say.
    Max,
}

impl Units {
    /// How many of so many.
    pub(in crate::arbitrary) fn resolve(self, there: u128) -> u128 {
        match self {
            Self::Part(number) => 1 + u128::from(number).checked_rem(there).unwrap_or(0),
            Self::All => there,
            Self::OneMore => there.saturating_add(1),
            Self::Nothing => 0,
            Self::Max => u128::MAX,
        }
    }
}

/// What a step is meant to do in carbon. A holding, an approval, an escrow and a duty stand for
/// whose they are, too.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the variants are the messages, the fields their arguments")]
pub enum CarbonIntent {
    CreateClass {
        issuer: u8,
    },
    SetIssuer {
        class: u8,
        issuer: u8,
    },
    CreateProject {
        class: u8,
        owner: u8,
    },
    CreateBatch {
        project: u8,
        range: u8,
        vintage: u8,
    },
    Issue {
        batch: u8,
        to: u8,
        units: Units,
    },
    SealBatch {
        batch: u8,
    },
    Transfer {
        holding: u8,
        to: u8,
        units: Units,
    },
    TransferBatch {
        to: u8,
        items: Vec<(u8, Units)>,
    },
    Approve {
        holding: u8,
        operator: u8,
        units: Units,
    },
    TransferFrom {
        approval: u8,
        to: u8,
        units: Units,
    },
    Retire {
        holding: u8,
        units: Units,
    },
    Cancel {
        holding: u8,
        units: Units,
    },
    Escrow {
        approval: u8,
        units: Units,
    },
    Release {
        escrow: u8,
        units: Units,
    },
    Deliver {
        escrow: u8,
        to: u8,
        units: Units,
    },
    SetPenalty {
        tariff: u8,
        collector: u8,
    },
    SetPeriod {
        start: u8,
        length: u8,
        cap: u8,
    },
    Allocate {
        period: u8,
        account: u8,
        units: Units,
    },
    ReportEmissions {
        duty: u8,
        emissions: u8,
    },
    /// Rather exactly what is missing, if that is meant.
    Surrender {
        holding: u8,
        period: u8,
        missing: bool,
        units: Units,
    },
    /// Or a report, if nothing can be settled.
    SettlePeriod {
        duty: u8,
    },
    /// Or a surrender of what is missing, if nothing has to be paid.
    PayPenalty {
        duty: u8,
    },
    Freeze {
        account: u8,
    },
    Unfreeze {
        account: u8,
    },
}
