//! Steps that bring a deployment into a state; each of them has to succeed.

mod agreements;
mod carbon;

use std::sync::Arc;

use assent_interface::{
    carbon::New as NewCarbon, consent, governance, market, participants, reports, rewards, token,
};
use assent_model::{blake2b, sha256};
use parity_scale_codec::Encode;

use super::{
    CARBON_TIMES, CHAIN, DELAY, HOSPITAL, Hash, INSTITUTE, LIMITS, Ledger, NewVersion, REGULATOR,
    REWARD_TIMES, TIMES, Tariff, Terms, role,
};
use crate::{Account, Contract, Emitted, Executed, Outcome};

/// What [`Ledger::suspend`] suspends: every role but that of a data owner.
pub const SUSPENDED: u16 = role::ALL & !role::DATA_OWNER;

/// Key of a value in a contract's storage: its `ManualKey`, and in a mapping the key there.
pub fn key(manual: u32, key: impl Encode) -> Vec<u8> {
    (manual, key).encode()
}

impl Ledger {
    /// Whoever administers a contract pauses it.
    #[track_caller]
    pub fn pause(&mut self, contract: &str) {
        let state: governance::State<Account> = self.view(contract, governance::GOVERNANCE, &());
        self.done(state.administrator, contract, governance::PAUSE, &());
    }

    /// An account registers, and is admitted with these roles.
    #[track_caller]
    pub fn admit(&mut self, account: Account, roles: u16) {
        self.done(account, "participants", participants::REGISTER, &[account[0]; 32]);
        self.approve(account, roles);
    }

    /// Admits an account that has registered with the profile of [`Ledger::admit`].
    #[track_caller]
    pub fn approve(&mut self, account: Account, roles: u16) {
        let approval = (account, roles, [account[0]; 32]);
        self.done(REGULATOR, "participants", participants::APPROVE, &approval);
    }

    /// Suspends a participant in every role but that of a data owner.
    #[track_caller]
    pub fn suspend(&mut self, account: Account) {
        let suspension = (account, SUSPENDED, [0x31u8; 32]);
        self.done(REGULATOR, "participants", participants::SUSPEND, &suspension);
    }

    /// Lifts what [`Ledger::suspend`] suspended.
    #[track_caller]
    pub fn reinstate(&mut self, account: Account) {
        let suspension = (account, SUSPENDED);
        self.done(REGULATOR, "participants", participants::REINSTATE, &suspension);
    }

    /// A participant gives up all his roles; a data owner cannot be suspended.
    #[track_caller]
    pub fn leave(&mut self, account: Account) {
        self.done(account, "participants", participants::LEAVE, &());
    }

    /// Replaces the roles of a participant.
    #[track_caller]
    pub fn set_roles(&mut self, account: Account, roles: u16) {
        self.done(REGULATOR, "participants", participants::SET_ROLES, &(account, roles));
    }

    /// The owner grants; gives the grant's number.
    #[track_caller]
    pub fn grant(&mut self, terms: Terms) -> u64 {
        self.done(terms.owner, "consent", consent::GRANT, &terms).value()
    }

    /// `owner` lets `delegate` act for him as far as the terms reach that [`super::terms`] gives.
    #[track_caller]
    pub fn delegate(&mut self, owner: Account, delegate: Account) {
        let Terms { purposes, categories, until, .. } = super::terms();
        let scope = (delegate, purposes, categories, until);
        self.done(owner, "consent", consent::SET_DELEGATE, &scope);
    }

    /// `provider` opens a window on `patient`; gives its number.
    #[track_caller]
    pub fn break_glass(&mut self, provider: Account, patient: Account) -> u64 {
        self.done(provider, "consent", consent::BREAK_GLASS, &(provider, patient, [0x32u8; 32]))
            .value()
    }

    /// `organisation` has `agent` act for it with these powers, for a year.
    #[track_caller]
    pub fn admit_member(&mut self, organisation: Account, agent: Account, powers: u16) {
        let until = self.sandbox.now() + 365 * 24 * 60 * 60 * 1_000;
        let member = (agent, powers, until, [0x33u8; 32]);
        self.done(organisation, "participants", participants::ADMIT_MEMBER, &member);
    }

    /// The regulator has `guardian` act for `ward`, for a year.
    #[track_caller]
    pub fn appoint_guardian(&mut self, ward: Account, guardian: Account) {
        let until = self.sandbox.now() + 365 * 24 * 60 * 60 * 1_000;
        self.appoint_guardian_until(ward, guardian, until);
    }

    /// The same, until then.
    #[track_caller]
    pub fn appoint_guardian_until(&mut self, ward: Account, guardian: Account, until: u64) {
        let appointment = (ward, guardian, until, [0x34u8; 32]);
        self.done(REGULATOR, "participants", participants::APPOINT_GUARDIAN, &appointment);
    }

    /// `subject` names [`super::KEY`], which accepts; takes [`DELAY`].
    #[track_caller]
    pub fn replace_key(&mut self, subject: Account) {
        self.hand_over(subject, subject, super::KEY);
    }

