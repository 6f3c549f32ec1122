//! Do the contracts say the same? Each row that is looked at is a question to a view, as of the block
//! that the rows are of.

use std::collections::{BTreeMap, BTreeSet};

use assent_client::Account;
use assent_client::bundle::Metadata;
use assent_client::chain::{Chain, Config as ChainConfig};
use assent_client::contract::Contract;
use assent_client::manifest::Manifest;
use assent_mirror::fold::Projection;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection};
use subxt::client::OnlineClientAtBlock;
use subxt::ext::codec::{Encode, Output};

use super::questions::QUESTIONS;
use super::{AuditError, Check, Snapshot};
use crate::source::SourceError;
use crate::store::StoreError;

/// What a view is asked for each row of a table.
pub(super) struct Question {
    /// The projection whose rows are compared.
    pub(super) projection: Projection,
    /// What is compared, mostly a table.
    pub(super) of: &'static str,
    /// The view.
    pub(super) label: &'static str,
    /// Its arguments.
    pub(super) arguments: &'static [Argument],
    /// A query for three columns: the contract's name; the arguments as an array of text; and as JSON
    /// what the answer must hold, all of it or some of its fields, absent for none. Amounts are text.
    pub(super) sql: &'static str,
}

/// The type of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Argument {
    /// 32 bytes, which stand in the query's array in hexadecimal digits.
    Bytes32,
    U64,
    U32,
    U8,
}

/// Who is asked, and for how many rows of a table at most.
pub(super) struct Asked<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) bundles: &'a BTreeMap<String, Metadata>,
    pub(super) most: Option<u32>,
}

/// A row of a question: contract, arguments, and what is expected.
pub(super) type Asking = (String, Vec<String>, Option<String>);

impl Question {
    /// The rows, with their columns named.
    fn rows(&self) -> String {
        format!("({}) as asked (contract, arguments, expected)", self.sql)
    }

    /// Some rows by chance, or all.
    pub(super) async fn choose(
        &self,
        most: Option<u32>,
        db: &mut PgConnection,
    ) -> Result<Vec<Asking>, sqlx::Error> {
        let rows = self.rows();
        let sql = format!(
            "select contract, arguments, expected::text from {rows} order by random() limit $1"
        );
        sqlx::query_as(AssertSqlSafe(sql)).bind(most.map(i64::from)).fetch_all(db).await
    }

    /// The row of a contract with these arguments, if it is there.
    pub(super) async fn find(
        &self,
        (contract, arguments): &(String, Vec<String>),
        db: &mut PgConnection,
    ) -> Result<Option<Asking>, sqlx::Error> {
        let rows = self.rows();
        let sql = format!(
            "select contract, arguments, expected::text from {rows} \
             where contract = $1 and arguments = $2 limit 1"
        );
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(contract).bind(arguments);
        query.fetch_optional(db).await
    }
}

impl Asked<'_> {
    /// Asks all questions but those about projections that are not at the watermark. One request at a
    /// time, so that a node that serves others is not kept busy.
    pub(super) async fn all(
        &self,
        snapshot: &mut Snapshot,
        chain: &Chain,
        skipped: &BTreeSet<Projection>,
    ) -> Result<Vec<Check>, AuditError> {
        let hash: Vec<u8> = sqlx::query_scalar("select block_hash from watermark")
            .fetch_one(&mut snapshot.db)
            .await?;
        let hash = crate::store::stored_hash(hash)?;
        let at = chain.at_hash(hash).await.map_err(SourceError::from)?;
        let mut checks = Vec::new();
        for question in QUESTIONS.iter().filter(|asked| !skipped.contains(&asked.projection)) {
            checks.push(self.one(question, snapshot, chain, &at).await?);
        }
        Ok(checks)
    }

    async fn one(
        &self,
        question: &Question,
        snapshot: &mut Snapshot,
        chain: &Chain,
        at: &OnlineClientAtBlock<ChainConfig>,
    ) -> Result<Check, AuditError> {
        let Question { of, label, .. } = question;
        let count = format!("select count(*) from {}", question.rows());
        let count: i64 =
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut snapshot.db).await?;
        let chosen = question.choose(self.most, &mut snapshot.db).await?;
        let found = self.compare(question, &chosen, chain, at).await?;
        let findings = found.map(|(_, finding)| finding).into_iter().collect();
        let looked_at =
            format!("{} of {count} rows compared with the contract's {label}", chosen.len());
        Ok(Check { name: format!("view of {of}"), looked_at, findings })
    }

    /// Asks for each of these rows. Gives the first one that the contract has in another way, and how.
    pub(super) async fn compare<'r>(
        &self,
        question: &Question,
        chosen: &'r [Asking],
        chain: &Chain,
        at: &OnlineClientAtBlock<ChainConfig>,
    ) -> Result<Option<(&'r Asking, String)>, AuditError> {
        let Question { of, label, arguments, .. } = question;
        for row in chosen {
            let (name, given, expected) = row;
            let Some(entry) = self.manifest.contracts.get(name) else { continue };
            let Some(metadata) = self.bundles.get(name) else { continue };
            let contract = Contract::new(chain.clone(), entry.address, metadata.clone());
            let given_bytes = Arguments::of(arguments, given)?;
            let answer = contract.show_at(at, &entry.deployer, label, given_bytes).await?;
            let expected = match expected {
                Some(text) => serde_json::from_str(text).unwrap_or(Value::Null),
                None => Value::Null,
            };
            if let Some(difference) = difference("", &expected, &answer) {
                let given: Vec<String> =
                    arguments.iter().zip(given).map(|(kind, text)| kind.shown(text)).collect();
                let given = given.join(", ");
                return Ok(Some((row, format!("{of}: of {name}.{label}({given}), {difference}"))));
            }
        }
        Ok(None)
    }
}

