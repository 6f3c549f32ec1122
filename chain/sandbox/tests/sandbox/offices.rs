//! Offices that several keys hold together, and batches: what takes two signatures, who pays for it,
//! and what happens all at once or not at all.

use assent_interface::{consent, governance, participants};
use assent_runtime::{AccountId, Balances, MILLI_UNIT, Multisig, Runtime, RuntimeCall, configs};
use assent_sandbox::ledger::{
    APPLICANT, CATEGORIES, DELAY, Grant, HOSPITAL, INSTITUTE, Ledger, PATIENT, PURPOSES,
    Participant, REGULATOR, STRANGER, Terms, role, terms,
};
use assent_sandbox::{Account, Applied};
use parity_scale_codec::Encode;
use polkadot_sdk::frame_support::dispatch::GetDispatchInfo as _;
use polkadot_sdk::pallet_multisig::{self, Multisigs, Timepoint};
use polkadot_sdk::sp_io::hashing::blake2_256;
use polkadot_sdk::sp_runtime::DispatchError;
use polkadot_sdk::{pallet_contracts, pallet_utility};

/// Why a signature is not taken.
type Refused = pallet_multisig::Error<Runtime>;

/// The keys of an office, in the order of their accounts.
const OFFICERS: [Account; 3] = [[21; 32], [22; 32], [23; 32]];
/// How many of them act for it.
const THRESHOLD: u16 = 2;

/// What the pallet says when a contract refuses.
fn reverted() -> DispatchError {
    pallet_contracts::Error::<Runtime>::ContractReverted.into()
}

/// The account of an office with these keys, in their order: it follows from them.
fn account_of(keys: &[Account]) -> Account {
    let keys: Vec<_> = keys.iter().copied().map(AccountId::from).collect();
    Multisig::multi_account_id(&keys, THRESHOLD).into()
}

/// The account of the [`OFFICERS`].
fn office() -> Account {
    account_of(&OFFICERS)
}

/// A deployment in which the officers and their office have native funds.
fn deployed() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.sandbox.endow(&OFFICERS);
    ledger.sandbox.endow(&[office()]);
    ledger
}

/// `signer` signs a call of the account that he has with `others`, as the first or, at the time that
/// the chain shows for the call, as a further one.
fn sign_with(
    ledger: &mut Ledger,
    signer: Account,
    others: &[Account],
    call: &RuntimeCall,
) -> Applied {
    let mut keys = [others, &[signer]].concat();
    keys.sort_unstable();
    let since = waits_since(ledger, account_of(&keys), call);
    sign_at(ledger, signer, others, since, call)
}

/// An officer signs a call of the office.
fn sign(ledger: &mut Ledger, officer: Account, call: &RuntimeCall) -> Applied {
    let others: Vec<_> = OFFICERS.into_iter().filter(|other| *other != officer).collect();
    sign_with(ledger, officer, &others, call)
}

fn sign_at(
    ledger: &mut Ledger,
    signer: Account,
    others: &[Account],
    maybe_timepoint: Option<Timepoint<u32>>,
    call: &RuntimeCall,
) -> Applied {
    let signature = pallet_multisig::Call::as_multi {
        threshold: THRESHOLD,
        other_signatories: others.iter().copied().map(AccountId::from).collect(),
        maybe_timepoint,
        call: Box::new(call.clone()),
        max_weight: call.get_dispatch_info().call_weight,
    };
    ledger.sandbox.transact(signer, RuntimeCall::Multisig(signature))
}

/// Since when a call of an account with several keys waits for signatures, if it does.
fn waits_since(
    ledger: &mut Ledger,
    account: Account,
    call: &RuntimeCall,
) -> Option<Timepoint<u32>> {
    let hash = blake2_256(&call.encode());
    let waiting = || Multisigs::<Runtime>::get(AccountId::from(account), hash);
    ledger.sandbox.state(waiting).map(|waiting| waiting.when)
}

