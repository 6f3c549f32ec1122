//! The committed bundles are complete and consistent with what the deployment does with them.

use std::path::Path;

use assent_client::bundle::hex_string;
use assent_client::contract::contract_address;
use assent_client::governance::{self, Handover, State};
use assent_client::timing::Timing;
use assent_client::{Account, Hash};
use assent_deploy::plan::{Bundles, CONTRACTS, targets};
use parity_scale_codec::Encode;
use serde_json::json;

type TestResult = Result<(), Box<dyn std::error::Error>>;

fn bundles() -> Result<Bundles, assent_deploy::plan::PlanError> {
    Bundles::load(Path::new(env!("CARGO_MANIFEST_DIR")).join("../contracts/artifacts"))
}

#[test]
fn every_contract_has_a_bundle_with_events_and_a_constructor() -> TestResult {
    let bundles = bundles()?;
    for name in CONTRACTS {
        let bundle = bundles.get(name);
        assert!(bundle.metadata.constructor_selector("new").is_some(), "{name}");
        assert!(!bundle.metadata.events().is_empty(), "{name}");
        // pallet-contracts' MaxCodeLen in this runtime.
        assert!(bundle.code.len() < 123 * 1024, "{name} has {} bytes", bundle.code.len());
        for event in bundle.metadata.events() {
            let topic =
                event.signature_topic.ok_or_else(|| format!("{} is anonymous", event.name))?;
            assert_eq!(bundle.metadata.event_by_topic(&topic), Some(event), "topics are unique");
        }
    }
    Ok(())
}

#[test]
fn the_messages_that_contracts_and_tools_rely_on_exist() -> TestResult {
    let bundles = bundles()?;
    for (name, label) in [
        ("participants", "approve"),
        ("participants", "register"),
        ("participants", "admit_member"),
        ("participants", "appoint_guardian"),
        ("participants", "end_mandate"),
        ("participants", "name_successor"),
        ("participants", "replace_key"),
        ("participants", "cancel_succession"),
        ("participants", "decide_replacement"),
        ("participants", "accept_succession"),
        ("participants", "succession"),
        ("participants", "subject_of"),
        ("participants", "key_of"),
        ("consent", "grant"),
        ("consent", "request_access"),
        ("rewards", "set_consent"),
        ("rewards", "consent"),
        ("rewards", "fund"),
        ("rewards", "withdraw"),
        ("rewards", "withdraw_budget"),
        ("rewards", "sponsor"),
        ("rewards", "period"),
        ("rewards", "participants"),
        ("consent", "times"),
        ("consent", "break_glass"),
        ("consent", "revoke_all"),
        ("agreements", "participants"),
        ("agreements", "consent"),
        ("agreements", "times"),
        ("agreements", "propose"),
        ("agreements", "withdraw"),
        ("agreements", "accept"),
        ("agreements", "decline"),
        ("agreements", "request_erasure"),
        ("agreements", "answer_erasure"),
        ("token", "mint"),
        ("token", "burn"),
        ("token", "freeze"),
        ("token", "unfreeze"),
        ("token", "set_treasury"),
        ("token", "take_over"),
        ("token", "participants"),
        ("reports", "domain"),
        ("reports", "anchor"),
        ("reports", "countersign"),
        ("reports", "open_audit"),
        ("reports", "record_audit"),
        ("carbon", "times"),
        ("carbon", "participants"),
        ("carbon", "token"),
        ("carbon", "create_class"),
        ("carbon", "create_project"),
        ("carbon", "create_batch"),
        ("carbon", "issue"),
        ("carbon", "approve"),
        ("carbon", "retire"),
        ("carbon", "set_penalty"),
        ("carbon", "set_period"),
        ("carbon", "allocate"),
        ("carbon", "report_emissions"),
        ("carbon", "surrender"),
        ("carbon", "settle_period"),
        ("carbon", "pay_penalty"),
        ("market", "carbon"),
        ("market", "participants"),
        ("market", "token"),
        ("market", "set_fee"),
        ("market", "set_limits"),
        ("market", "place"),
        ("market", "fill"),
        ("market", "prune_expired"),
    ] {
        let selector = bundles.get(name).metadata.message_selector(label);
        assert!(selector.is_some(), "{name} has no message {label}");
    }
    // The government is a trait: the same selectors in every contract.
    for label in [governance::VIEW, "Governed::pause", "Governed::accept_handover"] {
        let selector = |name| bundles.get(name).metadata.message_selector(label);
        let first = selector("participants");
        assert!(first.is_some(), "{label}");
        assert!(CONTRACTS.into_iter().all(|name| selector(name) == first), "{label}");
    }
    // PSP22's standard selectors.
    let token = &bundles.get("token").metadata;
    assert_eq!(token.message_selector("PSP22::transfer"), Some([0xdb, 0x20, 0xf9, 0xf5]));
    assert_eq!(token.message_selector("PSP22::balance_of"), Some([0x65, 0x68, 0x38, 0x2f]));
    Ok(())
}