impl Argument {
    /// How an argument is named: an account or a hash as everywhere else.
    fn shown(self, text: &str) -> String {
        match self {
            Self::Bytes32 => format!("0x{text}"),
            Self::U64 | Self::U32 | Self::U8 => text.to_owned(),
        }
    }
}

/// Arguments that are encoded already.
struct Arguments(Vec<u8>);

impl Arguments {
    fn of(types: &[Argument], given: &[String]) -> Result<Self, StoreError> {
        let mut bytes = Vec::new();
        for (kind, text) in types.iter().zip(given) {
            let encoded = match kind {
                Argument::Bytes32 => const_hex::decode(text).ok().filter(|bytes| bytes.len() == 32),
                Argument::U64 => text.parse::<u64>().ok().map(|number| number.encode()),
                Argument::U32 => text.parse::<u32>().ok().map(|number| number.encode()),
                Argument::U8 => text.parse::<u8>().ok().map(|number| number.encode()),
            };
            let refused = || StoreError::Argument { value: text.clone() };
            bytes.extend(encoded.ok_or_else(refused)?);
        }
        Ok(Self(bytes))
    }
}

impl Encode for Arguments {
    fn encode_to<T: Output + ?Sized>(&self, output: &mut T) {
        output.write(&self.0);
    }
}

/// Where an answer is not as expected. Of an object only the expected fields are compared.
fn difference(path: &str, expected: &Value, found: &Value) -> Option<String> {
    match (expected, found) {
        (Value::Object(fields), Value::Object(answer)) => {
            fields.iter().find_map(|(field, expected)| {
                let path = if path.is_empty() { field.clone() } else { format!("{path}.{field}") };
                difference(&path, expected, answer.get(field).unwrap_or(&Value::Null))
            })
        }
        (Value::Array(items), Value::Array(answer)) if items.len() == answer.len() => {
            items.iter().zip(answer).enumerate().find_map(|(index, (expected, found))| {
                difference(&format!("{path}[{index}]"), expected, found)
            })
        }
        _ if plain(expected) == plain(found) => None,
        _ => {
            let what = if path.is_empty() { "the mirror's answer" } else { path };
            Some(format!("{what} is {}, but the contract's {}", plain(expected), plain(found)))
        }
    }
}

/// A value as text: a number is the same whether it comes as such or as a string, and an account is its
/// bytes.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => match (text.strip_prefix("\\x"), text.parse::<Account>()) {
            (Some(digits), _) => format!("0x{digits}"),
            (None, Ok(account)) => format!("0x{}", const_hex::encode(account.0)),
            (None, Err(_)) => text.clone(),
        },
        Value::Null => "nothing".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_compared_by_what_it_means() {
        let account = Account([7; 32]);
        let bytes = format!("\\x{}", const_hex::encode(account.0));
        let expected = json!({ "owner": bytes, "amount": "5", "uses": 2, "limit": null });
        let mut answer = json!({ "owner": account.to_string(), "amount": "5", "uses": 2, "limit": null, "more": 1 });
        assert_eq!(difference("", &expected, &answer), None);
        answer["amount"] = json!("6");
        let found = difference("", &expected, &answer).unwrap();
        assert_eq!(found, "amount is 5, but the contract's 6");
        assert_eq!(difference("", &json!("5"), &json!(5)), None);
        let [expected_list, mut list] = [json!([{ "of": "5" }]), json!([{ "of": 5, "more": 1 }])];
        assert_eq!(difference("", &expected_list, &list), None);
        list[0]["of"] = json!(6);
        let found = difference("", &expected_list, &list).unwrap();
        assert_eq!(found, "[0].of is 5, but the contract's 6");
        assert!(difference("", &expected_list, &json!([])).is_some());
        assert!(difference("", &expected, &Value::Null).is_some());
        assert!(difference("", &Value::Null, &answer).is_some());
    }

    #[test]
    fn arguments_are_encoded_by_their_types() {
        let given = ["07".repeat(32), "1".to_owned(), "2".to_owned(), "3".to_owned()];
        let types = [Argument::Bytes32, Argument::U64, Argument::U32, Argument::U8];
        let Ok(Arguments(bytes)) = Arguments::of(&types, &given) else { panic!("they fit") };
        assert_eq!(bytes, ([7_u8; 32], 1_u64, 2_u32, 3_u8).encode());
        assert!(Arguments::of(&types, &["07".to_owned()]).is_err());
        assert!(Arguments::of(&[Argument::U8], &["300".to_owned()]).is_err());
    }
}
