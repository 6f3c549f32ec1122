-- Projections of the token's second version: burns, the supply, the treasury, frozen accounts.
--
-- A database belongs to one deployment, and the token of 0001 emits none of what is new here, so the
-- backfills below only keep a mirror of that token readable.

-- What the treasury minted and burned, by the bank receipt that each names. Both in one table: its key
-- is what lets a receipt be used once.
alter table token_mints rename to token_receipts;
alter table token_receipts rename constraint token_mints_pkey to token_receipts_pkey;
alter table token_receipts rename constraint token_mints_block_fkey to token_receipts_block_fkey;
alter table token_receipts
    add column kind text not null default 'minted'
        constraint token_receipts_kind_known check (kind in ('minted', 'burned'));
alter table token_receipts
    alter column kind drop default,
    -- An event names one receipt.
    add constraint token_receipts_event_key unique (block_number, event_index);
create index token_receipts_by_account on token_receipts (account, block_number, event_index);

-- What the token is as a whole; no row before its first treasury.
create table token_totals (
    singleton boolean not null default true
        constraint token_totals_pkey primary key
        constraint token_totals_one_row check (singleton),
    -- Who mints and burns; null: the token is that of 0001, which names nobody.
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
insert into token_totals (minted, supply, block_number, event_index)
select
    sum(amount),
    sum(amount),
    (array_agg(block_number order by block_number desc, event_index desc))[1],
    (array_agg(event_index order by block_number desc, event_index desc))[1]
from token_receipts
having count(*) > 0;

alter table token_balances
    -- Whether the account may neither send nor receive nor spend on an allowance.
    add column frozen boolean not null default false,
    -- Salted commitment to the reason; only while frozen.
    add column freeze_reason hash256,
    add constraint token_balances_reason_while_frozen check (frozen = (freeze_reason is not null));
create index token_balances_frozen on token_balances (account) where frozen;