#[test]
fn a_refused_access_decodes_to_the_json_that_the_mirror_stores() -> TestResult {
    let bundles = bundles()?;
    let metadata = &bundles.get("consent").metadata;
    let spec = metadata.events().iter().find(|event| event.name == "AccessDecided");
    let topic = spec.and_then(|spec| spec.signature_topic).ok_or("consent has no AccessDecided")?;
    let (owner, requester) = (Account([1; 32]), Account([2; 32]));
    // Deny is variant 1 of the decision, NoGrant variant 3 of the reason.
    let denied = (1u8, 3u8);
    let basis = (None::<u64>, None::<u64>);
    let link = ([0u8; 32], [8u8; 32], [9u8; 32]);
    let asked = (0u8, 1u8, Some([6u8; 32]));
    // One of the requester's staff asked.
    let (by, person) = (Account([3; 32]), Some([4u8; 32]));
    let who = (owner, requester, by, person);
    let data = (who, 7u64, 3u64, asked, basis, denied, 1_000u64, link).encode();
    let event = metadata.decode_event(&[topic], &data)?;
    assert_eq!(
        event.to_json(metadata)?,
        json!({
            "owner": owner.to_string(),
            "requester": requester.to_string(),
            "by": by.to_string(),
            "person": hex_string(&[4; 32]),
            "access": "7",
            "sequence": "3",
            "purpose": 0,
            "category": 1,
            "record": hex_string(&[6; 32]),
            "grant": null,
            "window": null,
            "decision": {"Deny": "NoGrant"},
            "at": "1000",
            "previous": hex_string(&[0; 32]),
            "content": hex_string(&[8; 32]),
            "head": hex_string(&[9; 32]),
        })
    );
    Ok(())
}

#[test]
fn addresses_depend_on_deployer_network_and_timing_and_wire_the_contracts() -> TestResult {
    let bundles = bundles()?;
    let deployer = Account([1; 32]);
    let timing = Timing {
        delay_ms: 2_000,
        emergency_window_ms: 5_000,
        review_ms: 8_000,
        cooldown_ms: 1_000,
        answer_ms: 13_000,
        reward_period_ms: 1_000,
        compliance_ms: 11_000,
    };
    let genesis = Hash([7; 32]);
    let here = targets(&deployer, "dev", &genesis, &bundles, &timing)?;
    let again = targets(&deployer, "dev", &genesis, &bundles, &timing)?;
    assert_eq!(here, again);
    let other_network = targets(&deployer, "test", &genesis, &bundles, &timing)?;
    let other_deployer = targets(&Account([2; 32]), "dev", &genesis, &bundles, &timing)?;
    for name in CONTRACTS {
        let target = &here[name];
        assert_ne!(target.address, other_network[name].address, "{name}");
        assert_ne!(target.address, other_deployer[name].address, "{name}");
        let computed = contract_address(&deployer, &target.code_hash, &target.input, b"dev");
        assert_eq!(target.address, computed);
    }
    let input = |name: &str| &here[name].input[4..];
    let (participants, rewards) = (here["participants"].address, here["rewards"].address);
    assert_eq!(input("participants"), 2_000u64.encode());
    let terms = (Some("Assent Euro"), Some("AEUR"), 6u8, None::<u128>);
    assert_eq!(input("token"), (participants, terms, 2_000u64).encode());
    let token = here["token"].address;
    assert_eq!(input("rewards"), (participants, token, 2_000u64, 1_000u64).encode());
    let times = (2_000u64, 5_000u64, 8_000u64, 1_000u64);
    assert_eq!(input("consent"), (participants, rewards, times, genesis.0).encode());
    let times = (2_000u64, 13_000u64);
    assert_eq!(input("agreements"), (participants, here["consent"].address, times).encode());
    assert_eq!(input("reports"), (participants, 2_000u64, genesis.0).encode());
    assert_eq!(input("carbon"), (participants, token, (2_000u64, 11_000u64)).encode());
    // 1,000 credits and 1,000,000 credits of 1,000 units.
    let limits = (1_000_000u128, 1_000_000_000u128);
    assert_eq!(input("market"), (here["carbon"].address, token, limits, 2_000u64).encode());

    // Another review moves consent, and agreements that are wired to it; another time to answer moves
    // agreements alone; another period of rewards moves them, and consent that is wired to them; another
    // settlement moves carbon, and the market that is wired to it; another delay moves all.
    let moved = |timing: &Timing| -> Result<Vec<&str>, assent_deploy::plan::PlanError> {
        let there = targets(&deployer, "dev", &genesis, &bundles, timing)?;
        let other = |name: &&str| there[*name].address != here[*name].address;
        Ok(CONTRACTS.into_iter().filter(other).collect())
    };
    let consent = ["consent", "agreements"];
    assert_eq!(moved(&Timing { review_ms: 9_000, ..timing })?, consent);
    assert_eq!(moved(&Timing { cooldown_ms: 2_000, ..timing })?, consent);
    let rewarded = ["rewards", "consent", "agreements"];
    assert_eq!(moved(&Timing { reward_period_ms: 2_000, ..timing })?, rewarded);
    assert_eq!(moved(&Timing { emergency_window_ms: 6_000, ..timing })?, consent);
    assert_eq!(moved(&Timing { answer_ms: 14_000, ..timing })?, ["agreements"]);
    assert_eq!(moved(&Timing { compliance_ms: 12_000, ..timing })?, ["carbon", "market"]);
    assert_eq!(moved(&Timing { delay_ms: 3_000, ..timing })?, CONTRACTS);
    Ok(())
}

