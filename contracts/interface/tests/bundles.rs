//! What is written here is what the built contracts have: labels, constructors, structs.

use std::{collections::BTreeSet, fmt::Debug, fs};

use assent_interface::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
    Contract, Hash, OrderStatus,
};
use parity_scale_codec::Encode;
use serde_json::Value;

/// The account and the hash of the examples.
const ZERO: Hash = [0; 32];

/// The metadata of a built contract.
struct Metadata(Value);

impl Metadata {
    fn of(contract: Contract) -> Self {
        let path = format!("{}/../artifacts/{contract}.contract", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self(serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}")))
    }

    fn labels(&self) -> BTreeSet<&str> {
        let messages = self.0["spec"]["messages"].as_array().expect("a list of messages");
        messages.iter().map(|message| text(&message["label"])).collect()
    }

    /// The names and the types of what the constructor takes.
    fn arguments(&self) -> Vec<(&str, u64)> {
        let constructors = self.0["spec"]["constructors"].as_array().expect("a list");
        let new = constructors.iter().find(|constructor| constructor["label"] == "new");
        let arguments = new.expect("a constructor `new`")["args"].as_array().expect("a list");
        arguments.iter().map(|a| (text(&a["label"]), id(&a["type"]["type"]))).collect()
    }

    /// The names and the types of the fields of the struct of this name.
    fn fields(&self, name: &str) -> Vec<(&str, u64)> {
        let types = self.0["types"].as_array().expect("a list of types");
        let named = types.iter().map(|ty| &ty["type"]).filter(|ty| {
            ty["path"].as_array().and_then(|path| path.last()).is_some_and(|last| last == name)
        });
        let [ty] = named.collect::<Vec<_>>()[..] else { panic!("not one type {name}") };
        let fields = ty["def"]["composite"]["fields"].as_array().expect("a struct");
        fields.iter().map(|field| (text(&field["name"]), id(&field["type"]))).collect()
    }

    /// How many bytes a value of a type takes up in which everything is zero, none or empty.
    fn length(&self, id: u64) -> usize {
        let types = self.0["types"].as_array().expect("a list of types");
        let ty = types.iter().find(|ty| ty["id"] == id).expect("every type is listed");
        let def = &ty["type"]["def"];
        match def.as_object().and_then(|def| def.keys().next()).map(String::as_str) {
            Some("primitive") => match text(&def["primitive"]) {
                "bool" | "u8" | "str" => 1,
                "u16" => 2,
                "u32" => 4,
                "u64" => 8,
                "u128" => 16,
                other => panic!("{other}"),
            },
            Some("array") => {
                let length = usize::try_from(self::id(&def["array"]["len"])).expect("it is short");
                length * self.length(self::id(&def["array"]["type"]))
            }
            Some("composite") => {
                let fields = def["composite"]["fields"].as_array().expect("a list");
                fields.iter().map(|field| self.length(self::id(&field["type"]))).sum()
            }
            // All of those here begin with a variant without fields.
            Some("variant" | "sequence") => 1,
            other => panic!("{other:?}"),
        }
    }

    /// Checks that `value`, in which everything is zero or none, has these fields.
    #[track_caller]
    fn has(&self, fields: &[(&str, u64)], value: &(impl Debug + Encode)) {
        // Those of the struct itself are indented once.
        let printed = format!("{value:#?}");
        let lines = printed.lines().filter_map(|line| line.strip_prefix("    "));
        let own = lines.filter(|line| line.starts_with(|first: char| first.is_alphabetic()));
        let names: Vec<_> = own.filter_map(|line| Some(line.split_once(':')?.0)).collect();
        let expected: Vec<_> = fields.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, expected);
        let length: usize = fields.iter().map(|(_, ty)| self.length(*ty)).sum();
        assert_eq!(value.encode().len(), length, "{names:?}");
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string"))
}

fn id(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

fn labels(contract: Contract) -> &'static [&'static str] {
    match contract {
        Contract::Participants => participants::LABELS,
        Contract::Token => token::LABELS,
        Contract::Rewards => rewards::LABELS,
        Contract::Consent => consent::LABELS,
        Contract::Agreements => agreements::LABELS,
        Contract::Reports => reports::LABELS,
        Contract::Carbon => carbon::LABELS,
        Contract::Market => market::LABELS,
    }
}

#[test]
fn every_message_of_every_contract_has_its_label() {
    for contract in Contract::ALL {
        let metadata = Metadata::of(contract);
        let written: BTreeSet<_> =
            labels(contract).iter().chain(governance::LABELS).copied().collect();
        assert_eq!(written, metadata.labels(), "{contract}");
    }
}

#[test]
fn constructors_take_what_is_written_here() {
    let account = ZERO;
    for contract in Contract::ALL {
        let metadata = Metadata::of(contract);
        let arguments = metadata.arguments();
        match contract {
            Contract::Participants => metadata.has(&arguments, &participants::New { delay: 0 }),
            Contract::Token => {
                let name = None::<String>;
                let terms =
                    token::Terms { name: name.clone(), symbol: name, decimals: 0, cap: None };
                let (asked, rest) = arguments.split_first().expect("it has arguments");
                assert_eq!(asked.0, "participants");
                let (last, first) = rest.split_last().expect("it has more");
                metadata.has(first, &terms);
                assert_eq!(last.0, "delay");
                let length = account.encode().len() + terms.encode().len();
                let length = length + metadata.length(last.1);
                let new = token::New { participants: account, terms, delay: 0 };
                assert_eq!(new.encode().len(), length);
            }
            Contract::Rewards => {
                let times = rewards::Times { delay: 0, period: 0 };
                metadata.has(&metadata.fields("Times"), &times);
                metadata.has(
                    &arguments,
                    &rewards::New { participants: account, token: account, times },
                );
            }
            Contract::Consent => {
                let times = consent::Times { delay: 0, window: 0, review: 0, cooldown: 0 };
                metadata.has(&metadata.fields("Times"), &times);
                let new =
                    consent::New { participants: account, rewards: account, times, genesis: ZERO };
                metadata.has(&arguments, &new);
            }
            Contract::Agreements => {
                let times = agreements::Times { delay: 0, answer: 0 };
                metadata.has(&metadata.fields("Times"), &times);
                let new = agreements::New { participants: account, consent: account, times };
                metadata.has(&arguments, &new);
            }
            Contract::Reports => {
                let new = reports::New { participants: account, delay: 0, genesis: ZERO };
                metadata.has(&arguments, &new);
            }
            Contract::Carbon => {
                let times = carbon::Times { delay: 0, compliance: 0 };
                metadata.has(&metadata.fields("Times"), &times);
                let new = carbon::New { participants: account, token: account, times };
                metadata.has(&arguments, &new);
            }
            Contract::Market => {
                let limits = market::Limits { floor: 0, ceiling: 0 };
                metadata.has(&metadata.fields("Limits"), &limits);
                let new = market::New { carbon: account, token: account, limits, delay: 0 };
                metadata.has(&arguments, &new);
            }
        }
    }
}

#[test]
fn arguments_and_answers_have_the_fields_of_the_contracts() {
    let consent = Metadata::of(Contract::Consent);
    let terms = consent::Terms {
        owner: ZERO,
        grantee: ZERO,
        purposes: 0,
        categories: 0,
        from: 0,
        until: 0,
        max_uses: None,
        record: None,
        policy: ZERO,
    };
    consent.has(&consent.fields("Terms"), &terms);
    // What is proposed is what is granted.
    let agreements = Metadata::of(Contract::Agreements);
    agreements.has(&agreements.fields("Terms"), &terms);
    let consent::Terms { purposes, categories, from, until, max_uses, policy, .. } = terms;
    let amendment = consent::Amendment { purposes, categories, from, until, max_uses, policy };
    consent.has(&consent.fields("Amendment"), &amendment);
    consent.has(&consent.fields("LogHead"), &consent::LogHead { sequence: 0, hash: ZERO });
    let denial = consent::Denial { purpose: 0, categories: 0, by_guardians: 0 };
    consent.has(&consent.fields("Denial"), &denial);

    let reports = Metadata::of(Contract::Reports);
    let version = reports::NewVersion {
        series: ZERO,
        sequence: 0,
        previous: ZERO,
        root: ZERO,
        chunks: 0,
        byte_length: 0,
        metadata: ZERO,
        patient: None,
        doctor: ZERO,
    };
    reports.has(&reports.fields("NewVersion"), &version);

    let rewards = Metadata::of(Contract::Rewards);
    rewards.has(&rewards.fields("Tariff"), &rewards::Tariff::default());
    rewards.has(&rewards.fields("Statement"), &rewards::Statement::default());
    rewards.has(&rewards.fields("Totals"), &rewards::Totals::default());
    rewards.has(&rewards.fields("Pot"), &rewards::Pot { sponsor: ZERO, balance: 0, cap: 0 });

    let token = Metadata::of(Contract::Token);
    let treasury = token::Treasury { account: ZERO, confirmed: true };
    token.has(&token.fields("Treasury"), &treasury);

    let carbon = Metadata::of(Contract::Carbon);
    carbon.has(&carbon.fields("Item"), &carbon::Item { batch: 0, amount: 0 });

    let market = Metadata::of(Contract::Market);
    let order = market::Order {
        seller: ZERO,
        batch: 0,
        amount: 0,
        price: 0,
        expiry: 0,
        fee_bps: 0,
        status: OrderStatus::Open,
    };
    market.has(&market.fields("Order"), &order);

    let state = governance::State {
        administrator: ZERO,
        paused: false,
        delay: 0,
        handover: None,
        upgrade: None,
    };
    for contract in Contract::ALL {
        let metadata = Metadata::of(contract);
        metadata.has(&metadata.fields("State"), &state);
        let handover = governance::Handover { to: ZERO, not_before: 0, until: 0 };
        metadata.has(&metadata.fields("Handover"), &handover);
        let upgrade = governance::Upgrade { code_hash: ZERO, not_before: 0, until: 0 };
        metadata.has(&metadata.fields("Upgrade"), &upgrade);
    }
}
