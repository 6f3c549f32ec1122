-- `(block_number, event_index)` of a projection's row is the key of an event in `events`, one of
-- its own contract that was decoded. That no later event changed the row is left to the writer.
with projected (of_table, contract, block_number, event_index) as (
    select 'participants', 'participants', block_number, event_index from participants
    union all select 'guardianships', 'participants', block_number, event_index from guardianships
    union all select 'mandates', 'participants', block_number, event_index from mandates
    union all select 'participant_keys', 'participants', block_number, event_index from participant_keys
    union all select 'successions', 'participants', block_number, event_index from successions
    union all select 'owner_epochs', 'consent', block_number, event_index from owner_epochs
    union all select 'delegate_revocations', 'consent', block_number, event_index from delegate_revocations
    union all select 'grants', 'consent', block_number, event_index from grants
    union all select 'denials', 'consent', block_number, event_index from denials
    union all select 'restrictions', 'consent', block_number, event_index from restrictions
    union all select 'restriction_exceptions', 'consent', block_number, event_index from restriction_exceptions
    union all select 'delegations', 'consent', block_number, event_index from delegations
    union all select 'emergency_windows', 'consent', block_number, event_index from emergency_windows
    union all select 'sanctions', 'consent', block_number, event_index from sanctions
    union all select 'emergency_bars', 'consent', block_number, event_index from emergency_bars
    union all select 'emergency_refusals', 'consent', block_number, event_index from emergency_refusals
    union all select 'outsider_refusals', 'consent', block_number, event_index from outsider_refusals
    union all select 'access_log', 'consent', block_number, event_index from access_log
    union all select 'log_heads', 'consent', block_number, event_index from log_heads
    union all select 'proposals', 'agreements', block_number, event_index from proposals
    union all select 'erasures', 'agreements', block_number, event_index from erasures
    union all select 'reports', 'reports', block_number, event_index from reports
    union all select 'report_audits', 'reports', block_number, event_index from report_audits
    union all select 'tariffs', 'rewards', block_number, event_index from tariffs
    union all select 'rewards', 'rewards', block_number, event_index from rewards
    union all select 'reward_accruals', 'rewards', block_number, event_index from reward_accruals
    union all select 'reward_totals', 'rewards', block_number, event_index from reward_totals
    union all select 'reward_unfunded', 'rewards', block_number, event_index from reward_unfunded
    union all select 'reward_budgets', 'rewards', block_number, event_index from reward_budgets
    union all select 'reward_budget_movements', 'rewards', block_number, event_index from reward_budget_movements
    union all select 'reward_pots', 'rewards', block_number, event_index from reward_pots
    union all select 'reward_pot_movements', 'rewards', block_number, event_index from reward_pot_movements
    union all select 'reward_withdrawals', 'rewards', block_number, event_index from reward_withdrawals
    union all select 'token_balances', 'token', block_number, event_index from token_balances
    union all select 'token_allowances', 'token', block_number, event_index from token_allowances
    union all select 'token_receipts', 'token', block_number, event_index from token_receipts
    union all select 'token_totals', 'token', block_number, event_index from token_totals
    union all select 'carbon_classes', 'carbon', block_number, event_index from carbon_classes
    union all select 'carbon_projects', 'carbon', block_number, event_index from carbon_projects
    union all select 'carbon_batches', 'carbon', block_number, event_index from carbon_batches
    union all select 'carbon_balances', 'carbon', block_number, event_index from carbon_balances
    union all select 'carbon_approvals', 'carbon', block_number, event_index from carbon_approvals
    union all select 'carbon_escrows', 'carbon', block_number, event_index from carbon_escrows
    union all select 'carbon_retirements', 'carbon', block_number, event_index from carbon_retirements
    union all select 'carbon_cancellations', 'carbon', block_number, event_index from carbon_cancellations
    union all select 'carbon_accounts', 'carbon', block_number, event_index from carbon_accounts
    union all select 'carbon_periods', 'carbon', block_number, event_index from carbon_periods
    union all select 'carbon_penalty', 'carbon', block_number, event_index from carbon_penalty
    union all select 'carbon_duties', 'carbon', block_number, event_index from carbon_duties
    union all select 'carbon_emission_reports', 'carbon', block_number, event_index from carbon_emission_reports
    union all select 'carbon_surrenders', 'carbon', block_number, event_index from carbon_surrenders
    union all select 'carbon_standings', 'carbon', block_number, event_index from carbon_standings
    union all select 'market_settings', 'market', block_number, event_index from market_settings
    union all select 'market_orders', 'market', block_number, event_index from market_orders
    union all select 'market_fills', 'market', block_number, event_index from market_fills
    union all select 'contract_governance', c.name, g.block_number, g.event_index
    from contract_governance g join contracts c on c.address = g.contract
)
select concat('a row of ', p.of_table, ' is of ', p.block_number, '-', p.event_index)
from projected p
where not exists (
    select from events e
    where e.block_number = p.block_number and e.event_index = p.event_index
        and e.contract_name = p.contract and e.name is not null
)
