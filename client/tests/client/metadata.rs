//! Decoding with a contract's metadata, and the JSON form of every kind of type.
//! `fixtures/sample.json` is ink! metadata of version 5 with one type of each kind.

use assent_client::Account;
use assent_client::bundle::{Bundle, BundleError, DecodeError, Metadata, blake2_256, hex_string};
use assent_client::value::{ValueError, bytes_to_json, bytes_to_text};
use parity_scale_codec::Encode;
use serde_json::json;

const SAMPLE: &str = include_str!("../fixtures/sample.json");
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn metadata() -> Metadata {
    Metadata::parse(SAMPLE.as_bytes()).expect("the fixture is metadata")
}

fn alice() -> Account {
    ALICE.parse().expect("a well-known address")
}

#[test]
fn finds_selectors_of_messages_constructors_and_trait_messages() {
    let metadata = metadata();
    assert_eq!(metadata.name(), "sample");
    assert_eq!(metadata.message_selector("grant"), Some([0x68, 0x12, 0x66, 0xa0]));
    assert_eq!(metadata.message_selector("PSP22::transfer"), Some([0xdb, 0x20, 0xf9, 0xf5]));
    assert_eq!(metadata.constructor_selector("new"), Some([0x9b, 0xae, 0x9d, 0x5e]));
    assert_eq!(metadata.message_selector("new"), None);
}

fn event_data() -> Vec<u8> {
    (alice(), [7u8; 32], Some(3u32), (1u8, 0u8), u64::MAX).encode()
}

#[test]
fn decodes_an_event_and_gives_its_json() -> TestResult {
    let metadata = metadata();
    let event = metadata.decode_event(&[[0x11; 32], alice().0], &event_data())?;
    assert_eq!(event.name, "Decided");
    assert_eq!(
        event.to_json(&metadata)?,
        json!({
            "owner": ALICE,
            "record": hex_string(&[7; 32]),
            "max_uses": 3,
            "decision": {"Deny": "NoGrant"},
            "at": u64::MAX.to_string(),
        })
    );
    Ok(())
}

#[test]
fn refuses_events_that_it_cannot_decode_completely() {
    let metadata = metadata();
    let decode = |topics: &[[u8; 32]], data: &[u8]| metadata.decode_event(topics, data);
    assert!(matches!(decode(&[], &event_data()), Err(DecodeError::NoTopics)));
    assert!(matches!(decode(&[[0x12; 32]], &event_data()), Err(DecodeError::UnknownEvent { .. })));
    let mut long = event_data();
    long.push(0);
    assert!(matches!(decode(&[[0x11; 32]], &long), Err(DecodeError::LeftOver { count: 1, .. })));
    let data = event_data();
    let short = &data[..data.len() - 1];
    let Err(DecodeError::Value { field, .. }) = decode(&[[0x11; 32]], short) else {
        panic!("a short event must not decode")
    };
    assert_eq!(field, "at");
}