/// Two officers have the office call a message, which succeeds.
#[track_caller]
fn acts(ledger: &mut Ledger, contract: &str, label: &str, arguments: &impl Encode) -> Applied {
    let call = ledger.contract(contract).transaction(label, arguments);
    let first = sign(ledger, OFFICERS[2], &call);
    assert_eq!((first.result, first.executed), (Ok(()), None), "{contract}.{label}");
    let second = sign(ledger, OFFICERS[0], &call);
    assert_eq!(second.executed, Some(Ok(())), "{contract}.{label}");
    second
}

/// The office takes over from the regulator that it was made for.
fn in_office() -> Ledger {
    let mut ledger = deployed();
    acts(&mut ledger, "participants", participants::REGISTER, &[office()[0]; 32]);
    ledger.approve(office(), role::AUDITOR);
    ledger.done(REGULATOR, "participants", governance::PROPOSE_HANDOVER, &office());
    ledger.sandbox.advance(DELAY);
    let accepted = acts(&mut ledger, "participants", governance::ACCEPT_HANDOVER, &());
    assert_eq!(ledger.names(&accepted.events), ["HandoverAccepted", "RolesSet", "RolesSet"]);
    ledger
}

fn administrator(ledger: &mut Ledger) -> Account {
    let state: governance::State<Account> =
        ledger.view("participants", governance::GOVERNANCE, &());
    state.administrator
}

fn roles(ledger: &mut Ledger, account: Account) -> u16 {
    let participant: Option<Participant> =
        ledger.view("participants", participants::PARTICIPANT, &account);
    participant.expect("he registered").roles
}

/// All these calls in one transaction, or none of them.
fn batch_all(calls: Vec<RuntimeCall>) -> RuntimeCall {
    RuntimeCall::Utility(pallet_utility::Call::batch_all { calls })
}

/// The approval of one who registered as [`Ledger::admit`] has it.
fn approval(ledger: &Ledger, account: Account) -> RuntimeCall {
    let approval = (account, role::TRADER, [account[0]; 32]);
    ledger.participants.transaction(participants::APPROVE, &approval)
}

#[test]
fn two_of_three_keys_take_an_office_over_and_act_in_it() {
    let mut ledger = in_office();
    assert_eq!(administrator(&mut ledger), office());
    assert_eq!(roles(&mut ledger, office()), role::AUDITOR | role::REGULATOR);
    let approval = (APPLICANT, role::TRADER, [APPLICANT[0]; 32]);
    ledger.refused(REGULATOR, "participants", participants::APPROVE, &approval, "NotRegulator");

    let approved = acts(&mut ledger, "participants", participants::APPROVE, &approval);
    assert_eq!(ledger.names(&approved.events), ["Approved"]);
    assert_eq!(roles(&mut ledger, APPLICANT), role::TRADER);
}

#[test]
fn one_key_of_an_office_does_nothing_alone() {
    let mut ledger = in_office();
    let approval = (APPLICANT, role::TRADER, [APPLICANT[0]; 32]);
    // By himself an officer is nobody.
    let [first, second, third] = OFFICERS;
    ledger.refused(first, "participants", participants::APPROVE, &approval, "NotRegulator");

    let before = ledger.root();
    let call = ledger.participants.transaction(participants::APPROVE, &approval);
    let signed = sign(&mut ledger, first, &call);
    assert_eq!((signed.result, signed.executed), (Ok(()), None));
    // Nor is his second signature that of another.
    let again = sign(&mut ledger, first, &call);
    assert_eq!((again.result, again.executed), (Err(Refused::AlreadyApproved.into()), None));
    // And another's signature is of another call if a single argument is another.
    let other = (APPLICANT, role::PROVIDER, [APPLICANT[0]; 32]);
    let other = ledger.participants.transaction(participants::APPROVE, &other);
    assert_eq!(sign(&mut ledger, second, &other).executed, None);
    assert_eq!(ledger.root(), before);

    assert_eq!(sign(&mut ledger, third, &call).executed, Some(Ok(())));
    assert_eq!(roles(&mut ledger, APPLICANT), role::TRADER);
    // What was executed waits for nobody any more; what was not still does.
    assert_eq!(waits_since(&mut ledger, office(), &call), None);
    assert!(waits_since(&mut ledger, office(), &other).is_some());
}

