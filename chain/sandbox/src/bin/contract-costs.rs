//! What every message of the contracts costs, how that depends on how much is
//! stored, and what the token costs more than a plain one: `make bench-contracts` prints it, and with
//! `--write` puts it into `contracts/README.md`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use assent_interface::{agreements, carbon, consent, market, token};
use assent_sandbox::cases::{self, Case};
use assent_sandbox::ledger::{
    CARDIOLOGY, COLLECTOR, CREDIT, EMITTER, HOSPITAL, Ledger, ORDER_TIME, PATIENT, REGULATOR,
    TRADER, TREATMENT, Terms, UNNAMED, role, terms,
};
use assent_sandbox::{Account, Bundle, Contract, Executed, Outcome, Sandbox, Weight};
use parity_scale_codec::Encode as _;

const BEGIN: &str = "<!-- costs:begin -->";
const END: &str = "<!-- costs:end -->";
const SIZES: [u32; 3] = [10, 1_000, 10_000];
/// Units that there are where tokens are moved.
const UNITS: u128 = 1_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let write = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--write") => true,
        Some(other) => return Err(format!("unknown argument {other}; usage: [--write]").into()),
    };
    let table = format!("{}\n{}\n{}", messages()?, growth()?, twins()?);
    println!("{table}");
    if write {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/README.md");
        let text = std::fs::read_to_string(&path)?;
        let (head, rest) =
            text.split_once(BEGIN).ok_or("contracts/README.md has no costs:begin")?;
        let (_, tail) = rest.split_once(END).ok_or("contracts/README.md has no costs:end")?;
        std::fs::write(&path, format!("{head}{BEGIN}\n{table}\n{END}{tail}"))?;
        eprintln!("==> wrote {}", path.display());
    }
    Ok(())
}

/// One line for each message that succeeds; the first case of a message counts.
fn messages() -> Result<String, std::fmt::Error> {
    let mut table = String::new();
    let mut contract = "";
    let mut measured = BTreeSet::new();
    for case in cases::all().into_iter().filter(|case| case.error.is_none()) {
        if !measured.insert((case.contract, case.message)) {
            continue;
        }
        let (ledger, _, executed) = case.run();
        if case.contract != contract && !case.message.starts_with("Governed::") {
            contract = case.contract;
            let size = ledger.contract(contract).bundle.code.len();
            writeln!(table, "\n**{contract}**, {size} bytes of Wasm\n")?;
            heading(&mut table)?;
        }
        if case.message.starts_with("Governed::") {
            // The same code in every contract: once is enough.
            if case.contract != "participants" {
                continue;
            }
            if contract != "all" {
                contract = "all";
                writeln!(table, "\n**All contracts** (measured on participants)\n")?;
                heading(&mut table)?;
            }
        }
        line(&mut table, &case, &executed)?;
    }
    Ok(table)
}

fn heading(table: &mut String) -> std::fmt::Result {
    writeln!(table, "| Message | ref_time, µs | proof_size, KiB | Deposit, milliunits |")?;
    writeln!(table, "|---|---:|---:|---:|")
}

fn line(table: &mut String, case: &Case, executed: &Executed) -> std::fmt::Result {
    writeln!(
        table,
        "| `{}` | {} | {} | {} |",
        case.message.trim_start_matches("Governed::"),
        executed.weight.ref_time() / 1_000_000,
        executed.weight.proof_size().div_ceil(1_024),
        milliunits(executed.deposit),
    )
}

