//! Which view says what a table says.
//!
//! Values stand in an expected answer as they are in the table: bytes in Postgres' own form, amounts as
//! text, since a number of JSON holds less. A field that a contract's answer has and the table has not
//! is left out.

use assent_interface::{
    agreements, carbon, consent, governance, market, participants, reports, rewards, token,
};
use assent_mirror::fold::Projection;

use super::question::Argument::{Bytes32, U8, U32, U64};
use super::question::{Argument, Question};

const fn question(
    projection: Projection,
    of: &'static str,
    label: &'static str,
    arguments: &'static [Argument],
    sql: &'static str,
) -> Question {
    Question { projection, of, label, arguments, sql }
}

/// All that is asked.
pub(super) const QUESTIONS: &[Question] = &[
    question(
        Projection::Governance,
        "contract_governance",
        governance::GOVERNANCE,
        &[],
        "select c.name, '{}'::text[], jsonb_build_object( \
             'administrator', g.administrator, 'paused', g.paused, \
             'handover', case when g.successor is not null then jsonb_build_object( \
                 'to', g.successor, 'not_before', g.successor_not_before_ms, \
                 'until', g.successor_until_ms) end, \
             'upgrade', case when g.announced_code_hash is not null then jsonb_build_object( \
                 'code_hash', g.announced_code_hash, 'not_before', g.announced_not_before_ms, \
                 'until', g.announced_until_ms) end) \
         from contract_governance g join contracts c on c.address = g.contract",
    ),
    question(
        Projection::Participants,
        "participants",
        participants::PARTICIPANT,
        &[Bytes32],
        "select 'participants', array[encode(account, 'hex')], jsonb_build_object( \
             'roles', roles, 'suspended', suspended, 'profile', profile, \
             'confirmed', confirmed, 'guardianship', guardianship, 'key', key) from participants",
    ),
    question(
        Projection::Participants,
        "successions",
        participants::SUCCESSION,
        &[Bytes32],
        "select 'participants', array[encode(subject, 'hex')], \
             case when ending is null then jsonb_build_object( \
                 'to', successor, 'not_before', not_before_ms, 'until', until_ms, \
                 'by', proposed_by, 'objected', objected_at_ms is not null, \
                 'confirmed_by', confirmed_by) end from successions",
    ),
    question(
        Projection::Participants,
        "participant_keys",
        participants::SUBJECT_OF,
        &[Bytes32],
        "select 'participants', array[encode(key, 'hex')], \
             case when replaced_at_ms is null then to_jsonb(subject) end from participant_keys",
    ),
    question(
        Projection::Participants,
        "participant_keys.key",
        participants::KEY_OF,
        &[Bytes32],
        "select 'participants', array[encode(k.key, 'hex')], \
             case when p.key <> k.key then to_jsonb(p.key) end \
         from participant_keys k join participants p on p.account = k.subject",
    ),
    question(
        Projection::Participants,
        "participants.status",
        participants::STATUS,
        &[Bytes32],
        "select 'participants', array[encode(account, 'hex')], to_jsonb(initcap(status)) \
         from participants_now",
    ),
    question(
        Projection::Participants,
        "mandates",
        participants::MANDATE,
        &[Bytes32, Bytes32],
        "select 'participants', array[encode(subject, 'hex'), encode(agent, 'hex')], \
             case when ended_at_ms is null then jsonb_build_object( \
                 'powers', powers, 'until', valid_until_ms, 'person', person, \
                 'appointed_by', appointed_by) end from mandates",
    ),
    question(
        Projection::Token,
        "token_totals.supply",
        token::TOTAL_SUPPLY,
        &[],
        "select 'token', '{}'::text[], to_jsonb(supply::text) from token_totals",
    ),
    question(
        Projection::Token,
        "token_totals.treasury",
        token::TREASURY,
        &[],
        "select 'token', '{}'::text[], jsonb_build_object( \
             'value', jsonb_build_object('account', treasury, 'confirmed', treasury_confirmed), \
             'next', case when next_treasury is not null then jsonb_build_object( \
                 'value', jsonb_build_object('account', next_treasury, 'confirmed', true), \
                 'from', next_treasury_from_ms) end) from token_totals",
    ),
    question(
        Projection::Token,
        "token_balances.balance",
        token::BALANCE_OF,
        &[Bytes32],
        "select 'token', array[encode(account, 'hex')], to_jsonb(balance::text) from token_balances",
    ),
    question(
        Projection::Token,
        "token_balances.frozen",
        token::IS_FROZEN,
        &[Bytes32],
        // Of an account that was taken over the view says whether the key is frozen that has it now.
        "select 'token', array[encode(b.account, 'hex')], to_jsonb( \
             case when b.moved_to is null then b.frozen else coalesce(( \
                 with recursive way (at) as ( \
                     select b.moved_to::bytea union all \
                     select k.moved_to::bytea from way w join token_balances k on k.account = w.at \
                     where k.moved_to is not null) \
                 select k.frozen from way w join token_balances k on k.account = w.at \
                 where k.moved_to is null), false) end) from token_balances b",
    ),
    question(
        Projection::Token,
        "token_allowances",
        token::ALLOWANCE,
        &[Bytes32, Bytes32],
        "select 'token', array[encode(owner, 'hex'), encode(spender, 'hex')], \
             to_jsonb(amount::text) from token_allowances",
    ),
    question(
        Projection::Token,
        "token_receipts",
        token::RECEIPT_USED,
        &[Bytes32],
        "select 'token', array[encode(receipt, 'hex')], to_jsonb(true) from token_receipts",
    ),
    question(
        Projection::Consent,
        "grants",
        consent::GRANT_OF,
        &[U64],
        // Whether its epoch or its guardianship ended, or its delegate was removed with it, is not in it.
        "select 'consent', array[id::text], jsonb_build_object( \
             'owner', owner, 'grantee', grantee, 'purposes', purposes, 'categories', categories, \
             'from', valid_from_ms, 'until', valid_until_ms, 'max_uses', max_uses, \
             'record', case when link_erased then to_jsonb('Erased'::text) \
                 when record is null then to_jsonb('All'::text) \
                 else jsonb_build_object('One', record) end, \
             'policy', policy, 'version', version, 'epoch', epoch, 'uses', uses, \
             'revoked', revoked_at_ms is not null, 'by', granted_by, \
             'guardianship', guardianship) from grants",
    ),
    question(
        Projection::Consent,
        "denials",
        consent::DENIALS,
        &[Bytes32, Bytes32],
        "select 'consent', array[encode(owner, 'hex'), encode(requester, 'hex')], \
             coalesce(jsonb_agg(jsonb_build_object( \
                 'purpose', purpose, 'categories', categories, 'by_guardians', by_guardians) \
                 order by purpose) filter (where lifted_at_ms is null), '[]') \
         from denials group by owner, requester",
    ),
    question(
        Projection::Consent,
        "emergency_refusals and restrictions",
        consent::CHOICES,
        &[Bytes32],
        "select 'consent', array[encode(owner, 'hex')], jsonb_build_object( \
             'refuses_emergencies', \
                 e.refused_at_ms is not null and e.allowed_at_ms is null, \
             'restriction', case when r.number is not null and r.lifted_at_ms is null \
                 then jsonb_build_object( \
                     'purposes', r.purposes, 'categories', r.categories, \
                     'except', (select coalesce( \
                         jsonb_agg(x.account order by x.block_number, x.event_index), '[]') \
                         from restriction_exceptions x \
                         where x.owner = r.owner and x.restriction = r.number), \
                     'by_guardian', r.restricted_by <> r.owner) end) \
         from emergency_refusals e full join restrictions r using (owner)",
    ),
    question(
        Projection::Consent,
        "delegations.revoked_up_to",
        consent::REVOKED_UP_TO,
        &[Bytes32, Bytes32],
        "select 'consent', array[encode(owner, 'hex'), encode(delegate, 'hex')], \
             to_jsonb(coalesce(revoked_up_to, 0)) from delegations",
    ),
    question(
        Projection::Consent,
        "delegations",
        consent::DELEGATION,
        &[Bytes32, Bytes32],
        "select 'consent', array[encode(owner, 'hex'), encode(delegate, 'hex')], \
             case when ended is null then jsonb_build_object( \
                 'purposes', purposes, 'categories', categories, 'until', valid_until_ms, \
                 'epoch', epoch) end from delegations",
    ),
    question(
        Projection::Consent,
        "owner_epochs",
        consent::EPOCH,
        &[Bytes32],
        "select 'consent', array[encode(owner, 'hex')], to_jsonb(max(epoch)) from owner_epochs \
         group by owner",
    ),
    question(
        Projection::Consent,
        "emergency_windows",
        consent::WINDOW,
        &[U64],
        "select 'consent', array[id::text], jsonb_build_object( \
             'provider', provider, 'patient', patient, 'by', opened_by, 'person', person, \
             'justification', justification, 'opened', opened_at_ms, 'until', until_ms, 'review_by', review_by_ms, \
             'closed', closed_at_ms, 'closed_by', closed_by, 'outcome', initcap(outcome)) from emergency_windows",
    ),
    question(
        Projection::Consent,
        "emergency_bars",
        consent::BAR,
        &[Bytes32],
        "select 'consent', array[encode(key, 'hex')], \
             case when lifted_at_ms is null then to_jsonb(window_id) end from emergency_bars",
    ),
    question(
        Projection::Consent,
        "outsider_refusals",
        consent::REFUSALS,
        &[],
        "select 'consent', '{}'::text[], jsonb_build_object('sequence', sequence, 'hash', head) \
         from outsider_refusals",
    ),
    question(
        Projection::Consent,
        "log_heads",
        consent::LOG_HEAD,
        &[Bytes32],
        "select 'consent', array[encode(owner, 'hex')], jsonb_build_object( \
             'sequence', sequence, 'hash', head) from log_heads",
    ),
    question(
        Projection::Agreements,
        "proposals",
        agreements::PROPOSAL,
        &[U64],
        "select 'agreements', array[id::text], jsonb_build_object( \
             'terms', jsonb_build_object( \
                 'owner', owner, 'grantee', requester, 'purposes', purposes, \
                 'categories', categories, 'from', valid_from_ms, 'until', valid_until_ms, \
                 'max_uses', max_uses, 'record', record, 'policy', policy), \
             'by', proposed_by, 'person', person, 'at', proposed_at_ms, 'expires', expires_at_ms, \
             'ending', case when withdrawn_at_ms is not null then to_jsonb('Withdrawn'::text) \
                 when declined_at_ms is not null then to_jsonb('Declined'::text) \
                 when accepted_at_ms is not null then jsonb_build_object('Accepted', grant_id) \
             end) from proposals",
    ),
    question(
        Projection::Agreements,
        "erasures",
        agreements::ERASURE,
        &[U64],
        "select 'agreements', array[id::text], jsonb_build_object( \
             'owner', owner, 'requester', requester, 'at', requested_at_ms, 'due', due_ms, \
             'answer', case when answered_at_ms is not null then jsonb_build_object( \
                 'retained_until', retained_until_ms, 'evidence', evidence, 'by', answered_by, \
                 'at', answered_at_ms) end) from erasures",
    ),
    question(
        Projection::Agreements,
        "erasures.latest",
        agreements::LATEST_ERASURE,
        &[Bytes32, Bytes32],
        "select 'agreements', array[encode(owner, 'hex'), encode(requester, 'hex')], \
             to_jsonb(max(id)) from erasures group by owner, requester",
    ),
    question(
        Projection::Reports,
        "reports",
        reports::VERSION,
        &[Bytes32, Bytes32, U32],
        "select 'reports', array[encode(owner, 'hex'), encode(series, 'hex'), sequence::text], \
             jsonb_build_object('previous', previous, 'head', head, 'root', root, 'chunks', chunks, \
             'byte_length', byte_length, 'metadata', metadata, 'patient', patient, \
             'doctor', doctor, 'patient_signed', patient_signed_at_ms, \
             'doctor_signed', doctor_signed_at_ms, 'superseded_by', superseded_by, \
             'revoked', revoked_at_ms, 'at', at_ms) from reports",
    ),
    question(
        Projection::Reports,
        "report_audits",
        reports::AUDIT,
        &[U64],
        "select 'reports', array[audit::text], jsonb_build_object( \
             'owner', owner, 'series', series, 'sequence', sequence, 'auditor', auditor, \
             'commitment', commitment, 'block', challenge_block, 'opened', opened_at_ms, \
             'result', case when recorded_at_ms is not null then jsonb_build_object( \
                 'nonce', nonce, 'block_hash', block_hash, 'passed', passed, \
                 'evidence', evidence, 'at', recorded_at_ms) end) from report_audits",
    ),
    question(
        Projection::Rewards,
        "rewards",
        rewards::STATEMENT,
        &[Bytes32],
        "select 'rewards', array[encode(account, 'hex')], jsonb_build_object( \
             'owed', owed::text, 'paid', paid::text) from rewards",
    ),
    question(
        Projection::Rewards,
        "reward_budgets",
        rewards::BUDGET,
        &[Bytes32],
        "select 'rewards', array[encode(requester, 'hex')], to_jsonb(balance::text) \
         from reward_budgets",
    ),
    question(
        Projection::Rewards,
        "reward_pots",
        rewards::POT,
        &[U8],
        "select 'rewards', array[purpose::text], case when sponsor is not null then \
             jsonb_build_object('sponsor', sponsor, 'balance', balance::text, 'cap', cap::text) \
         end from reward_pots",
    ),
    question(
        Projection::Rewards,
        "reward_accruals",
        rewards::EARNED,
        &[Bytes32, Bytes32, U8],
        "select 'rewards', array[encode(owner, 'hex'), encode(requester, 'hex'), purpose::text], \
             to_jsonb(max(at_ms)) from reward_accruals group by owner, requester, purpose",
    ),
    question(
        Projection::Rewards,
        "tariffs",
        rewards::TARIFF,
        &[U8],
        "select 'rewards', array[purpose::text], jsonb_build_object( \
             'value', jsonb_build_object('amount', amount::text, 'required', required), \
             'next', case when next_from_ms is not null then jsonb_build_object( \
                 'value', jsonb_build_object( \
                     'amount', next_amount::text, 'required', next_required), \
                 'from', next_from_ms) end) from tariffs",
    ),
    question(
        Projection::Rewards,
        "reward_totals",
        rewards::TOTALS,
        &[],
        "select 'rewards', '{}'::text[], jsonb_build_object( \
             'budgets', budgets::text, 'pots', pots::text, 'owed', owed::text, \
             'paid', paid::text) from reward_totals",
    ),
    question(
        Projection::Carbon,
        "all of carbon",
        carbon::COUNTS,
        &[],
        "select name, '{}'::text[], jsonb_build_object( \
             'classes', (select count(*) from carbon_classes), \
             'projects', (select count(*) from carbon_projects), \
             'batches', (select count(*) from carbon_batches), \
             'periods', (select count(*) from carbon_periods)) from contracts \
         where name = 'carbon'",
    ),
    question(
        Projection::Carbon,
        "carbon_classes",
        carbon::CLASS,
        &[U64],
        "select 'carbon', array[class::text], jsonb_build_object( \
             'issuer', issuer, 'metadata', metadata, 'last_serial', last_serial::text) \
         from carbon_classes",
    ),
    question(
        Projection::Carbon,
        "carbon_projects",
        carbon::PROJECT,
        &[U64],
        "select 'carbon', array[project::text], jsonb_build_object( \
             'class', class, 'owner', owner, 'metadata', metadata) from carbon_projects",
    ),
    question(
        Projection::Carbon,
        "carbon_batches",
        carbon::BATCH,
        &[U64],
        "select 'carbon', array[batch::text], jsonb_build_object( \
             'class', class, 'project', project, 'period', period, \
             'serial_start', serial_start::text, 'serial_end', serial_end::text, \
             'vintage_start', vintage_start_ms, 'vintage_end', vintage_end_ms, 'sealed', sealed) \
         from carbon_batches",
    ),
    question(
        Projection::Carbon,
        "sums of carbon_batches",
        carbon::TOTALS,
        &[U64],
        "select 'carbon', array[batch::text], jsonb_build_object( \
             'issued', issued::text, 'escrowed', escrowed::text, 'retired', retired::text, \
             'surrendered', surrendered::text, 'cancelled', cancelled::text) from carbon_batches",
    ),
    question(
        Projection::Carbon,
        "carbon_balances",
        carbon::BALANCE_OF,
        &[U64, Bytes32],
        "select 'carbon', array[batch::text, encode(owner, 'hex')], jsonb_build_object( \
             'tradable', tradable::text, 'escrowed', escrowed::text, 'retired', retired::text, \
             'surrendered', surrendered::text, 'cancelled', cancelled::text) from carbon_balances",
    ),
    question(
        Projection::Carbon,
        "carbon_approvals",
        carbon::APPROVAL,
        &[Bytes32, Bytes32, U64],
        "select 'carbon', array[encode(owner, 'hex'), encode(operator, 'hex'), batch::text], \
             to_jsonb(amount::text) from carbon_approvals",
    ),
    question(
        Projection::Carbon,
        "carbon_escrows",
        carbon::ESCROW_OF,
        &[Bytes32, Bytes32, U64],
        "select 'carbon', array[encode(operator, 'hex'), encode(owner, 'hex'), batch::text], \
             to_jsonb(amount::text) from carbon_escrows",
    ),
    question(
        Projection::Carbon,
        "carbon_accounts",
        carbon::IS_FROZEN,
        &[Bytes32],
        "select 'carbon', array[encode(account, 'hex')], to_jsonb(frozen) from carbon_accounts",
    ),
    question(
        Projection::Carbon,
        "carbon_penalty",
        carbon::PENALTY,
        &[],
        "select 'carbon', '{}'::text[], jsonb_build_object( \
             'value', case when tariff is not null then jsonb_build_object( \
                 'tariff', tariff::text, 'collector', collector) end, \
             'next', case when next_from_ms is not null then jsonb_build_object( \
                 'value', jsonb_build_object( \
                     'tariff', next_tariff::text, 'collector', next_collector), \
                 'from', next_from_ms) end) from carbon_penalty",
    ),
    question(
        Projection::Carbon,
        "carbon_periods",
        carbon::PERIOD,
        &[U64],
        "select 'carbon', array[period::text], jsonb_build_object( \
             'batch', batch, 'start', start_ms, 'end', end_ms, 'settle_from', settle_from_ms, \
             'cap', cap::text, 'tariff', tariff::text) from carbon_periods",
    ),
    question(
        Projection::Carbon,
        "carbon_duties",
        carbon::DUTY,
        &[U64, Bytes32],
        "select 'carbon', array[period::text, encode(account, 'hex')], jsonb_build_object( \
             'allocated', allocated::text, 'reports', reports, 'reported_at', reported_at_ms, \
             'verified', verified::text, 'surrendered', surrendered::text, \
             'surrendered_at', surrendered_at_ms, \
             'settlement', case when settled_at_ms is not null then jsonb_build_object( \
                 'brought_deficit', brought_deficit::text, \
                 'brought_surplus', brought_surplus::text, \
                 'deficit', deficit::text, 'surplus', surplus::text, 'timely', timely, \
                 'penalty', coalesce(penalty, 0)::text, 'paid', paid_at_ms is not null) end) \
         from carbon_duties",
    ),
    question(
        Projection::Carbon,
        "carbon_emission_reports",
        carbon::REPORT,
        &[U64, Bytes32, U32],
        "select 'carbon', array[period::text, encode(account, 'hex'), version::text], \
             jsonb_build_object('emissions', emissions::text, 'report', report, \
                 'verifier', verifier) from carbon_emission_reports",
    ),
    question(
        Projection::Carbon,
        "carbon_standings",
        carbon::STANDING,
        &[Bytes32],
        "select 'carbon', array[encode(account, 'hex')], jsonb_build_object( \
             'next', next, 'settled', settled, 'compliant', compliant, 'timely', timely, \
             'penalties', penalties, 'paid', paid, 'deficit', deficit::text, \
             'surplus', surplus::text) from carbon_standings",
    ),
    question(
        Projection::Carbon,
        "carbon_standings.rating",
        carbon::RATING,
        &[Bytes32],
        "select 'carbon', array[encode(account, 'hex')], to_jsonb(rating) from carbon_standings",
    ),
    question(
        Projection::Market,
        "all of market_orders",
        market::ORDER_COUNT,
        &[],
        "select name, '{}'::text[], to_jsonb((select count(*) from market_orders)) \
         from contracts where name = 'market'",
    ),
    question(
        Projection::Market,
        "market_orders",
        market::ORDER,
        &[U64],
        "select 'market', array[order_id::text], jsonb_build_object( \
             'seller', seller, 'batch', batch, 'amount', amount::text, 'price', price::text, \
             'expiry', expiry_ms, 'fee_bps', fee_bps, 'status', initcap(status)) \
         from market_orders",
    ),
    question(
        Projection::Market,
        "market_settings",
        market::SETTINGS,
        &[],
        "select 'market', '{}'::text[], jsonb_build_object( \
             'fee', jsonb_build_object( \
                 'value', jsonb_build_object('fee_bps', fee_bps, 'collector', collector), \
                 'next', case when next_from_ms is not null then jsonb_build_object( \
                     'value', jsonb_build_object( \
                         'fee_bps', next_fee_bps, 'collector', next_collector), \
                     'from', next_from_ms) end), \
             'limits', jsonb_build_object( \
                 'floor', floor::text, 'ceiling', ceiling::text)) from market_settings",
    ),
];
