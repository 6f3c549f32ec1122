//! What the model says of the token, the market and of how contracts are governed.

use assent_events::{AccountId, Contract};
use assent_mirror::column::Singleton;
use assent_mirror::fold::governance::Governance;
use assent_mirror::fold::market::{Fill, Order, Settings, Status};
use assent_mirror::fold::token::{Allowance, Balance, Receipt, ReceiptKind, Totals};
use assent_model::{Account, OrderStatus, World};

use super::compare::{Listed, Modelled};
use super::values::{account_if, big, only_if};

fn address(contract: Contract, world: &World) -> AccountId {
    let addresses = &world.setup.addresses;
    AccountId(match contract {
        Contract::Participants => addresses.participants,
        Contract::Token => addresses.token,
        Contract::Rewards => addresses.rewards,
        Contract::Consent => addresses.consent,
        Contract::Agreements => addresses.agreements,
        Contract::Reports => addresses.reports,
        Contract::Carbon => addresses.carbon,
        Contract::Market => addresses.market,
    })
}

impl Modelled for Governance {
    fn expected(&self, world: &World) -> Option<Self> {
        let mut contracts = Contract::ALL.into_iter();
        let contract = contracts.find(|contract| address(*contract, world) == self.contract)?;
        let model = world.governance(contract);
        Some(Self {
            contract: self.contract,
            paused: model.paused,
            administrator: model.administrator.into(),
            successor: model.handover.map(|handover| handover.to.into()),
            successor_not_before_ms: model.handover.map(|handover| handover.not_before),
            successor_until_ms: model.handover.map(|handover| handover.until),
            announced_code_hash: model.upgrade.map(|upgrade| upgrade.code_hash),
            announced_not_before_ms: model.upgrade.map(|upgrade| upgrade.not_before),
            announced_until_ms: model.upgrade.map(|upgrade| upgrade.until),
            // The codes that a contract ran are not in the model.
            code_hash: self.code_hash,
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let is_as_at_first = |contract: &Contract| {
            let now = world.governance(*contract);
            let open = now.handover.is_none() && now.upgrade.is_none();
            open && !now.paused && now.administrator == world.setup.administrator
        };
        let changed = Contract::ALL.into_iter().filter(|contract| !is_as_at_first(contract));
        changed.map(|contract| (address(contract, world),)).collect()
    }
}

impl Modelled for Balance {
    fn expected(&self, world: &World) -> Option<Self> {
        let (token, account) = (&world.token, &self.account.0);
        // The view answers for the key that took it over.
        let frozen = token.frozen.contains_key(account);
        Some(Self {
            balance: token.balance(account),
            frozen,
            freeze_reason: only_if(frozen, self.freeze_reason),
            moved_to: token.moved.get(account).map(|key| (*key).into()),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let (balances, frozen) = (world.token.balances.keys(), world.token.frozen.keys());
        let moved = world.token.moved.keys();
        // A key that took over nothing has no row.
        let balances = balances.filter(|account| world.token.balance(account) > 0);
        balances.chain(frozen).chain(moved).map(|account| ((*account).into(),)).collect()
    }
}

impl Modelled for Allowance {
    fn expected(&self, world: &World) -> Option<Self> {
        let amount = *world.token.allowances.get(&(self.owner.0, self.spender.0))?;
        Some(Self { amount, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let allowances = world.token.allowances.keys();
        allowances.map(|(owner, spender)| ((*owner).into(), (*spender).into())).collect()
    }
}

impl Modelled for Receipt {
    fn expected(&self, world: &World) -> Option<Self> {
        let mut bookings = world.token.settlements.iter();
        let model = bookings.find(|booking| booking.receipt == self.receipt)?;
        let minted = model.minted > 0;
        let kind = if minted { ReceiptKind::Minted } else { ReceiptKind::Burned };
        let amount = if minted { model.minted } else { model.burned };
        Some(Self { kind, amount, ..self.clone() })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.token.settlements.iter().map(|booking| (booking.receipt,)).collect()
    }
}

impl Modelled for Totals {
    fn expected(&self, world: &World) -> Option<Self> {
        let bookings = &world.token.settlements;
        let treasury = world.token.treasury;
        Some(Self {
            singleton: Singleton,
            treasury: Some(treasury.value.account.into()),
            treasury_confirmed: treasury.value.confirmed,
            next_treasury: treasury.next.map(|next| next.value.account.into()),
            next_treasury_from_ms: treasury.next.map(|next| next.from),
            minted: bookings.iter().map(|booking| booking.minted).sum::<u128>().into(),
            burned: bookings.iter().map(|booking| booking.burned).sum::<u128>().into(),
            supply: world.token.supply,
            at: self.at,
        })
    }

    fn keys(_: &World) -> Vec<Self::Key> {
        // The constructor names the treasury.
        vec![(Singleton,)]
    }
}

impl Modelled for Settings {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.market.settings;
        let bps = |fee: u16| i16::try_from(fee).ok();
        Some(Self {
            singleton: Singleton,
            fee_bps: bps(model.fee.value.fee_bps)?,
            collector: model.fee.value.collector.into(),
            next_fee_bps: model.fee.next.and_then(|next| bps(next.value.fee_bps)),
            next_collector: model.fee.next.map(|next| next.value.collector.into()),
            next_from_ms: model.fee.next.map(|next| next.from),
            floor: Some(model.limits.floor),
            ceiling: Some(model.limits.ceiling),
            at: self.at,
        })
    }

    fn keys(_: &World) -> Vec<Self::Key> {
        // The constructor names all of them.
        vec![(Singleton,)]
    }
}

/// Who handled an order for its seller: who the row says, if the model knows of something that he did for the
/// seller, or else the seller.
fn traded(world: &World, seller: Account, by: AccountId) -> AccountId {
    let mut deeds = world.market.deeds.iter();
    let known = deeds.any(|deed| (deed.subject, deed.by) == (seller, by.0));
    if known { by } else { seller.into() }
}

impl Modelled for Order {
    fn expected(&self, world: &World) -> Option<Self> {
        let number = u64::try_from(self.order_id).ok()?;
        let model = world.market.orders.get(&number)?;
        let status = match model.status {
            OrderStatus::Open => Status::Open,
            OrderStatus::Filled => Status::Filled,
            OrderStatus::Cancelled => Status::Cancelled,
            OrderStatus::Expired => Status::Expired,
        };
        let fills = world.market.fills.iter().filter(|fill| fill.number == number);
        let released = match status {
            Status::Open | Status::Filled => 0,
            // The model holds it together with what updates gave back.
            Status::Cancelled | Status::Expired => self.released,
        };
        Some(Self {
            order_id: self.order_id,
            seller: model.seller.into(),
            batch: big(model.batch),
            status,
            amount: model.amount,
            filled: fills.map(|fill| fill.amount).sum::<u128>().into(),
            released,
            price: model.price,
            expiry_ms: model.expiry,
            fee_bps: i16::try_from(model.fee_bps).ok()?,
            placed_by: traded(world, model.seller, self.placed_by),
            changed_by: self.changed_by.map(|by| traded(world, model.seller, by)),
            expired_by: account_if(status == Status::Expired, self.expired_by),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.market.orders.keys().map(|number| (big(*number),)).collect()
    }
}

impl Listed for Fill {
    type Model = assent_model::Fill;

    fn models(world: &World) -> Vec<Self::Model> {
        world.market.fills.clone()
    }

    fn expected(&self, model: &Self::Model) -> Self {
        Self {
            order_id: big(model.number),
            batch: big(model.order.batch),
            seller: model.order.seller.into(),
            buyer: model.buyer.into(),
            filled_by: model.deed.by.into(),
            amount: model.amount,
            remaining: model.order.amount.saturating_sub(model.amount),
            price: model.order.price,
            payment: model.quote.payment,
            fee: model.quote.fee,
            proceeds: model.quote.proceeds,
            at: self.at,
        }
    }
}