#[test]
fn whoever_is_no_key_of_an_office_signs_for_another_account() {
    let mut ledger = in_office();
    let call = approval(&ledger, APPLICANT);
    let [first, second, third] = OFFICERS;
    sign(&mut ledger, first, &call);
    let since = waits_since(&mut ledger, office(), &call);
    let before = ledger.root();
    // There is no such call of the account that he names.
    let refused = sign_at(&mut ledger, STRANGER, &[first, second], since, &call);
    assert_eq!(
        (refused.result, refused.executed),
        (Err(Refused::UnexpectedTimepoint.into()), None)
    );
    // Nor of the one that has all three and him for keys.
    let refused = sign_at(&mut ledger, STRANGER, &[first, second, third], since, &call);
    assert_eq!(refused.result, Err(Refused::UnexpectedTimepoint.into()));

    // What he does with an officer, an account does that holds no office.
    ledger.sandbox.endow(&[account_of(&[STRANGER, first, second])]);
    sign_with(&mut ledger, STRANGER, &[first, second], &call);
    let executed = sign_with(&mut ledger, first, &[STRANGER, second], &call);
    assert_eq!((executed.result, executed.executed), (Ok(()), Some(Err(reverted()))));
    assert_eq!(ledger.root(), before);
}

#[test]
fn a_call_that_the_contract_refuses_is_spent_with_its_last_signature() {
    let mut ledger = in_office();
    let call = approval(&ledger, STRANGER);
    sign(&mut ledger, OFFICERS[0], &call);
    let before = ledger.root();
    let executed = sign(&mut ledger, OFFICERS[1], &call);
    assert_eq!((executed.result, executed.executed), (Ok(()), Some(Err(reverted()))));
    assert_eq!(ledger.root(), before);
    assert_eq!(waits_since(&mut ledger, office(), &call), None);
}

/// What an account has in native base units, free and reserved.
fn balances(ledger: &mut Ledger, account: Account) -> (u128, u128) {
    let account = AccountId::from(account);
    let read = || (Balances::free_balance(&account), Balances::reserved_balance(&account));
    ledger.sandbox.state(read)
}

#[test]
fn keys_pay_fees_the_first_a_deposit_and_the_office_what_it_stores() {
    let mut ledger = in_office();
    let [first, second, _] = OFFICERS;
    let before = [first, second, office()].map(|account| balances(&mut ledger, account));
    let call = approval(&ledger, APPLICANT);

    sign(&mut ledger, first, &call);
    let (free, reserved) = balances(&mut ledger, first);
    let base = configs::MultisigDepositBase::get();
    let deposit = base + configs::MultisigDepositFactor::get() * u128::from(THRESHOLD);
    assert_eq!((before[0].1, reserved), (0, deposit));
    assert!(free < before[0].0 - deposit, "he pays the fee besides");

    sign(&mut ledger, second, &call);
    let after = [first, second, office()].map(|account| balances(&mut ledger, account));
    assert_eq!(after.map(|(_, reserved)| reserved), [0; 3], "the deposit is free again");
    assert_eq!(after[0].0, free + deposit, "and the last to sign pays for the call");
    assert!(after[1].0 < before[1].0);
    assert!(after[2].0 < before[2].0, "the contract holds the office's money for what it stores");
}

#[test]
fn the_deposit_of_a_waiting_call_is_for_all_the_bytes_that_it_takes() {
    let key = Multisigs::<Runtime>::hashed_key_for(AccountId::from(office()), [0; 32]);
    let waiting = |signed: usize| {
        let when = Timepoint { height: 0u32, index: 0 };
        let depositor = AccountId::from(OFFICERS[0]);
        let approvals = vec![depositor.clone(); signed];
        key.len() + (when, 0u128, depositor, approvals).encoded_size()
    };
    let per_byte = MILLI_UNIT / 100;
    let bytes = |count: usize| u128::try_from(count).expect("few") * per_byte;
    assert_eq!(configs::MultisigDepositBase::get(), MILLI_UNIT + bytes(waiting(0)));
    assert_eq!(configs::MultisigDepositFactor::get(), bytes(waiting(1) - waiting(0)));
    assert_eq!(bytes(waiting(16)), bytes(waiting(0)) + 16 * configs::MultisigDepositFactor::get());
}

