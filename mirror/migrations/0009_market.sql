-- Orders, their fills, and what the administrator set.

-- What the deployer and then the administrator set. The market is made with two events, one for the
-- fee and one for the limits: between them, which no reader sees, the limits are null.
create table market_settings (
    singleton boolean not null default true
        constraint market_settings_pkey primary key
        constraint market_settings_one_row check (singleton),
    -- Part of a payment that is the fee of orders as they are placed or updated, in hundredths of a percent,
    -- and who gets it, unless the next ones hold.
    fee_bps smallint not null
        constraint market_settings_fee_within_max check (fee_bps between 0 and 500),
    collector account_id not null,
    -- What was set last, if it replaces that, and the first moment at which it does, ms since 1970. What is
    -- due stays here until another fee is set.
    next_fee_bps smallint
        constraint market_settings_next_fee_within_max check (next_fee_bps between 0 and 500),
    next_collector account_id,
    next_from_ms u64,
    -- Units that an order may have at a rating of 0 and of 1,000.
    floor amount
        constraint market_settings_floor_not_zero check (floor > 0),
    ceiling amount
        constraint market_settings_ceiling_within_max
        check (ceiling <= 340282366920938463463374607431768211),
    block_number bigint not null,
    event_index integer not null,
    constraint market_settings_next_waits check (
        (next_fee_bps is null) = (next_from_ms is null)
        and (next_collector is null) = (next_from_ms is null)
    ),
    constraint market_settings_both_limits check ((floor is null) = (ceiling is null)),
    constraint market_settings_limits_in_order check (floor <= ceiling)
);
-- What a row said from block_number on, until until_block, exclusive. Every table whose rows change
-- has such a history.
create table market_settings_history (
    like market_settings,
    until_block bigint not null,
    constraint market_settings_history_pkey primary key (singleton, block_number)
) partition by range (block_number);

create table market_orders (
    order_id bigint not null
        constraint market_orders_pkey primary key
        constraint market_orders_id_from_one check (order_id >= 1),
    seller account_id not null,
    batch bigint not null,
    status text not null default 'open'
        constraint market_orders_status_known
        check (status in ('open', 'filled', 'cancelled', 'expired')),
    -- Units still offered; 0 once it is closed.
    amount amount not null,
    -- Units delivered so far, which may exceed a u128, since an update can offer again what was bought
    -- back; and units that came back from escrow when it was closed.
    filled numeric(78, 0) not null default 0,
    released amount not null default 0,
    -- Token base units per credit.
    price amount not null
        constraint market_orders_price_not_zero check (price > 0),
    -- First moment at which it is over, ms since 1970.
    expiry_ms u64 not null,
    -- Part of a payment that is the fee, in hundredths of a percent.
    fee_bps smallint not null
        constraint market_orders_fee_within_max check (fee_bps between 0 and 500),
    -- Who placed it, and who changed or cancelled it last: the seller, or one of its staff. Null: nobody did.
    placed_by account_id not null,
    changed_by account_id,
    -- Who closed it once it was over; only then.
    expired_by account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint market_orders_open_offers_something check ((status = 'open') = (amount > 0)),
    constraint market_orders_released_if_withdrawn
        check ((status in ('cancelled', 'expired')) = (released > 0)),
    constraint market_orders_filled_something check (status <> 'filled' or filled > 0),
    constraint market_orders_expired_by_somebody
        check ((status = 'expired') = (expired_by is not null)),
    constraint market_orders_cancelled_by_somebody
        check (status <> 'cancelled' or changed_by is not null),
    -- What a buyer pays for all of it fits a u128.
    constraint market_orders_value_is_u128
        check (amount * price <= 340282366920938463463374607431768211455)
);
create index market_orders_by_seller on market_orders (seller, order_id);
create index market_orders_by_batch on market_orders (batch, order_id);
create index market_orders_by_status on market_orders (status, order_id);
create table market_orders_history (
    like market_orders,
    until_block bigint not null,
    constraint market_orders_history_pkey primary key (order_id, block_number)
) partition by range (block_number);

-- Every fill, by the position of its event.
create table market_fills (
    block_number bigint not null,
    event_index integer not null,
    order_id bigint not null,
    batch bigint not null,
    seller account_id not null,
    buyer account_id not null,
    -- Who filled it: the buyer, or one of its staff.
    filled_by account_id not null,
    -- Units delivered, and units that the order still offered.
    amount amount not null
        constraint market_fills_something check (amount > 0),
    remaining amount not null,
    -- The order's price then, token base units per credit.
    price amount not null,
    -- Token base units: what the buyer paid, what of it was the fee, and what the seller got.
    payment amount not null
        constraint market_fills_cost_something check (payment > 0),
    fee amount not null,
    proceeds amount not null,
    constraint market_fills_pkey primary key (block_number, event_index),
    constraint market_fills_parties_differ check (seller <> buyer),
    constraint market_fills_shared_exactly check (fee + proceeds = payment),
    -- Rounded up, so that no fill is free.
    constraint market_fills_paid_the_price
        check (payment = div(amount * price + 999, 1000))
);
create index market_fills_by_order on market_fills (order_id, block_number, event_index);
create index market_fills_by_seller on market_fills (seller, block_number, event_index);
create index market_fills_by_buyer on market_fills (buyer, block_number, event_index);