    /// The key `from` of `subject` names the key `to`, which accepts; takes [`DELAY`].
    #[track_caller]
    pub fn hand_over(&mut self, subject: Account, from: Account, to: Account) {
        self.done(from, "participants", participants::NAME_SUCCESSOR, &to);
        self.sandbox.advance(DELAY);
        self.done(to, "participants", participants::ACCEPT_SUCCESSION, &subject);
    }

    /// The regulator replaces the key of `subject` by [`super::KEY`], which waits for it to accept.
    #[track_caller]
    pub fn propose_replacement(&mut self, subject: Account) {
        let replacement = (subject, super::KEY, [0x35u8; 32]);
        self.done(REGULATOR, "participants", participants::REPLACE_KEY, &replacement);
    }

    /// The regulator dismisses a guardian.
    #[track_caller]
    pub fn dismiss_guardian(&mut self, ward: Account, guardian: Account) {
        self.done(REGULATOR, "participants", participants::END_MANDATE, &(ward, guardian));
    }

    /// `owner` wants no emergency access.
    #[track_caller]
    pub fn refuse_emergencies(&mut self, owner: Account) {
        self.done(owner, "consent", consent::REFUSE_EMERGENCIES, &());
    }

    /// `requester` asks `owner` for what the terms of [`super::terms`] grant.
    #[track_caller]
    pub fn request(&mut self, requester: Account, owner: Account) -> Executed {
        let asked = (owner, super::UNNAMED, super::TREATMENT, super::CARDIOLOGY);
        self.done(requester, "consent", consent::REQUEST_ACCESS, &(requester, asked))
    }

    /// The head of a series with this version of `owner`.
    #[must_use]
    pub fn head(&self, owner: Account, version: &NewVersion) -> Hash {
        let domain = blake2b(&(CHAIN, self.reports.address).encode());
        sha256(&(domain, owner, version).encode())
    }

    /// The version that follows one of `owner`, with the same contents.
    #[must_use]
    pub fn following(&self, owner: Account, version: &NewVersion) -> NewVersion {
        let previous = self.head(owner, version);
        NewVersion { sequence: version.sequence + 1, previous, ..*version }
    }

    /// The hospital anchors a version.
    #[track_caller]
    pub fn anchor(&mut self, version: &NewVersion) {
        self.done(HOSPITAL, "reports", reports::ANCHOR, &(HOSPITAL, *version));
    }

    /// Mints `amount` to the institute, which allows the rewards contract to take it.
    #[track_caller]
    pub fn allow(&mut self, amount: u128) {
        let rewards = self.rewards.address;
        self.money(INSTITUTE, amount, rewards);
    }

    /// Mints `amount` of the token to `account`, which allows `spender` to take that much.
    #[track_caller]
    pub fn money(&mut self, account: Account, amount: u128, spender: Account) {
        // No deployment that needs this burns: the supply only grows, and numbers the receipts.
        let supply: u128 = self.view("token", token::TOTAL_SUPPLY, &());
        let mut receipt = [0; 32];
        receipt[..16].copy_from_slice(&supply.to_le_bytes());
        self.done(REGULATOR, "token", token::MINT, &(account, amount, receipt));
        self.done(account, "token", token::APPROVE, &(spender, amount));
    }

    /// A treatment earns `amount`; takes [`DELAY`].
    #[track_caller]
    pub fn tariff(&mut self, amount: u128) {
        let tariff = Tariff { amount, required: false };
        self.done(REGULATOR, "rewards", rewards::SET_TARIFF, &(super::TREATMENT, tariff));
        self.sandbox.advance(DELAY);
    }

    /// The institute pays `amount` into the budget of the hospital, and a treatment earns `tariff`;
    /// takes [`DELAY`].
    #[track_caller]
    pub fn fund(&mut self, amount: u128, tariff: u128) {
        self.tariff(tariff);
        self.allow(amount);
        self.done(INSTITUTE, "rewards", rewards::FUND, &(HOSPITAL, amount));
    }

    /// The institute pays `amount` into the pot of treatments, which pays `cap` for a requester.
    #[track_caller]
    pub fn sponsor(&mut self, amount: u128, cap: u128) {
        let named = (super::TREATMENT, Some(INSTITUTE));
        self.done(REGULATOR, "rewards", rewards::SET_SPONSOR, &named);
        self.allow(amount);
        self.done(INSTITUTE, "rewards", rewards::SPONSOR, &(super::TREATMENT, amount, cap));
    }

    /// The market takes a fee, which the collector gets; takes [`DELAY`].
    #[track_caller]
    pub fn fee(&mut self, fee_bps: u16, collector: Account) {
        self.done(REGULATOR, "market", market::SET_FEE, &(fee_bps, collector));
        self.sandbox.advance(DELAY);
    }

