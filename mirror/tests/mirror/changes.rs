//! What a batch of blocks adds to its tables, and what it changes there.

use assent_events::{AccountId, Contract, token};
use assent_mirror::fold::{BlockStop, Happened, Projection, fold_block};
use assent_mirror::{Changes, Memory, Position, Rows};

/// A block in which units are minted to accounts, or move from one to the other.
fn block(number: i64, transfers: &[(Option<u8>, u8, u128)]) -> Vec<Happened> {
    let account = |byte| AccountId([byte; 32]);
    let transfer = |(index, (from, to, value)): (i32, &(Option<u8>, u8, u128))| Happened {
        contract: Contract::Token,
        address: account(0xcc),
        event: token::Event::from(token::Transfer {
            from: from.map(account),
            to: Some(account(*to)),
            value: *value,
        })
        .into(),
        at: Position { block_number: number, event_index: index },
        time_ms: 0,
    };
    (0..).zip(transfers).map(transfer).collect()
}

fn fold(events: &[Happened], rows: &mut Rows) -> Result<(), BlockStop> {
    events.iter().for_each(|event| Projection::want(event, rows));
    assert_eq!(Memory::default().load(rows).map(|_| ()), Ok(()), "nothing is stored yet");
    fold_block(events, &mut 0, rows)
}

/// How many balances are added, changed, and closed.
fn balances(rows: &Rows) -> (Changes, [usize; 3]) {
    let changes = rows.changes().into_iter().find(|changes| changes.table.name == "token_balances");
    let changes = changes.expect("it is a table of this projection");
    let counts = [changes.added.len(), changes.changed.len(), changes.closed.len()];
    (changes, counts)
}

#[test]
fn a_row_is_added_once_whatever_follows_in_its_batch_and_changed_in_the_next() {
    let mut rows = Projection::Token.rows();
    assert_eq!(fold(&block(1, &[(None, 1, 10)]), &mut rows), Ok(()));
    assert_eq!(fold(&block(2, &[(None, 1, 5)]), &mut rows), Ok(()));
    let before = balances(&rows);
    assert_eq!(before.1, [1, 0, 1]);
    assert!(before.0.added[0].iter().any(|value| value.to_string() == "15"), "{before:?}");

    // Of a block that is not folded to its end nothing is left.
    let contradicted = fold(&block(3, &[(None, 2, 1), (None, 1, 1), (Some(1), 2, 100)]), &mut rows);
    assert!(matches!(contradicted, Err(BlockStop::Contradiction(_))), "{contradicted:?}");
    assert_eq!(balances(&rows), before);

    rows.keep();
    assert_eq!(balances(&rows).1, [0, 0, 0]);
    assert_eq!(fold(&block(4, &[(Some(1), 2, 1)]), &mut rows), Ok(()));
    assert_eq!(balances(&rows).1, [1, 1, 1]);
}