/// A milliunit is 10^9 base units; two decimals.
fn milliunits(deposit: i128) -> String {
    let hundredths = deposit / 10_000_000;
    let sign = if hundredths < 0 { "-" } else { "" };
    let hundredths = hundredths.unsigned_abs();
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Brings what is stored from one count to another.
type Fill = fn(&mut Ledger, u32, u32);

/// Something that there is more and more of, and a message that must not cost more by that.
struct Dimension {
    message: &'static str,
    stored: &'static str,
    /// What the first message would make and later ones find.
    start: fn(&mut Ledger),
    fill: Fill,
    measure: fn(&mut Ledger) -> Executed,
}

/// The cost of a message at each of [`SIZES`].
fn growth() -> Result<String, std::fmt::Error> {
    let mut table = String::from("**By what is stored**\n\n");
    writeln!(
        table,
        "| Message | Stored | Count | ref_time, µs | proof_size, KiB | Deposit, milliunits |"
    )?;
    writeln!(table, "|---|---|---:|---:|---:|---:|")?;
    let of_access = |stored: &'static str, fill: Fill| Dimension {
        message: consent::REQUEST_ACCESS,
        stored,
        start: |ledger| {
            granted(ledger, PATIENT);
            access(ledger);
        },
        fill,
        measure: access,
    };
    let dimensions = [
        of_access("grants of the patient to the hospital", grants),
        of_access("entries of the patient's log", accesses),
        of_access("patients with a grant", patients),
        Dimension {
            message: agreements::ACCEPT,
            stored: "proposals to the patient",
            start: |ledger| {
                granted(ledger, PATIENT);
                accept(ledger);
            },
            fill: proposals,
            measure: accept,
        },
        Dimension {
            message: token::TRANSFER,
            stored: "holders of units",
            start: |ledger| {
                endow(ledger);
                transfer(ledger, PATIENT);
            },
            fill: holders,
            measure: |ledger| transfer(ledger, PATIENT),
        },
        Dimension {
            message: "carbon.transfer",
            stored: "holders of a batch",
            start: |ledger| {
                ledger.credits(TRADER, UNITS);
                hand_over(ledger, EMITTER);
            },
            fill: holders_of_a_batch,
            measure: |ledger| hand_over(ledger, EMITTER),
        },
        Dimension {
            message: "market.fill",
            stored: "orders",
            start: |ledger| {
                offer(ledger);
                buy(ledger);
            },
            fill: orders,
            measure: buy,
        },
        Dimension {
            message: "market.fill",
            stored: "holders of the batch",
            start: |ledger| {
                offer(ledger);
                buy(ledger);
            },
            fill: holders_of_a_batch,
            measure: buy,
        },
    ];
    for Dimension { message, stored: name, start, fill, measure } in dimensions {
        let mut ledger = Ledger::new();
        start(&mut ledger);
        let mut stored = 0;
        let mut first: Option<Weight> = None;
        for size in SIZES {
            fill(&mut ledger, stored, size);
            stored = size;
            let executed = measure(&mut ledger);
            let weight = *first.get_or_insert(executed.weight);
            assert_eq!(executed.weight, weight, "{message} must not depend on {name}");
            writeln!(
                table,
                "| `{message}` | {name} | {size} | {} | {} | {} |",
                executed.weight.ref_time() / 1_000_000,
                executed.weight.proof_size().div_ceil(1_024),
                milliunits(executed.deposit),
            )?;
        }
        eprintln!("==> measured {message} by {name}");
    }
    Ok(table)
}

fn access(ledger: &mut Ledger) -> Executed {
    let request = (PATIENT, UNNAMED, TREATMENT, CARDIOLOGY);
    let executed = ledger.call(HOSPITAL, "consent", consent::REQUEST_ACCESS, &(HOSPITAL, request));
    assert_eq!(executed.outcome, Outcome::Returned(vec![0]), "it is permitted");
    executed
}

fn granted(ledger: &mut Ledger, owner: Account) {
    ledger.grant(Terms { owner, ..terms() });
}

fn grants(ledger: &mut Ledger, from: u32, to: u32) {
    for _ in from..to {
        let number = ledger.grant(terms());
        // Of two a few may live at a time; the first goes on.
        ledger.done(PATIENT, "consent", consent::REVOKE, &number);
    }
}

fn accesses(ledger: &mut Ledger, from: u32, to: u32) {
    for _ in from..to {
        access(ledger);
    }
}

fn patients(ledger: &mut Ledger, from: u32, to: u32) {
    for number in from..to {
        let patient = account(number);
        ledger.sandbox.endow(&[patient]);
        ledger.admit(patient, role::DATA_OWNER);
        granted(ledger, patient);
    }
}

fn proposals(ledger: &mut Ledger, from: u32, to: u32) {
    for _ in from..to {
        ledger.propose(terms());
    }
}

/// The patient accepts one proposal more, whose terms he has granted.
fn accept(ledger: &mut Ledger) -> Executed {
    let proposal = ledger.propose(terms());
    ledger.done(PATIENT, "agreements", agreements::ACCEPT, &(proposal, None::<u64>))
}

/// The regulator holds [`UNITS`] of the token.
fn endow(ledger: &mut Ledger) {
    ledger.done(REGULATOR, "token", token::MINT, &(REGULATOR, UNITS, [1u8; 32]));
}

fn transfer(ledger: &mut Ledger, to: Account) -> Executed {
    ledger.done(REGULATOR, "token", token::TRANSFER, &(to, 1u128, Vec::<u8>::new()))
}

fn holders(ledger: &mut Ledger, from: u32, to: u32) {
    for number in from..to {
        transfer(ledger, account(number));
    }
}

