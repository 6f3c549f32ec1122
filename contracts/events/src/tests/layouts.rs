//! Compares every event with `layouts.txt`: what once stood there stands for ever.

use std::{collections::BTreeMap, env, fmt::Write as _, fs};

use crate::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
};
use ink::metadata::EventSpec;
use ink::scale_info::{
    form::PortableForm, Field, IntoPortable as _, PortableRegistry, Registry, TypeDef,
};

/// The list, and how it is named in messages.
const LIST: (&str, &str) =
    (concat!(env!("CARGO_MANIFEST_DIR"), "/layouts.txt"), "contracts/events/layouts.txt");

/// An event's name, and the block that stands for it in the list.
type Layout = (String, String);

/// The layouts of all events, from the metadata that ink! gives.
fn layouts() -> Vec<Layout> {
    let modules = [
        ("governance", governance::specs()),
        ("participants", participants::specs()),
        ("token", token::specs()),
        ("rewards", rewards::specs()),
        ("consent", consent::specs()),
        ("agreements", agreements::specs()),
        ("reports", reports::specs()),
        ("carbon", carbon::specs()),
        ("market", market::specs()),
    ];
    let named = |(module, specs): (&str, Vec<EventSpec>)| {
        specs.into_iter().map(|spec| layout(module, spec)).collect::<Vec<_>>()
    };
    modules.into_iter().flat_map(named).collect()
}

fn layout(module: &str, spec: EventSpec) -> Layout {
    let mut registry = Registry::new();
    let spec = spec.into_portable(&mut registry);
    let types = PortableRegistry::from(registry);
    let name = format!("{module}::{}", spec.label());
    let topic = spec.signature_topic().expect("every event has a signature topic");
    let mut block = format!("{name} ");
    topic.as_bytes().iter().for_each(|byte| write!(block, "{byte:02x}").expect("it is a String"));
    for field in spec.args() {
        let indexed = if field.indexed() { ", indexed" } else { "" };
        let kind = spell(&types, field.ty().ty().id);
        write!(block, "\n    {}: {kind}{indexed}", field.label()).expect("it is a String");
    }
    (name, block)
}

/// A type down to what is encoded.
fn spell(types: &PortableRegistry, id: u32) -> String {
    let ty = types.resolve(id).expect("the registry holds what it refers to");
    let name = ty.path.segments.last().map(String::as_str).unwrap_or_default();
    match &ty.type_def {
        TypeDef::Composite(composite) => format!("{name}{}", fields(types, &composite.fields)),
        TypeDef::Variant(variants) => {
            let variant = variants.variants.iter().map(|variant| {
                let fields = fields(types, &variant.fields);
                format!("{} = {}{fields}", variant.index, variant.name)
            });
            format!("{name} {{ {} }}", variant.collect::<Vec<_>>().join(", "))
        }
        TypeDef::Sequence(sequence) => format!("[{}]", spell(types, sequence.type_param.id)),
        TypeDef::Array(array) => format!("[{}; {}]", spell(types, array.type_param.id), array.len),
        TypeDef::Tuple(tuple) => {
            let parts = tuple.fields.iter().map(|part| spell(types, part.id));
            format!("({})", parts.collect::<Vec<_>>().join(", "))
        }
        TypeDef::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
        TypeDef::Compact(compact) => format!("Compact<{}>", spell(types, compact.type_param.id)),
        TypeDef::BitSequence(_) => "BitSequence".to_string(),
    }
}

fn fields(types: &PortableRegistry, fields: &[Field<PortableForm>]) -> String {
    let spelled = fields.iter().map(|field| match &field.name {
        Some(name) => format!("{name}: {}", spell(types, field.ty.id)),
        None => spell(types, field.ty.id),
    });
    match fields.iter().any(|field| field.name.is_some()) {
        _ if fields.is_empty() => String::new(),
        true => format!(" {{ {} }}", spelled.collect::<Vec<_>>().join(", ")),
        false => format!("({})", spelled.collect::<Vec<_>>().join(", ")),
    }
}

/// What the list lacks of `events`.
///
/// # Errors
///
/// Which of them is not as it stands in the list, and which of the list is no longer there.
fn missing(list: &str, events: &[Layout]) -> Result<Vec<String>, String> {
    const NEVER: &str = "An event never changes: its old blocks have to be read for ever. What \
        needs other fields is a new event with a new name";
    let mut listed = BTreeMap::new();
    let blocks = list.split("\n\n").map(str::trim);
    for block in blocks.filter(|block| !block.is_empty() && !block.starts_with('#')) {
        let name = block.split(' ').next().unwrap_or_default();
        if listed.insert(name, block).is_some() {
            return Err(format!("{} has {name} twice", LIST.1));
        }
    }
    let mut new = Vec::new();
    for (name, block) in events {
        match listed.remove(name.as_str()) {
            None => new.push(block.clone()),
            Some(before) if before == block => {}
            Some(before) => {
                return Err(format!("{name} was\n{before}\nand is\n{block}\n{NEVER}."));
            }
        }
    }
    match listed.keys().next() {
        Some(gone) => Err(format!("{gone} stands in {} and is gone. {NEVER}.", LIST.1)),
        None => Ok(new),
    }
}

#[test]
fn an_event_never_changes() {
    let list = fs::read_to_string(LIST.0).unwrap_or_else(|error| panic!("{}: {error}", LIST.1));
    let new = missing(&list, &layouts()).unwrap_or_else(|changed| panic!("{changed}"));
    if new.is_empty() {
        return;
    }
    let new = new.iter().map(|block| format!("\n{block}\n")).collect::<String>();
    let append = env::var("UPDATE_EXPECT").is_ok_and(|value| value == "1");
    assert!(
        append,
        "{} lacks\n{new}\nAppend it to the file: UPDATE_EXPECT=1 and this test do.",
        LIST.1
    );
    fs::write(LIST.0, list + &new).unwrap_or_else(|error| panic!("{}: {error}", LIST.1));
}

#[test]
fn the_list_tells_a_changed_event_from_a_new_one() {
    let events = layouts();
    let block = |(_, block): &Layout| format!("{block}\n\n");
    let list = events.iter().map(block).collect::<String>();
    assert_eq!(missing(&list, &events), Ok(Vec::new()));
    let order = events.iter().rev().map(block).collect::<String>();
    assert_eq!(missing(&order, &events), Ok(Vec::new()), "in whichever order they stand");

    // An event that is not in the list yet.
    let (name, newest) = &events[7];
    let without = list.replace(&format!("{newest}\n\n"), "");
    assert_eq!(missing(&without, &events), Ok(vec![newest.clone()]));
    // A field of another type, an index more, a field fewer, another topic, another reason.
    for (from, to) in [
        ("uses: Option { 0 = None, 1 = Some(u32) }", "uses: u32"),
        ("grant: u64, indexed", "grant: u64"),
        ("\n    version: u32", ""),
        ("edb4d47a", "edb4d47b"),
        ("3 = NoGrant", "3 = NotGranted"),
        ("2 = Denied, 3 = NoGrant", "2 = NoGrant, 3 = Denied"),
    ] {
        assert!(list.contains(from), "{from}");
        let changed = missing(&list.replacen(from, to, 1), &events).unwrap_err();
        assert!(changed.contains("never changes"), "{changed}");
        assert!(changed.contains("new event with a new name"), "{changed}");
    }
    // An event that is gone, or has another name now.
    let mut fewer = events.clone();
    fewer.remove(7);
    let gone = missing(&list, &fewer).unwrap_err();
    assert!(gone.contains(name) && gone.contains("is gone"), "{gone}");
}
