//! What a decision rests on, from the tables in memory.

use std::collections::BTreeMap;

use assent_events::{AccountId, MASK_BITS};

use super::{Denial, Facts, GrantFacts, Record, Restriction};
use crate::column::{Column as _, NotAColumn};
use crate::fold::consent::{self, Delegation, EmergencyRefusal, Epoch, Exception, Grant, Window};
use crate::fold::governance::Governance;
use crate::fold::participants::{Participant, ParticipantKey};
use crate::memory::Memory;

/// Between whom access is asked for, and by which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parties {
    /// The address of the consent contract.
    pub contract: AccountId,
    /// Whose data.
    pub owner: AccountId,
    /// For whom is asked.
    pub requester: AccountId,
    /// The key that asks: the requester's account, as in `is_permitted`, a successor key of it, or a key of
    /// its staff.
    pub by: AccountId,
}

impl Facts {
    /// What holds between these at `now`, a block's time; of the grants that are over the latest and the one
    /// that is named come along. It reads whole tables, for tests; of a database [`FACTS`](super::FACTS) does.
    ///
    /// # Errors
    ///
    /// [`NotAColumn`] when a row does not fit its table.
    pub fn gather(
        memory: &Memory,
        parties: Parties,
        named: Option<i64>,
        now: u64,
    ) -> Result<Self, NotAColumn> {
        let Parties { contract, owner, requester, by } = parties;
        let of_owner: Option<Participant> = memory.get(&(owner,))?;
        let mut facts = Self {
            now,
            paused: memory.get::<Governance>(&(contract,))?.is_some_and(|row| row.paused),
            requester_roles: roles(memory.get(&(requester,))?.as_ref())?,
            owner_roles: roles(of_owner.as_ref())?,
            guardianship: of_owner.map_or(Ok(0), |row| narrow(row.guardianship))?,
            epoch: epoch(memory, owner)?,
            denials: denials(memory, owner, [requester, acting(memory, by)?, by])?,
            restriction: restriction(memory, owner, requester)?,
            refuses_emergencies: memory
                .get::<EmergencyRefusal>(&(owner,))?
                .is_some_and(|row| row.allowed_at_ms.is_none()),
            grants: Vec::new(),
            window: window(memory, owner, requester, now)?,
        };
        let mut grants = grants(memory, owner, requester)?;
        grants.sort_by_key(|grant| grant.number);
        let latest = grants.last().map(|grant| grant.number);
        grants.retain(|grant| {
            [latest, named].contains(&Some(grant.number)) || grant.end(&facts).is_none()
        });
        facts.grants = grants;
        Ok(facts)
    }
}

/// As whom a key acts. One that was replaced, and acts for nobody, stands for itself.
fn acting(memory: &Memory, by: AccountId) -> Result<AccountId, NotAColumn> {
    let row: Option<ParticipantKey> = memory.get(&(by,))?;
    Ok(row.filter(|row| row.replaced_at_ms.is_none()).map_or(by, |row| row.subject))
}

/// Those that count.
fn roles(row: Option<&Participant>) -> Result<u16, NotAColumn> {
    let roles = row.map_or(0, |row| row.roles & !row.suspended);
    u16::try_from(roles).map_err(|_| NotAColumn(roles.value()))
}

fn epoch(memory: &Memory, owner: AccountId) -> Result<u32, NotAColumn> {
    let rows: Vec<Epoch> = memory.rows()?;
    let began = rows.iter().filter(|row| row.owner == owner).map(|row| row.epoch);
    narrow(began.max().unwrap_or(0))
}

/// What is denied to any of these, by purpose.
fn denials(
    memory: &Memory,
    owner: AccountId,
    askers: [AccountId; 3],
) -> Result<Vec<Denial>, NotAColumn> {
    let mut denials = BTreeMap::new();
    for asker in askers {
        for purpose in 0..MASK_BITS {
            let row: Option<consent::Denial> = memory.get(&(owner, asker, purpose.into()))?;
            let Some(row) = row.filter(|row| row.lifted_at_ms.is_none()) else { continue };
            let none = Denial { purpose, categories: 0, by_guardians: 0 };
            let denial: &mut Denial = denials.entry(purpose).or_insert(none);
            denial.categories |= narrow(row.categories)?;
            denial.by_guardians |= narrow(row.by_guardians)?;
        }
    }
    Ok(denials.into_values().collect())
}

fn restriction(
    memory: &Memory,
    owner: AccountId,
    requester: AccountId,
) -> Result<Option<Restriction>, NotAColumn> {
    let row: Option<consent::Restriction> = memory.get(&(owner,))?;
    let Some(row) = row.filter(|row| row.lifted_at_ms.is_none()) else { return Ok(None) };
    let exception: Option<Exception> = memory.get(&(owner, requester))?;
    Ok(Some(Restriction {
        purposes: narrow(row.purposes)?,
        categories: narrow(row.categories)?,
        by_guardian: row.restricted_by != owner,
        excepts_requester: exception.is_some_and(|exception| exception.restriction == row.number),
    }))
}

/// Only the latest can be open: there is no second one before it ends.
fn window(
    memory: &Memory,
    owner: AccountId,
    requester: AccountId,
    now: u64,
) -> Result<Option<i64>, NotAColumn> {
    let rows: Vec<Window> = memory.rows()?;
    let between = |row: &&Window| row.patient == owner && row.provider == requester;
    let latest = rows.iter().filter(between).max_by_key(|row| row.id);
    let is_open = |row: &&Window| {
        let time = row.opened_at_ms..row.until_ms;
        row.closed_at_ms.is_none() && i64::try_from(now).is_ok_and(|now| time.contains(&now))
    };
    Ok(latest.filter(is_open).map(|row| row.id))
}

/// All between the two.
fn grants(
    memory: &Memory,
    owner: AccountId,
    requester: AccountId,
) -> Result<Vec<GrantFacts>, NotAColumn> {
    let rows: Vec<Grant> = memory.rows()?;
    let between = rows.into_iter().filter(|row| row.owner == owner && row.grantee == requester);
    between.map(|row| grant(memory, &row)).collect()
}

fn grant(memory: &Memory, row: &Grant) -> Result<GrantFacts, NotAColumn> {
    // A delegate; what he gave as a guardian does not go with his delegation.
    let given = row.granted_by != row.owner && row.guardianship.is_none();
    let delegation: Option<Delegation> = memory.get(&(row.owner, row.granted_by))?;
    let revoked_up_to = delegation.filter(|_| given).and_then(|row| row.revoked_up_to);
    let recalled = revoked_up_to.is_some_and(|revoked_up_to| row.id <= revoked_up_to);
    Ok(GrantFacts {
        number: row.id,
        purposes: narrow(row.purposes)?,
        categories: narrow(row.categories)?,
        from: row.valid_from_ms,
        until: row.valid_until_ms,
        max_uses: row.max_uses,
        uses: row.uses,
        record: match row.record {
            Some(record) => Record::One(record),
            None if row.link_erased => Record::Erased,
            None => Record::All,
        },
        epoch: narrow(row.epoch)?,
        guardianship: row.guardianship.map(narrow).transpose()?,
        revoked: row.revoked_at_ms.is_some() || recalled,
    })
}

/// A u32 of the chain, as its column holds it.
fn narrow(value: i64) -> Result<u32, NotAColumn> {
    u32::try_from(value).map_err(|_| NotAColumn(value.value()))
}