    /// Announces another code for a contract and applies it; takes [`DELAY`].
    #[track_caller]
    pub fn upgrade(&mut self, contract: &str, code: Hash) {
        self.done(REGULATOR, contract, governance::ANNOUNCE_UPGRADE, &code);
        self.sandbox.advance(DELAY);
        self.done(REGULATOR, contract, governance::APPLY_UPGRADE, &());
    }

    /// Gives a contract a code that can read nothing of what it stores, so that it answers nothing; takes
    /// [`DELAY`], at the end of which something else is done before. No contract takes such a code itself.
    #[track_caller]
    pub fn silence_after<T>(&mut self, contract: &str, last: impl FnOnce(&mut Self) -> T) -> T {
        self.sandbox.advance(DELAY);
        let done = last(self);
        // Its root is longer than those of the contracts of which this is asked.
        let consent = self.consent.clone();
        let code = self.sandbox.code_hash(&consent);
        let silenced = self.contract(contract).clone();
        self.sandbox.set_code(&silenced, code);
        done
    }

    /// Deploys the consent contract anew; it asks the contracts at these addresses.
    #[track_caller]
    pub fn replace_consent(&mut self, participants: Account, rewards: Account) {
        let genesis = super::CHAIN;
        let new = consent::New { participants, rewards, times: TIMES, genesis };
        self.consent = self.another("consent", &new);
    }

    /// Deploys the rewards contract anew, with the token at this address; `consent` may accrue.
    #[track_caller]
    pub fn replace_rewards(&mut self, token: Account, consent: Account) {
        let participants = self.participants.address;
        let new = rewards::New { participants, token, times: REWARD_TIMES };
        self.rewards = self.another("rewards", &new);
        self.done(REGULATOR, "rewards", rewards::SET_CONSENT, &consent);
    }

    /// Deploys the reports contract anew; it asks the contract at this address.
    #[track_caller]
    pub fn replace_reports(&mut self, participants: Account) {
        let new = reports::New { participants, delay: DELAY, genesis: CHAIN };
        self.reports = self.another("reports", &new);
    }

    /// Deploys the carbon contract anew; it asks and pays through the contracts at these addresses.
    #[track_caller]
    pub fn replace_carbon(&mut self, participants: Account, token: Account) {
        let new = NewCarbon { participants, token, times: CARBON_TIMES };
        self.carbon = self.another("carbon", &new);
    }

    /// Deploys the market anew, with the carbon contract and the token at these addresses.
    #[track_caller]
    pub fn replace_market(&mut self, carbon: Account, token: Account) {
        let new = market::New { carbon, token, limits: LIMITS, delay: DELAY };
        self.market = self.another("market", &new);
    }

    /// Deploys another contract of the same code.
    #[track_caller]
    pub fn another(&mut self, name: &str, arguments: &impl Encode) -> Contract {
        // The address depends on the time: the one of now may be taken.
        self.sandbox.advance(1);
        let bundle = Arc::clone(&self.contract(name).bundle);
        let deployed = self.sandbox.instantiate(REGULATOR, &bundle, arguments);
        deployed.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Has the participants contract answer nothing; takes [`DELAY`].
    #[track_caller]
    pub fn silence_participants(&mut self) {
        self.silence_participants_after(|_| ());
    }

    /// The same, with something that is done at the last moment before.
    #[track_caller]
    pub fn silence_participants_after<T>(&mut self, last: impl FnOnce(&mut Self) -> T) -> T {
        self.silence_after("participants", last)
    }

    /// Calls a message that has to be refused with this error and to leave nothing.
    #[track_caller]
    pub fn refused(
        &mut self,
        caller: Account,
        contract: &str,
        label: &str,
        arguments: &impl Encode,
        error: &str,
    ) {
        let before = self.root();
        let executed = self.call(caller, contract, label, arguments);
        let refusal = Outcome::Refused(error.to_owned());
        assert_eq!(executed.outcome, refusal, "{contract}.{label}");
        assert!(executed.events.is_empty(), "{contract}.{label} left {:?}", executed.events);
        assert_eq!(self.root(), before, "{contract}.{label} changed the state");
    }

    /// Overwrites a value of a contract's storage; `key` as [`key`] makes it.
    pub fn overwrite(&mut self, contract: &str, key: &[u8], value: &impl Encode) {
        let contract = self.contract(contract).clone();
        self.sandbox.set_storage(&contract, key, &value.encode());
    }

    /// The names of the events of a call, in order.
    #[must_use]
    pub fn event_names(&self, executed: &Executed) -> Vec<String> {
        self.names(&executed.events)
    }

    /// The names of these events, in order.
    #[must_use]
    pub fn names(&self, events: &[Emitted]) -> Vec<String> {
        let name = |event: &Emitted| {
            let contracts = self.contracts();
            let contract = contracts.iter().find(|contract| contract.address == event.contract)?;
            contract.bundle.events.get(&event.topic).cloned()
        };
        events.iter().map(|event| name(event).unwrap_or_default()).collect()
    }
}
