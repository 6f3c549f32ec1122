//! Commitments to receipts, against those that Python's hmac computed (`fixtures/receipts.json`), with a
//! key chosen by hand and
//!
//! ```python
//! canonical = b"assent-receipt-v1"
//! for field in (bic, reference, value_date):
//!     canonical += bytes([len(field)]) + field
//! commitment = hmac.new(key, canonical, hashlib.sha256).hexdigest()
//! ```

use std::collections::BTreeMap;
use std::error::Error;

use assent_client::Hash;
use assent_client::receipt::{Date, KeysError, Receipt, ReceiptError, ReceiptKeys};
use serde::Deserialize;

type TestResult = Result<(), Box<dyn Error>>;

#[derive(Deserialize)]
struct Vectors {
    keys: String,
    receipts: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    bic: String,
    reference: String,
    value_date: String,
    canonical: String,
    commitment: Hash,
}

fn vectors() -> Result<Vectors, serde_json::Error> {
    serde_json::from_str(include_str!("../fixtures/receipts.json"))
}

/// 32 bytes in hexadecimal, and a line of them for a date.
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn line(date: &str) -> String {
    format!("{date} {KEY}\n")
}

fn refused(bic: &str, reference: &str, date: &str) -> ReceiptError {
    Receipt::new(bic, reference, date).expect_err("not a receipt")
}

#[test]
fn a_commitment_is_what_others_compute() -> TestResult {
    let Vectors { keys, receipts } = vectors()?;
    let keys = ReceiptKeys::parse(&keys)?;
    assert_eq!(receipts.len(), 12);
    for Vector { bic, reference, value_date, canonical, commitment } in receipts {
        let receipt = Receipt::new(&bic, &reference, &value_date)?;
        let found = format!("0x{}", hex::encode(receipt.canonical()));
        assert_eq!(found, canonical, "{receipt:?}");
        assert_eq!(keys.commitment(&receipt)?, commitment, "{receipt:?}");
    }
    Ok(())
}

/// One receipt has one commitment, and no two have the same.
#[test]
fn what_is_one_receipt_is_one_however_it_is_written() -> TestResult {
    let Vectors { keys, receipts } = vectors()?;
    let keys = ReceiptKeys::parse(&keys)?;
    let mut written = BTreeMap::<_, Vec<_>>::new();
    for vector in &receipts {
        let receipt = Receipt::new(&vector.bic, &vector.reference, &vector.value_date)?;
        written.entry(keys.commitment(&receipt)?).or_default().push(receipt);
    }
    // The first two of the file are the same one.
    assert_eq!(written.len(), receipts.len() - 1);
    for same in written.values() {
        assert!(same.iter().all(|receipt| *receipt == same[0]), "{same:?}");
    }
    let receipt = Receipt::new("\tcobadeff ", " rf18-000a\n", " 2026-03-02 ")?;
    assert_eq!((receipt.bic(), receipt.reference()), ("COBADEFFXXX", "RF18-000A"));
    assert_eq!(receipt.value_date().to_string(), "2026-03-02");
    Ok(())
}

#[test]
fn fields_do_not_run_into_each_other() -> TestResult {
    let with = |reference| Receipt::new("COBADEFF", reference, "2026-03-02");
    // A reference that looks like the end of another one and a date behind it.
    let (short, long) = (with("A")?.canonical(), with("A2026-03-02")?.canonical());
    assert_eq!(short, b"assent-receipt-v1\x0bCOBADEFFXXX\x01A\x0a2026-03-02");
    assert_eq!(long, b"assent-receipt-v1\x0bCOBADEFFXXX\x0bA2026-03-02\x0a2026-03-02");
    Ok(())
}

#[test]
fn what_could_be_written_in_another_way_is_refused_with_its_name_and_the_fix() {
    for bic in [
        "",
        "COBADEF",
        "COBADEFF5",
        "COBADEFF5000",
        "COBA DEFF",
        "COBADEFF-00",
        "COBA12FF",
        "COBAD1FF",
        "C\u{d6}BADEF",
        "\u{212a}OBADEF",
    ] {
        let error = refused(bic, "2026-117", "2026-03-02");
        assert_eq!(error, ReceiptError::Bic(bic.to_owned()));
        let said = error.to_string();
        assert!(said.starts_with("the BIC") && said.contains("DEUTDEFF"), "{said}");
    }
    for (reference, length) in [("", 0), (" \n", 0), (&*"7".repeat(36), 36)] {
        let error = refused("COBADEFF", reference, "2026-03-02");
        assert_eq!(error, ReceiptError::ReferenceLength(length));
        assert!(error.to_string().contains("1 to 35"), "{error}");
    }
    for (reference, character, place) in [
        ("2026 117", ' ', 5),
        ("A  B", ' ', 2),
        ("A\tB", '\t', 2),
        ("A\u{a0}B", '\u{a0}', 2),
        ("2026\u{2011}117", '\u{2011}', 5),
        ("A\0", '\0', 2),
        ("A\u{7f}B", '\u{7f}', 2),
        ("\u{410}1", '\u{410}', 1),
    ] {
        let error = refused("COBADEFF", reference, "2026-03-02");
        assert_eq!(error, ReceiptError::ReferenceCharacter { character, place });
        let said = error.to_string();
        assert!(said.starts_with("the reference") && said.contains("white space"), "{said}");
    }
    for date in ["", "2026-02-29", "2026-3-2", "02.03.2026"] {
        let error = refused("COBADEFF", "2026-117", date).to_string();
        assert!(error.starts_with(&format!("the value date `{date}`")), "{error}");
        assert!(error.contains("YYYY-MM-DD"), "{error}");
    }
}

