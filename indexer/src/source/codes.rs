//! Which codes contracts run: from the records of a block, and before the first one.

use assent_client::{Account, CodeRecord, Hash};

use super::connection::Connection;
use super::{Source, SourceError};
use crate::store::CodeChange;

impl Source<'_> {
    /// All contracts that the chain had at a height, which must be final, with the codes that they ran.
    ///
    /// Errors: [`SourceError`].
    pub async fn contracts_at(&self, height: u64) -> Result<Vec<(Account, Hash)>, SourceError> {
        let chain = &self.connection.chain;
        let found = chain.contracts_at(&chain.at_number(height).await?).await?;
        Ok(found.into_iter().map(|(contract, info)| (contract, info.code_hash)).collect())
    }
}

/// What the records of a block, with their indices, say of the codes of contracts.
///
/// Errors: [`SourceError`].
pub(super) async fn changes(
    connection: &Connection,
    block: Hash,
    records: Vec<(u32, CodeRecord)>,
) -> Result<Vec<CodeChange>, SourceError> {
    let mut changes = Vec::with_capacity(records.len());
    let mut state = None;
    for (position, (index, record)) in records.iter().enumerate() {
        let (contract, code_hash) = match *record {
            CodeRecord::Updated { contract, new, .. } => (contract, Some(new)),
            CodeRecord::Instantiated { contract } => {
                let (before, after) = records.split_at(position);
                let known = beside(&contract, before, after);
                let known = match known {
                    Some(code) => Some(code),
                    None => {
                        let chain = &connection.chain;
                        let at = match &state {
                            Some(at) => at,
                            None => state.insert(chain.at_hash(block).await?),
                        };
                        let info = chain.contract_info_at(at, &contract).await?;
                        info.map(|info| info.code_hash)
                    }
                };
                (contract, known)
            }
        };
        match code_hash {
            Some(code_hash) => changes.push(CodeChange { index: *index, contract, code_hash }),
            None => tracing::debug!(
                %contract,
                %block,
                "A contract was made and removed in one block: nobody can tell which code it ran"
            ),
        }
    }
    Ok(changes)
}

/// The code of a contract that was made in between, as far as it was replaced in the same block: its record
/// does not say it.
fn beside(
    contract: &Account,
    before: &[(u32, CodeRecord)],
    after: &[(u32, CodeRecord)],
) -> Option<Hash> {
    let replaced = |(_, record): &(u32, CodeRecord)| match *record {
        CodeRecord::Updated { contract: of, new, old } if of == *contract => Some((new, old)),
        _ => None,
    };
    let by_its_constructor = before.iter().rev().find_map(replaced).map(|(new, _)| new);
    by_its_constructor.or_else(|| after.iter().find_map(replaced).map(|(_, old)| old))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_new_contract_follows_from_what_replaced_it_in_its_block() {
        let (ours, other) = (Account([1; 32]), Account([2; 32]));
        let [a, b, c] = [[0xa; 32], [0xb; 32], [0xc; 32]].map(Hash);
        let updated = |contract, old, new| (0, CodeRecord::Updated { contract, old, new });
        assert_eq!(beside(&ours, &[], &[]), None);
        assert_eq!(beside(&ours, &[updated(other, a, b)], &[updated(other, a, b)]), None);
        let after = [updated(other, b, c), updated(ours, a, b), updated(ours, b, c)];
        assert_eq!(beside(&ours, &[], &after), Some(a), "the first one says what was before");
        let before = [updated(ours, a, b)];
        assert_eq!(beside(&ours, &before, &after[2..]), Some(b), "its own constructor replaced it");
    }
}
