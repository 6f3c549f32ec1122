//! Credits from their issue to their retirement, emitters over several periods, and sales. After
//! each step of a story nothing has come out of nowhere, and nothing has gone there.

mod compliance;
mod sale;

use assent_interface::{carbon, token};
use assent_sandbox::ledger::{
    AUDITOR, Batch, BatchTotals, COLLECTOR, EMITTER, FACTORY, Hash, Holding, ISSUER, Item, Ledger,
    SERIALS, STRANGER, TRADER,
};
use assent_sandbox::{Account, Executed, decode};

/// All who hold something in these stories.
const HOLDERS: [Account; 5] = [EMITTER, FACTORY, ISSUER, TRADER, COLLECTOR];

/// Commitment to what was offset.
const REASON: Hash = [0x81; 32];

fn holding(ledger: &mut Ledger, batch: u64, owner: Account) -> Holding {
    ledger.view("carbon", carbon::BALANCE_OF, &(batch, owner))
}

fn tradable(ledger: &mut Ledger, batch: u64, owner: Account) -> u128 {
    holding(ledger, batch, owner).tradable
}

/// The totals of a batch, after a look whether they are what its holders have, and no more than it
/// has serial numbers.
#[track_caller]
fn totals(ledger: &mut Ledger, batch: u64) -> BatchTotals {
    let totals: BatchTotals = ledger.view("carbon", carbon::TOTALS, &batch);
    let mut sum = BatchTotals::default();
    for owner in HOLDERS {
        let Holding { tradable, escrowed, retired, surrendered, cancelled } =
            holding(ledger, batch, owner);
        sum.issued += tradable + escrowed + retired + surrendered + cancelled;
        sum.escrowed += escrowed;
        sum.retired += retired;
        sum.surrendered += surrendered;
        sum.cancelled += cancelled;
    }
    assert_eq!(totals, sum);
    let of: Option<Batch> = ledger.view("carbon", carbon::BATCH, &batch);
    let Batch { serial_start, serial_end, .. } = of.expect("there is such a batch");
    assert!(totals.issued <= serial_end - serial_start + 1);
    totals
}

/// The token base units of an account.
fn money(ledger: &mut Ledger, owner: Account) -> u128 {
    ledger.view("token", token::BALANCE_OF, &owner)
}

/// What an event says.
#[track_caller]
fn said<T: parity_scale_codec::Decode>(executed: &Executed, index: usize) -> T {
    decode(&executed.events[index].data)
}

