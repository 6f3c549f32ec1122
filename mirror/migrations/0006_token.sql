-- The settlement token: balances, allowances, what was minted and burned, the supply.

create table token_balances (
    account account_id not null
        constraint token_balances_pkey primary key,
    balance amount not null,
    -- Whether the account may neither send nor receive nor spend on an allowance.
    frozen boolean not null default false,
    -- Salted commitment to the reason; only while frozen.
    freeze_reason hash256,
    -- The key that took the account over: what is sent to it goes there; null: none did.
    moved_to account_id,
    block_number bigint not null,
    event_index integer not null,
    constraint token_balances_reason_while_frozen check (frozen = (freeze_reason is not null)),
    constraint token_balances_moved_elsewhere check (moved_to <> account),
    -- All of it goes over, and so does a freeze.
    constraint token_balances_moved_is_empty
        check (moved_to is null or (balance = 0 and not frozen))
);
create index token_balances_frozen on token_balances (account) where frozen;

create table token_allowances (
    owner account_id not null,
    spender account_id not null,
    amount amount not null,
    block_number bigint not null,
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
    block_number bigint not null,
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
    -- Who mints and burns, unless the next one does; null: no event has named anybody yet.
    treasury account_id,
    -- Whether the administrator named it: nothing is minted while not.
    treasury_confirmed boolean not null default false,
    -- Who was named last, if he replaces that, and the first moment at which he does, ms since 1970. What
    -- is due stays here until another one is named.
    next_treasury account_id,
    next_treasury_from_ms u64,
    -- Of all time. Each may exceed a u128, since what was burned can be minted again.
    minted numeric(78, 0) not null default 0
        constraint token_totals_minted_not_negative check (minted >= 0),
    burned numeric(78, 0) not null default 0
        constraint token_totals_burned_not_negative check (burned >= 0),
    supply amount not null default 0,
    block_number bigint not null,
    event_index integer not null,
    constraint token_totals_nobody_is_not_confirmed
        check (treasury is not null or not treasury_confirmed),
    constraint token_totals_next_treasury_waits
        check ((next_treasury is null) = (next_treasury_from_ms is null)),
    constraint token_totals_supply_is_the_rest check (supply = minted - burned)
);

-- What a row of token_balances said from block_number on, until until_block, exclusive.
create table token_balances_history (
    like token_balances,
    until_block bigint not null,
    constraint token_balances_history_pkey primary key (account, block_number)
) partition by range (block_number);

-- What a row of token_allowances said from block_number on, until until_block, exclusive.
create table token_allowances_history (
    like token_allowances,
    until_block bigint not null,
    constraint token_allowances_history_pkey primary key (owner, spender, block_number)
) partition by range (block_number);

-- What a row of token_totals said from block_number on, until until_block, exclusive.
create table token_totals_history (
    like token_totals,
    until_block bigint not null,
    constraint token_totals_history_pkey primary key (singleton, block_number)
) partition by range (block_number);
