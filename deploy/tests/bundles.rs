//! The committed bundles are complete and consistent with what the deployment does with them.

use std::path::Path;

use assent_deploy::AccountId32;
use assent_deploy::bundle::hex_string;
use assent_deploy::contract::contract_address;
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
        ("consent", "grant"),
        ("consent", "request_access"),
        ("rewards", "set_consent"),
        ("rewards", "consent"),
        ("rewards", "fund"),
        ("rewards", "withdraw"),
        ("token", "mint"),
        ("reports", "anchor"),
        ("carbon", "issue_batch"),
    ] {
        let selector = bundles.get(name).metadata.message_selector(label);
        assert!(selector.is_some(), "{name} has no message {label}");
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
    let (owner, requester) = (AccountId32([1; 32]), AccountId32([2; 32]));
    // Deny is variant 1 of the decision, NoGrant variant 2 of the reason.
    let denied = (1u8, 2u8);
    let data = (owner, requester, 7u64, 3u64, 0u8, 1u8, None::<u64>, denied, 1_000u64, [0u8; 32])
        .encode()
        .into_iter()
        .chain([9u8; 32])
        .collect::<Vec<_>>();
    let event = metadata.decode_event(&[topic], &data)?;
    assert_eq!(
        event.to_json(metadata)?,
        json!({
            "owner": owner.to_string(),
            "requester": requester.to_string(),
            "access": "7",
            "sequence": "3",
            "purpose": 0,
            "category": 1,
            "grant": null,
            "decision": {"Deny": "NoGrant"},
            "at": "1000",
            "previous": hex_string(&[0; 32]),
            "entry": hex_string(&[9; 32]),
        })
    );
    Ok(())
}

#[test]
fn addresses_depend_on_deployer_and_network_and_wire_the_contracts() -> TestResult {
    let bundles = bundles()?;
    let deployer = AccountId32([1; 32]);
    let here = targets(&deployer, "dev", &bundles)?;
    let again = targets(&deployer, "dev", &bundles)?;
    assert_eq!(here, again);
    for name in CONTRACTS {
        let target = &here[name];
        let other_network = targets(&deployer, "test", &bundles)?;
        assert_ne!(target.address, other_network[name].address, "{name}");
        let other_deployer = targets(&AccountId32([2; 32]), "dev", &bundles)?;
        assert_ne!(target.address, other_deployer[name].address, "{name}");
        let computed = contract_address(&deployer, &target.code_hash, &target.input, b"dev");
        assert_eq!(target.address, computed);
    }
    assert!(here["rewards"].input.ends_with(&here["token"].address.0));
    assert!(here["consent"].input.ends_with(&here["rewards"].address.0));
    assert!(here["carbon"].input.ends_with(&here["participants"].address.0));
    Ok(())
}