#[test]
fn a_reference_of_35_characters_is_one() -> TestResult {
    let longest = "7".repeat(35);
    assert_eq!(Receipt::new("COBADEFF", &longest, "2026-03-02")?.reference(), longest);
    Ok(())
}

#[test]
fn a_value_date_is_a_day_of_the_calendar() -> TestResult {
    for day in ["2026-01-31", "2026-04-30", "2024-02-29", "2000-02-29", "2026-12-01", "0001-01-01"]
    {
        assert_eq!(day.parse::<Date>()?.to_string(), day);
    }
    for text in [
        "2026-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-01",
        "2026-01-00",
        "2026-01-32",
        "2026-1-1",
        "26-01-01",
        "20260101",
        "2026/01/01",
        "01-01-2026",
        "2026-01-01 ",
        "+026-01-01",
        "2026-01-1\u{661}",
        "2026-01-01T00:00:00Z",
    ] {
        let refused = text.parse::<Date>().expect_err(text).to_string();
        assert!(refused.starts_with(&format!("`{text}` is none")), "{refused}");
    }
    let days = ["2025-12-31", "2026-01-02", "2026-01-10", "2026-02-01", "2027-01-01"];
    let days: Vec<Date> = days.iter().map(|day| day.parse()).collect::<Result<_, _>>()?;
    assert!(days.is_sorted());
    Ok(())
}

#[test]
fn a_receipt_older_than_all_keys_has_none() -> TestResult {
    let keys = ReceiptKeys::parse(&[line("2026-07-01"), line("2026-01-01")].concat())?;
    let error = keys.commitment(&Receipt::new("COBADEFF", "1", "2025-12-31")?).unwrap_err();
    let said = error.to_string();
    assert!(said.contains("value date 2025-12-31") && said.contains("2026-01-01"), "{said}");
    keys.commitment(&Receipt::new("COBADEFF", "1", "2026-01-01")?)?;
    Ok(())
}

#[test]
fn what_is_no_key_is_refused_by_its_line_and_never_shown() {
    let parse = |text: &str| ReceiptKeys::parse(text).expect_err("no keys");
    for wrong in [
        KEY.to_owned(),
        "2026-07-01".to_owned(),
        format!("2026-07-32 {KEY}"),
        format!("{KEY} 2026-07-01"),
        format!("2026-07-01 {}", &KEY[1..]),
        format!("2026-07-01 {}zz", &KEY[2..]),
        format!("2026-07-01 {KEY}00"),
        format!("2026-07-01 {KEY} 2026-08-01"),
        format!("2026-07-01,{KEY}"),
    ] {
        let error = parse(&format!("{}\n# more\n{wrong}\n", line("2026-01-01")));
        assert!(matches!(error, KeysError::Line(4)), "{wrong}: {error}");
        let said = error.to_string();
        assert!(said.starts_with("line 4") && !said.contains("0405"), "{said}");
    }
    let twice = parse(&[line("2026-01-01"), line("2026-07-01"), line("2026-01-01")].concat());
    assert!(matches!(twice, KeysError::Twice { line: 3, .. }), "{twice}");
    let said = twice.to_string();
    assert!(said.contains("2026-01-01") && !said.contains("0405"), "{said}");
    for nothing in ["", "\n\n", &format!("# {KEY}\n")] {
        let error = parse(nothing);
        assert!(matches!(error, KeysError::Empty), "{error}");
        assert!(error.to_string().contains("openssl rand -hex 32"), "{error}");
    }
}

#[test]
fn keys_come_from_a_file_and_show_nothing() -> TestResult {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("receipt.keys");
    std::fs::write(&path, line("2026-01-01"))?;
    let keys = ReceiptKeys::load(&path)?;
    let receipt = Receipt::new("COBADEFF", "2026-117", "2026-03-02")?;
    assert_eq!(
        keys.commitment(&receipt),
        ReceiptKeys::parse(&line("2026-01-01"))?.commitment(&receipt)
    );
    assert_eq!(format!("{keys:?}"), "ReceiptKeys(hidden)");
    let absent = ReceiptKeys::load(&folder.path().join("no.such")).unwrap_err();
    assert!(matches!(absent, KeysError::Read(_)), "{absent}");
    Ok(())
}
