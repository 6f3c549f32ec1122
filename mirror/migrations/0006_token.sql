-- The settlement token: balances, allowances, what was minted and burned, the supply.

create table token_balances (
    account account_id not null
        constraint token_balances_pkey primary key,
    balance amount not null,
    -- Whether the account may neither send nor receive nor spend on an allowance.
    frozen boolean not null default false,
    -- Salted commitment to the reason; only while frozen.
    freeze_reason hash256,
    block_number bigint not null
        constraint token_balances_block_fkey references blocks (number),
    event_index integer not null,
    constraint token_balances_reason_while_frozen check (frozen = (freeze_reason is not null))
);
create index token_balances_frozen on token_balances (account) where frozen;

create table token_allowances (
    owner account_id not null,
    spender account_id not null,
    amount amount not null,
    block_number bigint not null
        constraint token_allowances_block_fkey references blocks (number),
    event_index integer not null,
    constraint token_allowances_pkey primary key (owner, spender)
);

-- What the treasury minted and burned, by the bank receipt that each names. Both in one table: its key
-- is what lets a receipt be used once.
create table token_receipts (
    receipt hash256 not null
        constraint token_receipts_pkey primary key,
    kind text not null
        constraint token_receipts_kind_known check (kind in ('minted', 'burned')),
    account account_id not null,
    amount amount not null,
    block_number bigint not null
        constraint token_receipts_block_fkey references blocks (number),
    event_index integer not null,
    -- An event names one receipt.
    constraint token_receipts_event_key unique (block_number, event_index)
);
create index token_receipts_by_account on token_receipts (account, block_number, event_index);

-- What the token is as a whole; no row before its first treasury.
create table token_totals (
    singleton boolean not null default true
        constraint token_totals_pkey primary key
        constraint token_totals_one_row check (singleton),
    -- Who mints and burns; null: no event has named anybody yet.
    treasury account_id,
    -- Of all time. Each may exceed a u128, since what was burned can be minted again.
    minted numeric(78, 0) not null default 0
        constraint token_totals_minted_not_negative check (minted >= 0),
    burned numeric(78, 0) not null default 0
        constraint token_totals_burned_not_negative check (burned >= 0),
    supply amount not null default 0,
    block_number bigint not null
        constraint token_totals_block_fkey references blocks (number),
    event_index integer not null,
    constraint token_totals_supply_is_the_rest check (supply = minted - burned)
);