#[test]
fn a_constructor_that_fails_is_reported_by_the_name_of_its_error() -> TestResult {
    let bundles = bundles()?;
    let reason = |name: &'static str, bytes: &[u8]| {
        let refusal = bundles.get(name).metadata.constructor_refusal("new", bytes);
        refusal.map(|refusal| refusal.map(|refusal| refusal.reason))
    };
    // Ok(Err(..)) with the number of the variant.
    for name in ["participants", "rewards", "reports"] {
        assert_eq!(reason(name, &[0, 1, 0])?.as_deref(), Some("InvalidDelay"), "{name}");
    }
    assert_eq!(reason("rewards", &[0, 1, 1])?.as_deref(), Some("InvalidPeriod"));
    assert_eq!(reason("consent", &[0, 1, 2])?.as_deref(), Some("InvalidTimes"));
    assert_eq!(reason("agreements", &[0, 1, 3])?.as_deref(), Some("InvalidTimes"));
    assert_eq!(reason("token", &[0, 1, 6])?.as_deref(), Some("ZeroCap"));
    assert_eq!(reason("token", &[0, 1, 7])?.as_deref(), Some("InvalidDelay"));
    assert_eq!(reason("carbon", &[0, 1, 1])?.as_deref(), Some("InvalidTimes"));
    assert_eq!(reason("market", &[0, 1, 1])?.as_deref(), Some("InvalidLimits"));
    assert_eq!(reason("market", &[0, 1, 2])?.as_deref(), Some("InvalidDelay"));
    for name in CONTRACTS {
        assert_eq!(reason(name, &[0, 0])?, None, "{name}");
    }
    Ok(())
}

#[test]
fn what_the_standard_has_no_error_for_is_reported_with_its_text() -> TestResult {
    let bundles = bundles()?;
    // Ok(Err(Custom("Frozen"))).
    let bytes = (0u8, 1u8, 0u8, "Frozen").encode();
    let refusal = bundles.get("token").metadata.refusal("PSP22::transfer", &bytes)?;
    let reason = refusal.map(|refusal| refusal.reason);
    assert_eq!(reason.as_deref(), Some(r#"{"Custom":"Frozen"}"#));
    Ok(())
}

#[test]
fn the_government_that_is_decoded_is_the_one_that_the_contracts_return() -> TestResult {
    let bundles = bundles()?;
    let state = State {
        administrator: Account([1; 32]),
        paused: true,
        delay: 2_000,
        handover: Some(Handover { to: Account([2; 32]), not_before: 9, until: 10 }),
        upgrade: None,
    };
    for name in CONTRACTS {
        let metadata = &bundles.get(name).metadata;
        // Ok(State), as ink! wraps it.
        let bytes = (0u8, &state).encode();
        let value = metadata.decode_return(governance::VIEW, &bytes)?;
        let json = assent_client::value::to_json(&value, value.context, metadata.registry())?;
        assert_eq!(
            json,
            json!({
                "administrator": Account([1; 32]).to_string(),
                "paused": true,
                "delay": "2000",
                "handover": {"to": Account([2; 32]).to_string(), "not_before": "9", "until": "10"},
                "upgrade": null,
            }),
            "{name}"
        );
    }
    Ok(())
}