#[test]
fn an_office_does_several_things_with_two_signatures() {
    let mut ledger = in_office();
    ledger.done(STRANGER, "participants", participants::REGISTER, &[STRANGER[0]; 32]);
    let both = batch_all(vec![approval(&ledger, APPLICANT), approval(&ledger, STRANGER)]);
    sign(&mut ledger, OFFICERS[1], &both);
    let executed = sign(&mut ledger, OFFICERS[2], &both);
    assert_eq!(executed.executed, Some(Ok(())));
    assert_eq!(ledger.names(&executed.events), ["Approved", "Approved"]);
    for account in [APPLICANT, STRANGER] {
        assert_eq!(roles(&mut ledger, account), role::TRADER);
    }
}

/// The patient revokes a grant and denies the hospital these categories.
fn withdrawal(ledger: &Ledger, grant: u64, categories: u32) -> [RuntimeCall; 2] {
    let denial = (PATIENT, HOSPITAL, PURPOSES, categories);
    [
        ledger.consent.transaction(consent::REVOKE, &grant),
        ledger.consent.transaction(consent::DENY, &denial),
    ]
}

fn denials(ledger: &mut Ledger) -> Vec<consent::Denial> {
    ledger.view("consent", consent::DENIALS, &(PATIENT, HOSPITAL))
}

#[test]
fn a_batch_of_which_one_call_fails_does_nothing() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    // No categories to deny, and a grant that there is not: the other call alone would succeed.
    for (grant, categories) in [(number, 0), (number + 1, CATEGORIES)] {
        let withdrawal = withdrawal(&ledger, grant, categories);
        let mut backwards = withdrawal.clone();
        backwards.reverse();
        for calls in [withdrawal, backwards] {
            let before = ledger.root();
            let applied = ledger.sandbox.transact(PATIENT, batch_all(calls.into()));
            assert_eq!(applied.result, Err(reverted()));
            assert!(applied.events.is_empty(), "{:?}", applied.events);
            assert_eq!(ledger.root(), before);
        }
    }
}

#[test]
fn a_batch_revokes_and_denies_at_once() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    let withdrawal = withdrawal(&ledger, number, CATEGORIES);
    let applied = ledger.sandbox.transact(PATIENT, batch_all(withdrawal.into()));
    assert_eq!(applied.result, Ok(()));
    assert_eq!(ledger.names(&applied.events), ["Revoked", "Denied"]);
    let grant: Option<Grant> = ledger.view("consent", consent::GRANT_OF, &number);
    assert!(grant.expect("it stays on record").revoked);
    assert_eq!(denials(&mut ledger).len(), 1);
}

#[test]
fn a_batch_grants_to_two_at_once() {
    let mut ledger = Ledger::new();
    let to = |grantee| Terms { grantee, ..terms() };
    let grant = |grantee| ledger.consent.transaction(consent::GRANT, &to(grantee));
    let both = batch_all(vec![grant(HOSPITAL), grant(INSTITUTE)]);
    let applied = ledger.sandbox.transact(PATIENT, both);
    assert_eq!(applied.result, Ok(()));
    assert_eq!(ledger.names(&applied.events), ["Granted", "Granted"]);
    for (number, grantee) in [(1u64, HOSPITAL), (2, INSTITUTE)] {
        let grant: Option<Grant> = ledger.view("consent", consent::GRANT_OF, &number);
        assert_eq!(grant, Some(to(grantee).into()));
    }
}

#[test]
fn a_batch_that_is_not_all_or_nothing_keeps_what_came_before_the_failure() {
    let mut ledger = Ledger::new();
    let number = ledger.grant(terms());
    let [revocation, nothing] = withdrawal(&ledger, number, 0);
    let [_, denial] = withdrawal(&ledger, number, CATEGORIES);
    let calls = vec![revocation, nothing, denial];
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch { calls });
    let applied = ledger.sandbox.transact(PATIENT, batch);
    assert_eq!(applied.result, Ok(()), "the transaction does not say so");
    assert_eq!(ledger.names(&applied.events), ["Revoked"]);
    assert_eq!(denials(&mut ledger), []);
}
