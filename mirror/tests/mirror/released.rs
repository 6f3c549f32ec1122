//! What a release brought never changes: a database that ran a migration could not tell which form it
//! ran.
//!
//! `CHANGELOG.md` says what belongs to a release: the section of each, which begins with a heading such
//! as `## 1.0.0 (2027-01-31)`, lists all migrations of that release, one a line:
//!
//! ```text
//! - migration 0001_chain.sql sha256:<64 hex digits>
//! ```
//!
//! The section `## Unreleased` is no release. mirror/README.md has the command that prints the lines.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// Migrations by their file names, each with its SHA-256 in hex.
type Migrations = BTreeMap<String, String>;

/// What is wrong with these migrations, or with what the changelog says of them.
fn problems(changelog: &str, migrations: &Migrations) -> Vec<String> {
    let mut problems = Vec::new();
    for (release, lines) in releases(changelog) {
        let mut listed = Migrations::new();
        for line in lines {
            match migration_line(line) {
                Some((file, hash)) => {
                    listed.insert(file.to_owned(), hash.to_owned());
                }
                None => problems.push(format!(
                    "{release}: `{line}` is not of the form `- migration FILE sha256:HEX`"
                )),
            }
        }
        let Some(last) = listed.keys().next_back().cloned() else {
            problems.push(format!("{release} lists no migration"));
            continue;
        };
        for (file, released) in &listed {
            match migrations.get(file) {
                None => problems.push(format!("{file} belongs to {release} and is gone")),
                Some(hash) if hash != released => problems.push(format!(
                    "{file} belongs to {release} and was changed: take that back and add a new file"
                )),
                Some(_) => {}
            }
        }
        for file in migrations.keys().filter(|file| **file < last && !listed.contains_key(*file)) {
            problems.push(format!(
                "{file} stands before {last}, which belongs to {release}, but is not of it: number \
                 new migrations above the released ones"
            ));
        }
    }
    problems
}

/// The releases of a changelog, each with its lines on migrations.
fn releases(changelog: &str) -> Vec<(&str, Vec<&str>)> {
    let mut releases: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in changelog.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            releases.push((heading, Vec::new()));
        } else if let Some((_, lines)) = releases.last_mut()
            && line.trim_start().starts_with("- migration ")
        {
            lines.push(line);
        }
    }
    releases.retain(|(heading, _)| !heading.trim_start_matches('[').starts_with("Unreleased"));
    releases
}

fn migration_line(line: &str) -> Option<(&str, &str)> {
    let (file, hash) = line.trim().strip_prefix("- migration ")?.split_once(" sha256:")?;
    let is_hash = hash.len() == 64
        && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (is_hash && file.ends_with(".sql")).then_some((file, hash))
}

/// The migrations of this tree.
fn committed() -> Migrations {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| {
            let path = entry.expect("the folder can be read").path();
            let name = path.file_name().expect("a file").to_str().expect("a UTF-8 name").to_owned();
            (name, hex::encode(Sha256::digest(std::fs::read(&path).expect("a readable file"))))
        })
        .collect()
}

/// The changelog of the tree.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");

#[test]
fn no_migration_that_belongs_to_a_release_was_changed() {
    let problems = problems(CHANGELOG, &committed());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn example(files: &[(&str, &str)]) -> Migrations {
    files.iter().map(|(file, hash)| ((*file).to_owned(), hash.repeat(64))).collect()
}

/// A changelog whose release 1.0.0 brought two migrations.
fn one_release() -> String {
    let (a, b) = ("a".repeat(64), "b".repeat(64));
    format!(
        "# Changelog\n\n## Unreleased\n\n- migration 0003_later.sql, to come\n\n\
         ## 1.0.0 (2027-01-31)\n\n- A change.\n- migration 0001_chain.sql sha256:{a}\n\
         - migration 0002_participants.sql sha256:{b}\n"
    )
}

#[test]
fn a_release_keeps_its_migrations_and_later_ones_are_free() {
    let released = [("0001_chain.sql", "a"), ("0002_participants.sql", "b")];
    assert_eq!(problems(&one_release(), &example(&released)), [""; 0]);
    let grown = [&released[..], &[("0003_later.sql", "c")]].concat();
    assert_eq!(problems(&one_release(), &example(&grown)), [""; 0]);
    assert_eq!(problems("", &example(&grown)), [""; 0]);
}

#[test]
fn a_changed_a_lost_and_an_inserted_migration_of_a_release_are_named() {
    let changed = example(&[("0001_chain.sql", "c"), ("0002_participants.sql", "b")]);
    let found = problems(&one_release(), &changed);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("0001_chain.sql") && found[0].contains("was changed"), "{found:?}");
    assert!(found[0].contains("1.0.0 (2027-01-31)"), "{found:?}");

    let found = problems(&one_release(), &example(&[("0001_chain.sql", "a")]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("0002_participants.sql") && found[0].contains("gone"), "{found:?}");

    let inserted = [("0001_chain.sql", "a"), ("0001_x.sql", "c"), ("0002_participants.sql", "b")];
    let found = problems(&one_release(), &example(&inserted));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("0001_x.sql") && found[0].contains("above"), "{found:?}");
}

#[test]
fn a_release_that_does_not_say_its_migrations_is_named() {
    let found = problems("## 1.0.0\n\n- A change.\n", &example(&[("0001_chain.sql", "a")]));
    assert_eq!(found, ["1.0.0 lists no migration"]);
    let short = "## 1.0.0\n- migration 0001_chain.sql sha256:abcd\n";
    let found = problems(short, &example(&[("0001_chain.sql", "a")]));
    assert!(found[0].contains("is not of the form"), "{found:?}");
}
