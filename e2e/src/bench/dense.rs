//! The busy chain: members who grant, ask, anchor, trade and pay by turns, about five events a block.

use super::sealer::{Call, Sealer};
use crate::{
    messages::{
        Amendment, Hash, Item, NewVersion, Terms, category::CARDIOLOGY, only, purpose::TREATMENT,
        role, tariff,
    },
    scene::{CREDIT, TOKEN, YEAR_2025, account, derived, in_a_month, regulator, returned},
};
use anyhow::{Context, Result};
use assent_client::{Account, chain::Chain, contract::Contract, manifest::Manifest, native::UNIT};
use sha2::{Digest, Sha256};
use subxt_signer::sr25519::Keypair;

/// How many take part: each owns data, treats others, and trades.
pub const MEMBERS: u64 = 24;
/// Blocks after which the kinds of calls repeat themselves.
const TURN: u64 = 10;
/// Grants, transfers of units, and reports in one call.
const GRANTS: u64 = 10;
const TRANSFERS: u64 = 10;
const REPORTS: u64 = 8;
/// More of everything than a chain uses up.
const PLENTY: u128 = 1_000_000_000_000_000;
/// Units of an order, of which two fills take a part each, and its price of a credit.
const OFFERED: u128 = 10 * CREDIT;
const FILLED: u128 = CREDIT;
const PRICE: u128 = 5 * TOKEN;

/// The members, and what they trade.
pub struct Dense {
    members: Vec<Keypair>,
    batch: u64,
    until: u64,
}

impl Dense {
    /// Admits the members and gives them what they need; the first order is placed.
    pub async fn set_up(chain: &Chain, manifest: &Manifest) -> Result<(Self, Sealer)> {
        let members = (0..MEMBERS).map(|n| derived(&format!("//Bench//{n}"))).collect();
        let batch = make_batch(chain, manifest).await?;
        let dense = Self { members, batch, until: in_a_month()? };
        let mut sealer = Sealer::connect(chain, manifest).await?;
        let [market, rewards] = [sealer.address("market")?, sealer.address("rewards")?];
        let boss = regulator();
        for call in [
            Call::new(&boss, "market", "set_fee", (50u16, account(&boss))),
            Call::new(&boss, "rewards", "set_tariff", (TREATMENT, tariff(TOKEN))),
        ] {
            sealer.seal(&call).await?;
        }
        for (n, member) in (0..).zip(&dense.members) {
            let gift = sealer.transfer(&boss, account(member), 10_000 * UNIT).await?;
            sealer.submit(&gift).await?;
            sealer.sealed().await?;
            let roles = role::DATA_OWNER | role::PROVIDER | role::TRADER;
            let (who, batch, profile) = (account(member), dense.batch, digest(b"profile", n));
            for call in [
                Call::new(member, "participants", "register", (profile,)),
                Call::new(&boss, "participants", "approve", (who, roles, profile)),
                Call::new(&boss, "token", "mint", (who, PLENTY, digest(b"receipt", n))),
                Call::new(member, "token", "PSP22::approve", (rewards, PLENTY / 2)),
                Call::new(member, "rewards", "fund", (who, PLENTY / 2)),
                Call::new(member, "token", "PSP22::approve", (market, PLENTY)),
                Call::new(&boss, "carbon", "issue", (batch, who, PLENTY)),
                Call::new(member, "carbon", "approve", (market, batch, PLENTY)),
            ] {
                sealer.seal(&call).await?;
            }
        }
        sealer.seal(&dense.place(dense.member(0))).await?;
        Ok((dense, sealer))
    }

    /// The call of a block, from 0 on. Order `turn + 1` was placed in the turn before.
    pub fn call(&self, block: u64) -> Call {
        let turn = block / TURN;
        let (owner, other) = (self.member(turn), self.member(turn + 5));
        let order = turn + 1;
        match block % TURN {
            0 => self.grants(turn),
            1 | 5 => {
                let who = self.member(turn + 2 + block % TURN);
                let unnamed = (None::<u64>, None::<Hash>);
                let args = (account(who), account(owner), unnamed, TREATMENT, CARDIOLOGY);
                Call::new(who, "consent", "request_access", args)
            }
            2 | 8 => {
                let args = (account(other), order, FILLED, u128::MAX);
                Call::new(other, "market", "fill", args)
            }
            3 => {
                let args = (account(other), TOKEN, Vec::<u8>::new());
                Call::new(owner, "token", "PSP22::transfer", args)
            }
            4 => {
                let item = |amount: u64| Item { batch: self.batch, amount: amount.into() };
                let items: Vec<Item> = (1..=TRANSFERS).map(item).collect();
                Call::new(owner, "carbon", "transfer_batch", (account(other), items))
            }
            6 => self.reports(turn),
            7 => self.place(self.member(turn + 1)),
            _ => self.change(turn),
        }
    }