/// The trader gives one unit of the first batch away.
fn hand_over(ledger: &mut Ledger, to: Account) -> Executed {
    ledger.done(TRADER, "carbon", carbon::TRANSFER, &(1u64, to, 1u128))
}

fn holders_of_a_batch(ledger: &mut Ledger, from: u32, to: u32) {
    for number in from..to {
        let holder = account(number);
        ledger.sandbox.endow(&[holder]);
        ledger.admit(holder, role::TRADER);
        hand_over(ledger, holder);
    }
}

/// The trader holds [`UNITS`] of the first batch and offers a tenth of them, with a fee; the emitter
/// has the money for it.
fn offer(ledger: &mut Ledger) {
    ledger.fee(500u16, COLLECTOR);
    ledger.credits(TRADER, UNITS);
    let market = ledger.market.address;
    ledger.entrust(TRADER, market, 1, UNITS);
    place(ledger, UNITS / 10);
    ledger.money(EMITTER, UNITS, market);
}

/// The trader offers units of the first batch at one token base unit each.
fn place(ledger: &mut Ledger, amount: u128) {
    let order = (1u64, amount, CREDIT, ledger.sandbox.now() + ORDER_TIME);
    ledger.done(TRADER, "market", market::PLACE, &(TRADER, order));
}

/// The emitter buys a credit of the first order.
fn buy(ledger: &mut Ledger) -> Executed {
    ledger.done(EMITTER, "market", market::FILL, &(EMITTER, 1u64, CREDIT, CREDIT))
}

fn orders(ledger: &mut Ledger, from: u32, to: u32) {
    for _ in from..to {
        place(ledger, 1);
    }
}

fn account(number: u32) -> Account {
    let mut account = [0xee; 32];
    account[..4].copy_from_slice(&number.to_le_bytes());
    account
}

/// The token next to one that is made with the published crate `psp22`, on one chain.
fn twins() -> Result<String, Box<dyn std::error::Error>> {
    let mut ledger = Ledger::bare();
    let bundle = Arc::new(Bundle::committed("fixtures/twin"));
    let twin = ledger.sandbox.instantiate(REGULATOR, &bundle, &UNITS)?;
    endow(&mut ledger);
    let token = ledger.token.clone();
    let ours = moves(&mut ledger.sandbox, &token);
    let theirs = moves(&mut ledger.sandbox, &twin);

    let mut table = String::from(
        "**The token against the crate `psp22`**, which has the messages of the standard and \
         nothing else; between accounts that hold units, the second time\n\n",
    );
    writeln!(table, "| | Token | `psp22` | Ratio |")?;
    writeln!(table, "|---|---:|---:|---:|")?;
    let mut row = |what: &str, unit: u64, ours: u64, theirs: u64| {
        let (shown, their) = (ours.div_ceil(unit), theirs.div_ceil(unit));
        writeln!(table, "| {what} | {shown} | {their} | {} |", ratio(ours, theirs))
    };
    for ((label, ours), (_, theirs)) in ours.iter().zip(&theirs) {
        row(&format!("`{label}`, ref_time, µs"), 1_000_000, ours.ref_time(), theirs.ref_time())?;
        let (ours, theirs) = (ours.proof_size(), theirs.proof_size());
        row(&format!("`{label}`, proof_size, KiB"), 1_024, ours, theirs)?;
    }
    let size = |contract: &Contract| u64::try_from(contract.bundle.code.len());
    row("Wasm, bytes", 1, size(&token)?, size(&twin)?)?;
    Ok(table)
}

/// What each message that moves units, or lets others move them, uses the second time.
fn moves(sandbox: &mut Sandbox, token: &Contract) -> [(&'static str, Weight); 3] {
    let no_data = Vec::<u8>::new();
    [
        (REGULATOR, token::TRANSFER, (PATIENT, 10u128, &no_data).encode()),
        (REGULATOR, token::APPROVE, (HOSPITAL, 1_000u128).encode()),
        (HOSPITAL, token::TRANSFER_FROM, (REGULATOR, PATIENT, 10u128, &no_data).encode()),
    ]
    .map(|(caller, label, arguments)| {
        let input = [&token.bundle.message(label).selector[..], &arguments].concat();
        sandbox.call_raw(caller, token, label, input.clone());
        let executed = sandbox.call_raw(caller, token, label, input);
        assert_eq!(executed.outcome, Outcome::Returned(vec![]), "{label}");
        (label, executed.weight)
    })
}

/// Two decimals.
fn ratio(ours: u64, theirs: u64) -> String {
    let hundredths = (u128::from(ours) * 100 + u128::from(theirs / 2)) / u128::from(theirs);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
