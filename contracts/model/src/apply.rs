//! Which rule a message is.

use crate::{governance::running, *};

impl World {
    /// Sends `message` at `now`, in the block of this number; on an `Err` the world is what it was.
    pub fn apply(&mut self, caller: Account, now: u64, block: u32, message: &Message) -> Reply {
        match message {
            Message::Participants(message) => self.apply_participants(caller, now, message),
            Message::Consent(message) => self.apply_consent(caller, now, message),
            Message::Rewards(message) => self.apply_rewards(caller, now, message),
            Message::Reports(message) => self.apply_reports(caller, now, block, message),
            Message::Agreements(message) => self.apply_agreements(caller, now, message),
            Message::Governed(contract, message) => {
                self.apply_governed(*contract, caller, now, message)
            }
            Message::Token(message) => self.apply_token(caller, now, message),
            Message::Carbon(message) => self.apply_carbon(caller, now, message),
            Message::Market(message) => self.apply_market(caller, now, message),
        }
    }

    fn apply_participants(
        &mut self,
        caller: Account,
        now: u64,
        message: &ParticipantsMessage,
    ) -> Reply {
        use ParticipantsMessage as M;
        match *message {
            M::Register(profile) => self.register(caller, profile),
            M::UpdateProfile(profile) => self.update_profile(caller, profile),
            M::Approve(account, roles, profile) => {
                self.approve_participant(caller, account, roles, profile)
            }
            M::ConfirmProfile(account, profile) => self.confirm_profile(caller, account, profile),
            M::SetRoles(account, roles) => self.set_roles(caller, account, roles),
            M::Suspend(account, roles, _reason) => self.suspend(caller, account, roles),
            M::Reinstate(account, roles) => self.reinstate(caller, account, roles),
            M::Leave => self.leave(caller),
            M::AdmitMember(agent, powers, until, person) => {
                self.admit_member(caller, now, agent, powers, until, person)
            }
            M::AppointGuardian(ward, guardian, until, person) => {
                self.appoint_guardian(caller, now, ward, guardian, until, person)
            }
            M::NameSuccessor(to) => self.name_successor(caller, now, to),
            M::ReplaceKey(subject, to, evidence) => {
                self.replace_key(caller, now, subject, to, evidence)
            }
            M::CancelSuccession => self.cancel_succession(caller, now),
            M::DecideReplacement(subject, to, confirmed) => {
                self.decide_replacement(caller, now, subject, to, confirmed)
            }
            M::AcceptSuccession(subject) => self.accept_succession(caller, now, subject),
            M::EndMandate(subject, agent) => self.end_mandate(caller, now, subject, agent),
        }
    }

    fn apply_consent(&mut self, caller: Account, now: u64, message: &ConsentMessage) -> Reply {
        use ConsentMessage as M;
        match *message {
            M::Grant(terms) => self.grant(caller, now, terms),
            M::GrantBatch(ref list) => self.grant_batch(caller, now, list),
            M::Amend(grant, version, amendment) => {
                self.amend(caller, now, grant, version, amendment)
            }
            M::Revoke(grant) => self.revoke_grant(caller, now, grant),
            M::RevokeAll(owner) => self.revoke_all(caller, now, owner),
            M::RevokeAllFor(owner, grantee) => self.revoke_all_for(caller, now, owner, grantee),
            M::Deny(owner, requester, purposes, categories) => {
                self.deny(caller, now, owner, requester, purposes, categories)
            }
            M::LiftDenial(owner, requester, purposes, categories) => {
                self.lift_denial(caller, now, owner, requester, purposes, categories)
            }
            M::Restrict(owner, purposes, categories, ref except) => {
                self.restrict(caller, now, owner, purposes, categories, except)
            }
            M::LiftRestriction(owner) => self.lift_restriction(caller, now, owner),
            M::RefuseEmergencies => self.refuse_emergencies(caller, now),
            M::AllowEmergencies(owner) => self.allow_emergencies(caller, now, owner),
            M::SetDelegate(delegate, purposes, categories, until) => {
                self.set_delegate(caller, now, delegate, purposes, categories, until)
            }
            M::RemoveDelegate(owner, delegate, grants) => {
                self.remove_delegate(caller, now, owner, delegate, grants)
            }
            M::EraseLink(grant) => self.erase_link(caller, now, grant),
            M::RequestAccess(requester, owner, grant, record, purpose, category) => {
                let request = Request { requester, owner, grant, record, purpose, category };
                self.request_access(caller, now, request)
            }
            M::BreakGlass(provider, patient, justification) => {
                self.break_glass(caller, now, provider, patient, justification)
            }
            M::CloseBreakGlass(window) => self.close_break_glass(caller, now, window),
            M::ReviewBreakGlass(window, outcome) => {
                self.review_break_glass(caller, now, window, outcome)
            }
            M::LiftBar(key) => self.lift_bar(caller, key),
            M::SanctionOverdue(window) => self.sanction_overdue(now, window),
        }
    }