#[test]
fn credits_are_issued_split_moved_brought_together_and_retired() {
    let mut ledger = Ledger::new();
    let batch = ledger.batch();
    for amount in [400u128, 600] {
        let issued = ledger.done(ISSUER, "carbon", carbon::ISSUE, &(batch, ISSUER, amount));
        assert_eq!(ledger.event_names(&issued), ["Issued"]);
    }
    ledger.done(ISSUER, "carbon", carbon::SEAL_BATCH, &batch);
    ledger.refused(ISSUER, "carbon", carbon::ISSUE, &(batch, ISSUER, 1u128), "BatchSealed");
    let issued = BatchTotals { issued: 1_000, ..BatchTotals::default() };
    assert_eq!(totals(&mut ledger, batch), issued);

    // Split: 500, 300 and 199 are others', 1 stays.
    for (owner, amount) in [(TRADER, 500u128), (FACTORY, 300), (EMITTER, 199)] {
        ledger.done(ISSUER, "carbon", carbon::TRANSFER, &(batch, owner, amount));
        assert_eq!(totals(&mut ledger, batch), issued);
    }
    // Moved: a part by an operator, who is left with the rest of what he was approved for.
    ledger.entrust(TRADER, STRANGER, batch, 200);
    let part = (TRADER, batch, FACTORY, 150u128);
    let moved = ledger.done(STRANGER, "carbon", carbon::TRANSFER_FROM, &part);
    assert_eq!(ledger.event_names(&moved), ["OperatorApproved", "Transferred"]);
    let transferred: (u64, Account, Account, u128, Account) = said(&moved, 1);
    assert_eq!(transferred, (batch, TRADER, FACTORY, 150, STRANGER));
    let more = (TRADER, batch, FACTORY, 51u128);
    ledger.refused(STRANGER, "carbon", carbon::TRANSFER_FROM, &more, "NotApproved");
    let owned = HOLDERS.map(|owner| tradable(&mut ledger, batch, owner));
    assert_eq!(owned, [199, 450, 1, 350, 0]);
    assert_eq!(totals(&mut ledger, batch), issued);

    // Brought together again, in parts.
    ledger.done(ISSUER, "carbon", carbon::TRANSFER, &(batch, EMITTER, 1u128));
    ledger.done(TRADER, "carbon", carbon::TRANSFER, &(batch, EMITTER, 350u128));
    let parts = [Item { batch, amount: 449 }, Item { batch, amount: 1 }].to_vec();
    let moved = ledger.done(FACTORY, "carbon", carbon::TRANSFER_BATCH, &(EMITTER, parts));
    assert_eq!(ledger.event_names(&moved), ["Transferred"; 2]);
    let owned = HOLDERS.map(|owner| tradable(&mut ledger, batch, owner));
    assert_eq!(owned, [1_000, 0, 0, 0, 0]);
    assert_eq!(totals(&mut ledger, batch), issued);

    // Retired for another, and for a reason; cancelled for none.
    let retirement = (batch, 900u128, REASON, AUDITOR);
    let retired = ledger.done(EMITTER, "carbon", carbon::RETIRE, &retirement);
    assert_eq!(ledger.event_names(&retired), ["Retired"]);
    let on_record: (u64, Account, Account, u128, Hash) = said(&retired, 0);
    assert_eq!(on_record, (batch, EMITTER, AUDITOR, 900, REASON));
    ledger.suspend(EMITTER);
    ledger.refused(EMITTER, "carbon", carbon::TRANSFER, &(batch, TRADER, 1u128), "NotAdmitted");
    ledger.done(EMITTER, "carbon", carbon::CANCEL, &(batch, 60u128, REASON));
    let held = holding(&mut ledger, batch, EMITTER);
    let expected = Holding { tradable: 40, retired: 900, cancelled: 60, ..Holding::default() };
    assert_eq!(held, expected);
    assert_eq!(totals(&mut ledger, batch), BatchTotals { retired: 900, cancelled: 60, ..issued });

    // For good.
    ledger.reinstate(EMITTER);
    let more = (batch, 41u128, REASON, EMITTER);
    ledger.refused(EMITTER, "carbon", carbon::RETIRE, &more, "InsufficientBalance");
    let more = (batch, TRADER, 41u128);
    ledger.refused(EMITTER, "carbon", carbon::TRANSFER, &more, "InsufficientBalance");
    ledger.done(EMITTER, "carbon", carbon::TRANSFER, &(batch, TRADER, 40u128));
    assert_eq!(totals(&mut ledger, batch), BatchTotals { retired: 900, cancelled: 60, ..issued });
}

#[test]
fn the_batches_of_a_class_share_no_serial_number() {
    let mut ledger = Ledger::new();
    let class = ledger.class();
    let (first, second) = (ledger.project(class), ledger.project(class));
    let mut last = 0;
    for (project, start, end) in [(first, 1u128, 10u128), (second, 11, 11), (first, 100, SERIALS)] {
        let taken = (project, last, end, 0u64, 1u64);
        let error = if last == 0 { "InvalidRange" } else { "SerialsTaken" };
        ledger.refused(ISSUER, "carbon", carbon::CREATE_BATCH, &taken, error);
        let range = (project, start, end, 0u64, 1u64);
        let batch: u64 = ledger.done(ISSUER, "carbon", carbon::CREATE_BATCH, &range).value();
        let made: Option<Batch> = ledger.view("carbon", carbon::BATCH, &batch);
        let made = made.expect("it was made");
        assert_eq!((made.class, made.project, made.period), (class, Some(project), None));
        assert_eq!((made.serial_start, made.serial_end), (start, end));
        assert!(made.serial_start > last);
        last = made.serial_end;
    }
    // Those of the periods follow each other without a gap.
    for nth in 0..3 {
        let period = ledger.period();
        let allowances = ledger.allowances(period);
        let made: Option<Batch> = ledger.view("carbon", carbon::BATCH, &allowances);
        let made = made.expect("it comes with the period");
        assert_eq!((made.class, made.project, made.period), (1, None, Some(period)));
        assert_eq!((made.serial_start, made.serial_end), (nth * SERIALS + 1, (nth + 1) * SERIALS));
    }
}
