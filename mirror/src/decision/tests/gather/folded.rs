//! A mirror that is folded from events, and events for it.

use assent_events::consent::{self, DelegateSet, GlassBroken, Granted};
use assent_events::participants::{self, Approved, Registered};
use assent_events::{AccountId, Contract, Event, role};

use super::super::{Facts, Parties, RECORD};
use crate::Memory;
use crate::fold::{BlockStop, Happened, Projection, fold_block};
use crate::position::Position;

pub(super) const OWNER: AccountId = account(1);
pub(super) const REQUESTER: AccountId = account(2);
pub(super) const DELEGATE: AccountId = account(3);
pub(super) const GUARDIAN: AccountId = account(4);
pub(super) const REGULATOR: AccountId = account(5);
pub(super) const MEMBER: AccountId = account(6);
pub(super) const KEY: AccountId = account(7);
pub(super) const NEXT_KEY: AccountId = account(8);
/// The consent contract.
const CONSENT: AccountId = account(0xcc);

pub(super) const fn account(byte: u8) -> AccountId {
    AccountId([byte; 32])
}

/// All tables, folded from events: block n has the time n.
#[derive(Default)]
pub(super) struct Mirror {
    pub(super) memory: Memory,
    pub(super) block: i64,
}

impl Mirror {
    /// With an owner and a requester who are admitted.
    pub(super) fn new() -> Self {
        let mut mirror = Self::default();
        for (account, roles) in [(OWNER, role::DATA_OWNER), (REQUESTER, role::PROVIDER)] {
            let profile = [9; 32];
            mirror.participants(Registered { account, profile });
            mirror.participants(Approved { account, roles, profile, by: REGULATOR });
        }
        mirror
    }

    pub(super) fn participants(&mut self, event: impl Into<participants::Event>) {
        self.fold(Contract::Participants, vec![event.into().into()]);
    }

    pub(super) fn consent(&mut self, event: impl Into<consent::Event>) {
        self.consents(vec![event.into()]);
    }

    pub(super) fn consents(&mut self, events: Vec<consent::Event>) {
        self.fold(Contract::Consent, events.into_iter().map(Into::into).collect());
    }

    #[track_caller]
    pub(super) fn fold(&mut self, contract: Contract, events: Vec<Event>) {
        self.block += 1;
        let happened = |(event_index, event)| Happened {
            contract,
            address: CONSENT,
            event,
            at: Position { block_number: self.block, event_index },
            time_ms: self.block.unsigned_abs(),
        };
        let events: Vec<Happened> = (1..).zip(events).map(happened).collect();
        let mut rows = Projection::of(&events[0].event).rows();
        let mut done = 0;
        loop {
            self.memory.load(&mut rows).unwrap();
            match fold_block(&events, &mut done, &mut rows) {
                Ok(()) => break,
                Err(BlockStop::Need) => {}
                Err(BlockStop::Contradiction(contradiction)) => panic!("{contradiction}"),
            }
        }
        self.memory.store(rows.changes()).unwrap();
    }

    /// Gives the owner's grant of this number, valid until block 1,000.
    pub(super) fn grant(&mut self, grant: u64, epoch: u32, by: AccountId) {
        self.consent(granted(grant, epoch, by));
    }

    /// By the requester's own key.
    pub(super) fn facts(&self) -> Facts {
        self.facts_by(REQUESTER, None)
    }

    pub(super) fn facts_by(&self, by: AccountId, named: Option<i64>) -> Facts {
        let parties = Parties { contract: CONSENT, owner: OWNER, requester: REQUESTER, by };
        Facts::gather(&self.memory, parties, named, self.block.unsigned_abs()).unwrap()
    }

    /// The numbers of the grants that matter, and which of them are revoked.
    pub(super) fn grants(&self, named: Option<i64>) -> Vec<(i64, bool)> {
        let grants = self.facts_by(REQUESTER, named).grants;
        grants.iter().map(|grant| (grant.number, grant.revoked)).collect()
    }
}

pub(super) fn granted(grant: u64, epoch: u32, by: AccountId) -> Granted {
    Granted {
        grant,
        owner: OWNER,
        grantee: REQUESTER,
        purposes: 1 << 31,
        categories: 0b11,
        from: 1,
        until: 1_000,
        max_uses: None,
        record: Some(RECORD),
        policy: [0; 32],
        epoch,
        by,
    }
}

pub(super) fn delegate_set() -> DelegateSet {
    DelegateSet {
        owner: OWNER,
        delegate: DELEGATE,
        purposes: u32::MAX,
        categories: u32::MAX,
        until: 1_000,
        epoch: 0,
    }
}

pub(super) fn glass_broken(window: u64, at: u64) -> GlassBroken {
    GlassBroken {
        window,
        patient: OWNER,
        provider: REQUESTER,
        by: REQUESTER,
        person: None,
        justification: [0; 32],
        at,
        until: at + 5,
        review_by: at + 9,
    }
}