    fn member(&self, n: u64) -> &Keypair {
        &self.members[(n % MEMBERS) as usize]
    }

    /// A member offers units.
    fn place(&self, seller: &Keypair) -> Call {
        let args = (account(seller), self.batch, OFFERED, PRICE, self.until);
        Call::new(seller, "market", "place", args)
    }

    /// The owner of a turn grants to the members after him.
    fn grants(&self, turn: u64) -> Call {
        let owner = account(self.member(turn));
        let grant = |n: u64| Terms {
            owner,
            grantee: account(self.member(turn + n)),
            purposes: only(TREATMENT),
            categories: only(CARDIOLOGY),
            from: 0,
            until: self.until,
            max_uses: None,
            record: None,
            policy: digest(b"policy", 0),
        };
        let terms: Vec<Terms> = (1..=GRANTS).map(grant).collect();
        Call::new(self.member(turn), "consent", "grant_batch", (terms,))
    }

    /// He amends the first of these grants, or revokes it, or in every so many-th of his turns all that
    /// he gave: no more than eight may live between two.
    fn change(&self, turn: u64) -> Call {
        let (owner, grant) = (self.member(turn), turn * GRANTS + 1);
        if turn / MEMBERS % 7 == 6 {
            return Call::new(owner, "consent", "revoke_all", (account(owner),));
        }
        if turn % 2 == 1 {
            return Call::new(owner, "consent", "revoke", (grant,));
        }
        let amendment = Amendment {
            purposes: only(TREATMENT),
            categories: u32::MAX,
            from: 0,
            until: self.until,
            max_uses: Some(100),
            policy: digest(b"policy", 1),
        };
        Call::new(owner, "consent", "amend", (grant, 1u32, amendment))
    }

    /// He anchors reports.
    fn reports(&self, turn: u64) -> Call {
        let report = |n: u64| NewVersion {
            series: digest(b"series", turn * REPORTS + n),
            sequence: 1,
            previous: [0; 32],
            root: digest(b"root", turn * REPORTS + n),
            chunks: 3,
            byte_length: 150_000,
            metadata: digest(b"metadata", n),
            patient: Some(account(self.member(turn))),
            doctor: account(self.member(turn + 1)),
        };
        let versions: Vec<NewVersion> = (0..REPORTS).map(report).collect();
        let owner = self.member(turn);
        Call::new(owner, "reports", "anchor_batch", (account(owner), versions))
    }
}

/// The regulator makes a class, a project of his own and a batch of it.
async fn make_batch(chain: &Chain, manifest: &Manifest) -> Result<u64> {
    let boss = regulator();
    let who: Account = account(&boss);
    let entry = manifest.contracts.get("carbon").context("no contract carbon")?;
    let metadata = manifest.bundles()?.remove("carbon").context("no bundle of carbon")?;
    let carbon = Contract::new(chain.clone(), entry.address, metadata);
    let class = carbon.call(&boss, "create_class", (who, digest(b"standard", 0))).await?;
    let new = (returned::<u64>(&class)?, who, digest(b"documents", 0));
    let project = carbon.call(&boss, "create_project", new).await?;
    let last = PLENTY * u128::from(MEMBERS);
    let new = (returned::<u64>(&project)?, 1u128, last, YEAR_2025.0, YEAR_2025.1);
    returned(&carbon.call(&boss, "create_batch", new).await?)
}

/// A hash that stands for something, another one for each number.
fn digest(what: &[u8], number: u64) -> [u8; 32] {
    Sha256::new().chain_update(what).chain_update(number.to_le_bytes()).finalize().into()
}