#[test]
fn tells_a_value_from_a_refusal_from_an_unread_call() -> TestResult {
    let metadata = metadata();
    // Ok(Ok(9)): the value.
    let bytes = (0u8, 0u8, 9u64).encode();
    assert!(metadata.refusal("grant", &bytes)?.is_none());
    assert!(metadata.decode_return("grant", &bytes).is_ok());
    // Ok(Err(NotDataOwner)), Ok(Err(Custom("x"))).
    let reason = |bytes: &[u8]| {
        metadata.refusal("grant", bytes).map(|refusal| refusal.map(|refusal| refusal.reason))
    };
    assert_eq!(reason(&(0u8, 1u8, 0u8).encode())?.as_deref(), Some("NotDataOwner"));
    assert_eq!(reason(&(0u8, 1u8, 1u8, "x").encode())?.as_deref(), Some(r#"{"Custom":"x"}"#));
    // Err(CouldNotReadInput).
    assert!(matches!(metadata.decode_return("grant", &[1, 1]), Err(DecodeError::Lang { .. })));
    // A message that returns nothing: Ok(()). A constructor returns Ok(Ok(())) all the same.
    assert!(metadata.refusal("PSP22::transfer", &[0])?.is_none());
    assert!(metadata.constructor_refusal("new", &[0, 0])?.is_none());
    assert!(matches!(metadata.constructor_refusal("new", &[1, 1]), Err(DecodeError::Lang { .. })));
    // A constructor that may fail: Ok(Ok(())), Ok(Err(NotDataOwner)), Err(CouldNotReadInput).
    let reason = |bytes: &[u8]| {
        let refusal = metadata.constructor_refusal("try_new", bytes);
        refusal.map(|refusal| refusal.map(|refusal| refusal.reason))
    };
    assert_eq!(reason(&[0, 0])?, None);
    assert_eq!(reason(&[0, 1, 0])?.as_deref(), Some("NotDataOwner"));
    assert!(matches!(reason(&[1, 1]), Err(DecodeError::Lang { .. })));
    assert!(matches!(metadata.refusal("absent", &[0]), Err(DecodeError::UnknownLabel { .. })));
    assert!(matches!(
        metadata.refusal("PSP22::transfer", &[0, 0]),
        Err(DecodeError::LeftOver { .. })
    ));
    Ok(())
}

#[test]
fn every_kind_of_type_has_its_json_form() -> TestResult {
    let metadata = metadata();
    let form = |bytes: Vec<u8>, type_id| {
        let json = bytes_to_json(&bytes, type_id, metadata.registry());
        let text = bytes_to_text(&bytes, type_id, metadata.registry());
        match (&json, &text) {
            (Ok(json), Ok(text)) => {
                assert_eq!(
                    serde_json::from_str::<serde_json::Value>(text).ok().as_ref(),
                    Some(json)
                )
            }
            _ => assert!(json.is_err() && text.is_err(), "{json:?} {text:?}"),
        }
        json
    };
    assert_eq!(form(alice().encode(), 0)?, json!(ALICE));
    assert_eq!(form([1u8; 32].encode(), 1)?, json!(hex_string(&[1; 32])));
    assert_eq!(form(5u8.encode(), 2)?, json!(5));
    assert_eq!(form(5u64.encode(), 3)?, json!("5"), "u64 is a string whatever its value");
    assert_eq!(form(None::<u32>.encode(), 4)?, json!(null));
    assert_eq!(form(Some(u32::MAX).encode(), 4)?, json!(u32::MAX));
    assert_eq!(form(vec![0], 6)?, json!("Permit"));
    assert_eq!(form(vec![1, 1], 6)?, json!({"Deny": "Revoked"}));
    assert_eq!(form(u128::MAX.encode(), 8)?, json!(u128::MAX.to_string()));
    assert_eq!(form(vec![0xabu8, 0xcd].encode(), 9)?, json!("0xabcd"));
    assert_eq!(form(Vec::<u8>::new().encode(), 9)?, json!("0x"));
    assert_eq!(form((0u8, 9u64).encode(), 10)?, json!({"Ok": "9"}));
    assert_eq!(form((2u8, 1u32, 2u32).encode(), 11)?, json!({"Range": {"from": 1, "to": 2}}));
    assert_eq!(form("text".encode(), 12)?, json!("text"));
    assert_eq!(form((7u128, 8u64).encode(), 15)?, json!({"owed": "7", "paid": "8"}));
    assert_eq!(form(vec![], 16)?, json!(null));
    assert_eq!(form(Some(alice()).encode(), 18)?, json!(ALICE));
    assert_eq!(form(vec![alice()].encode(), 19)?, json!([ALICE]));
    assert_eq!(form((1u32, 2u128).encode(), 20)?, json!([1, "2"]));
    assert_eq!(form((-3i64).encode(), 21)?, json!("-3"));
    assert_eq!(form(true.encode(), 22)?, json!(true));
    assert_eq!(form((-3i32).encode(), 23)?, json!(-3));
    assert_eq!(form(vec![], 99), Err(ValueError::UnknownType(99)));
    assert!(matches!(form(vec![0, 0], 2), Err(ValueError::Decode(_))), "bytes are left over");
    Ok(())
}

#[test]
fn a_bundle_must_hold_the_code_that_its_hash_is_of() -> TestResult {
    let code = b"\0asm".to_vec();
    let bundle = |hash: [u8; 32], code: Option<&[u8]>| -> serde_json::Result<Vec<u8>> {
        let mut json: serde_json::Value = serde_json::from_str(SAMPLE)?;
        json["source"]["hash"] = json!(hex_string(&hash));
        if let Some(code) = code {
            json["source"]["wasm"] = json!(hex_string(code));
        }
        serde_json::to_vec(&json)
    };
    let good = Bundle::parse(&bundle(blake2_256(&code), Some(&code))?)?;
    assert_eq!((good.name.as_str(), &good.code), ("sample", &code));
    assert_eq!(good.metadata.code_hash(), good.code_hash);
    let other = Bundle::parse(&bundle([1; 32], Some(&code))?);
    assert!(matches!(other, Err(BundleError::CodeHash { .. })));
    let absent = Bundle::parse(&bundle([1; 32], None)?);
    assert!(matches!(absent, Err(BundleError::NoCode)));
    Ok(())
}

#[test]
fn metadata_of_another_version_or_with_holes_is_refused() -> TestResult {
    let with = |change: fn(&mut serde_json::Value)| {
        let mut json: serde_json::Value = serde_json::from_str(SAMPLE)?;
        change(&mut json);
        Ok::<_, serde_json::Error>(Metadata::parse(&serde_json::to_vec(&json)?))
    };
    assert!(matches!(with(|json| json["version"] = json!(4))?, Err(BundleError::Version(4))));
    assert!(matches!(
        with(|json| json["spec"]["messages"][0]["selector"] = json!("0x12"))?,
        Err(BundleError::Hex { .. })
    ));
    assert!(matches!(
        with(|json| json["spec"]["events"][0]["args"][0]["type"]["type"] = json!(99))?,
        Err(BundleError::UnknownType(99))
    ));
    assert!(matches!(Metadata::parse(b"{}"), Err(BundleError::Json(_))));
    let missing = Metadata::load("no/such.contract").expect_err("there is no such file");
    assert!(missing.to_string().contains("no/such.contract"), "{missing}");
    Ok(())
}
