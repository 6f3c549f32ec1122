//! What every message of the health contracts costs, and how the cost of `request_access` depends on
//! how much is stored: `make bench-contracts` prints it, and with `--write` puts it into
//! `contracts/README.md`.

use std::fmt::Write as _;
use std::path::Path;

use assent_sandbox::cases::{self, Case};
use assent_sandbox::health::{
    CARDIOLOGY, HOSPITAL, Health, PATIENT, REGULATOR, TREATMENT, Terms, role, terms,
};
use assent_sandbox::{Account, Executed, Outcome};

const BEGIN: &str = "<!-- costs:begin -->";
const END: &str = "<!-- costs:end -->";
const SIZES: [u32; 3] = [10, 1_000, 10_000];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let write = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--write") => true,
        Some(other) => return Err(format!("unknown argument {other}; usage: [--write]").into()),
    };
    let table = format!("{}\n{}", messages()?, growth()?);
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
    let mut last: Option<(&str, &str)> = None;
    for case in cases::all().into_iter().filter(|case| case.error.is_none()) {
        if last == Some((case.contract, case.message)) {
            continue;
        }
        last = Some((case.contract, case.message));
        let (health, _, executed) = case.run();
        if case.contract != contract && !case.message.starts_with("Governed::") {
            contract = case.contract;
            let size = health.contract(contract).bundle.code.len();
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
type Fill = fn(&mut Health, u32, u32);

/// The cost of a permitted `request_access` at each of [`SIZES`].
fn growth() -> Result<String, std::fmt::Error> {
    let mut table = String::from("**`request_access` by what is stored**\n\n");
    writeln!(table, "| Stored | Count | ref_time, µs | proof_size, KiB | Deposit, milliunits |")?;
    writeln!(table, "|---|---:|---:|---:|---:|")?;
    let dimensions: [(&str, Fill); 3] = [
        ("grants of the patient to the hospital", grants),
        ("entries of the patient's log", accesses),
        ("patients with a grant", patients),
    ];
    for (name, fill) in dimensions {
        let mut health = Health::new();
        // Every log starts with one entry, so that the first, which also makes its head, is not
        // compared with later ones.
        granted(&mut health, PATIENT);
        access(&mut health);
        let mut stored = 0;
        for size in SIZES {
            fill(&mut health, stored, size);
            stored = size;
            let executed = access(&mut health);
            writeln!(
                table,
                "| {name} | {size} | {} | {} | {} |",
                executed.weight.ref_time() / 1_000_000,
                executed.weight.proof_size().div_ceil(1_024),
                milliunits(executed.deposit),
            )?;
        }
        eprintln!("==> measured by {name}");
    }
    Ok(table)
}

fn access(health: &mut Health) -> Executed {
    let request = (PATIENT, None::<u64>, TREATMENT, CARDIOLOGY);
    let executed = health.call(HOSPITAL, "consent", "request_access", &request);
    assert_eq!(executed.outcome, Outcome::Returned(vec![0]), "it is permitted");
    executed
}

fn granted(health: &mut Health, owner: Account) {
    health.grant(Terms { owner, ..terms() });
}

fn grants(health: &mut Health, from: u32, to: u32) {
    for _ in from..to {
        granted(health, PATIENT);
    }
}

fn accesses(health: &mut Health, from: u32, to: u32) {
    for _ in from..to {
        access(health);
    }
}

fn patients(health: &mut Health, from: u32, to: u32) {
    for number in from..to {
        let mut patient = [0xee; 32];
        patient[..4].copy_from_slice(&number.to_le_bytes());
        health.sandbox.endow(&[patient]);
        health.done(patient, "participants", "register", &patient);
        health.done(REGULATOR, "participants", "approve", &(patient, role::DATA_OWNER));
        granted(health, patient);
    }
}