    fn apply_rewards(&mut self, caller: Account, now: u64, message: &RewardsMessage) -> Reply {
        use RewardsMessage as M;
        match *message {
            M::SetConsent(consent) => self.set_consent(caller, consent),
            M::SetTariff(purpose, tariff) => self.set_tariff(caller, now, purpose, tariff),
            M::SetSponsor(purpose, sponsor) => self.set_sponsor(caller, purpose, sponsor),
            M::Sponsor(purpose, amount, cap) => self.sponsor(caller, purpose, amount, cap),
            M::WithdrawPot(purpose, amount) => self.withdraw_pot(caller, purpose, amount),
            M::Fund(requester, amount) => self.fund(caller, requester, amount),
            M::WithdrawBudget(amount) => self.withdraw_budget(caller, amount),
            M::Accrue(owner, requester, purpose, access) => {
                self.accrue(caller, now, owner, requester, purpose, access)
            }
            M::Withdraw => self.withdraw(caller),
            M::WithdrawTo(to) => self.withdraw_to(caller, to),
        }
    }

    fn apply_reports(
        &mut self,
        caller: Account,
        now: u64,
        block: u32,
        message: &ReportsMessage,
    ) -> Reply {
        use ReportsMessage as M;
        match *message {
            M::Anchor(owner, new) => self.anchor(caller, now, owner, new),
            M::AnchorBatch(owner, ref list) => self.anchor_batch(caller, now, owner, list),
            M::Supersede(owner, new) => self.supersede(caller, now, owner, new),
            M::Revoke(owner, series, sequence, _reason) => {
                self.revoke_version(caller, now, (owner, series), sequence)
            }
            M::Countersign(signer, owner, series, sequence, head) => {
                self.countersign(caller, now, signer, (owner, series), sequence, head)
            }
            M::OpenAudit(owner, series, sequence, commitment) => {
                self.open_audit(caller, now, block, (owner, series), sequence, commitment)
            }
            M::RecordAudit(audit, nonce, block_hash, passed, evidence) => {
                let at = now;
                let result = AuditResult { nonce, block_hash, passed, evidence, at };
                self.record_audit(caller, block, audit, result)
            }
        }
    }

    fn apply_agreements(
        &mut self,
        caller: Account,
        now: u64,
        message: &AgreementsMessage,
    ) -> Reply {
        use AgreementsMessage as M;
        match *message {
            M::Propose(terms, expires) => self.propose(caller, now, terms, expires),
            M::Withdraw(proposal) => self.withdraw_proposal(caller, now, proposal),
            M::Accept(proposal, grant) => self.accept(caller, now, proposal, grant),
            M::Decline(proposal, _reason) => self.decline(caller, now, proposal),
            M::RequestErasure(owner, requester) => {
                self.request_erasure(caller, now, owner, requester)
            }
            M::AnswerErasure(erasure, retained_until, evidence) => {
                self.answer_erasure(caller, now, erasure, retained_until, evidence)
            }
        }
    }

    fn apply_token(&mut self, caller: Account, now: u64, message: &TokenMessage) -> Reply {
        use TokenMessage as M;
        if let M::TakeOver(from) = *message {
            let key = self.participants.key_of(&from);
            running(&self.token.governance)?;
            self.token.take_over(from, key.ok_or("NotReplaced")?)?;
            return Ok(Answer::Nothing);
        }
        let token = &mut self.token;
        match *message {
            M::SetTreasury(account) => token.set_treasury(caller, now, account),
            M::TakeOver(_) => unreachable!("it is above"),
            M::Mint(to, amount, receipt) => token.mint(caller, now, to, amount, receipt),
            M::Burn(amount, receipt) => token.burn(caller, now, amount, receipt),
            M::Freeze(account, _reason) => token.freeze(caller, account),
            M::Unfreeze(account) => token.unfreeze(caller, account),
            M::Transfer(to, value, _) => token.transfer(caller, to, value),
            M::TransferFrom(from, to, value, _) => token.transfer_from(caller, from, to, value),
            M::Approve(spender, value) => token.approve(caller, spender, value),
            M::IncreaseAllowance(spender, delta) => {
                token.increase_allowance(caller, spender, delta)
            }
            M::DecreaseAllowance(spender, delta) => {
                token.decrease_allowance(caller, spender, delta)
            }
        }?;
        Ok(Answer::Nothing)
    }
}
