//! The rules of report series against the plain model: random messages, the same answers, events and
//! views, and the invariants after every one.
//!
//! The random numbers start from a fixed seed, so that a failure comes again; set
//! `PROPTEST_RNG_SEED` and `PROPTEST_CASES` to look elsewhere and for longer.

use assent_events::{
    reports::{Anchored, AuditOpened, AuditRecorded, Countersigned, Revoked, Superseded},
    Party,
};
use assent_governance::Governance;
use assent_model::{
    arbitrary::{self, Mix, Moment, Subject},
    Account, Contract, Message, ReportsMessage, World,
};
use assent_traits::participants::Admission;
use ink::{
    primitives::AccountId,
    scale::{Decode, Encode},
};
use reports::audit::Finding;
use reports::data::{check_batch_size, Data, NewVersion, SCHEMA_VERSION};
use subject::{answer_with, read, Sent};

#[path = "../../governance/tests/subject/mod.rs"]
mod subject;

/// The contract without its shell, which only asks these two and the participants contract.
struct Reports {
    data: Data,
    governance: Governance,
    participants: Account,
}

impl Reports {
    fn new(world: &World) -> Self {
        let administrator = AccountId(world.setup.administrator);
        let governance = Governance::new(administrator, world.setup.times.delay).unwrap();
        let participants = world.setup.addresses.participants;
        Self { data: Data::new(world.setup.reports_domain()), governance, participants }
    }

    fn rule(&mut self, moment: Moment, message: &ReportsMessage) -> Sent {
        use ReportsMessage as M;
        if self.governance.is_paused() && !matches!(message, M::Revoke(..) | M::RecordAudit(..)) {
            return Ok(Err("Paused".into()));
        }
        let (caller, now) = (AccountId(moment.caller), moment.now);
        match message {
            M::Anchor(owner, new) => {
                let (known, owner) = (admission(moment, *owner, *owner), AccountId(*owner));
                let result = self.data.anchor(caller, now, known, owner, &version(new));
                answer_with(result, (), || anchored(moment, owner, new))
            }
            M::AnchorBatch(owner, list) => {
                let (known, owner) = (admission(moment, *owner, *owner), AccountId(*owner));
                let list: Vec<_> = list.iter().map(version).collect();
                let result = check_batch_size(&list)
                    .and_then(|()| self.data.anchor_batch(caller, now, known, owner, &list));
                let model = |new: &NewVersion| {
                    let new = assent_model::NewVersion::decode(&mut &new.encode()[..]).unwrap();
                    anchored(moment, owner, &new)
                };
                answer_with(result, (), || list.iter().map(model).collect())
            }
            M::Supersede(owner, new) => {
                let (known, owner) = (admission(moment, *owner, *owner), AccountId(*owner));
                let result = self.data.supersede(caller, now, known, owner, &version(new));
                answer_with(result, (), || {
                    let (series, by) = (new.series, new.sequence);
                    (
                        anchored(moment, owner, new),
                        Superseded { owner, series, sequence: by - 1, by },
                    )
                })
            }
            M::Revoke(owner, series, sequence, reason) => {
                let (series, sequence, reason) = (*series, *sequence, *reason);
                let for_owner = admission(moment, *owner, *owner).for_subject;
                let owner = AccountId(*owner);
                let key = (owner, series, sequence);
                let result = self.data.revoke(caller, now, for_owner, key, reason);
                let by = caller;
                answer_with(result, (), || Revoked { owner, series, sequence, reason, by, at: now })
            }
            M::Countersign(signer, owner, series, sequence, head) => {
                let (series, sequence) = (*series, *sequence);
                let (known, of) = (admission(moment, *signer, *signer), AccountId(*signer));
                let key = (AccountId(*owner), series, sequence);
                let result = self.data.countersign(caller, now, known, of, key, *head);
                answer_with(result, (), || {
                    let version =
                        moment.after.reports.version(&(*owner, series), sequence).unwrap();
                    let patient = version.patient == Some(*signer);
                    let party = if patient { Party::Patient } else { Party::Doctor };
                    Countersigned {
                        owner: AccountId(*owner),
                        series,
                        sequence,
                        party,
                        signer: of,
                        by: caller,
                        at: now,
                    }
                })
            }
            M::OpenAudit(owner, series, sequence, commitment) => {
                let key = (AccountId(*owner), *series, *sequence);
                let Some(version) = self.data.version(key) else {
                    return Ok(Err("UnknownVersion".into()));
                };
                let known = admission(moment, *owner, version.doctor.0);
                let block = moment.block;
                let result = self.data.open_audit(caller, now, block, known, key, *commitment);
                let number = moment.after.reports.audits.len() as u64;
                answer_with(result, number, || {
                    let audit = moment.after.reports.audits[&number];
                    AuditOpened {
                        audit: number,
                        owner: AccountId(audit.owner),
                        series: audit.series,
                        sequence: audit.sequence,
                        auditor: AccountId(audit.auditor),
                        commitment: audit.commitment,
                        block: audit.block,
                        at: audit.opened,
                    }
                })
            }
            M::RecordAudit(number, nonce, block_hash, passed, evidence) => {
                let finding = Finding {
                    nonce: *nonce,
                    block_hash: *block_hash,
                    passed: *passed,
                    evidence: *evidence,
                };
                let result = self.data.record_audit(caller, now, moment.block, *number, finding);
                answer_with(result, (), || {
                    let audit = moment.after.reports.audits[number];
                    let result = audit.result.unwrap();
                    AuditRecorded {
                        audit: *number,
                        auditor: AccountId(audit.auditor),
                        nonce: result.nonce,
                        block_hash: result.block_hash,
                        passed: result.passed,
                        evidence: result.evidence,
                        at: result.at,
                    }
                })
            }
        }
    }
}

/// The same in the contract's types.
fn version(new: &assent_model::NewVersion) -> NewVersion {
    read(&new.encode())
}

/// What the model's participants say of them and of who acts.
fn admission(moment: Moment, subject: Account, other: Account) -> Admission {
    let participants = &moment.before.participants;
    read(&participants.admission(moment.now, &subject, &other, &moment.key).encode())
}

/// The event that is due for it: what the model has on record.
fn anchored(moment: Moment, owner: AccountId, new: &assent_model::NewVersion) -> Anchored {
    let series = (owner.0, new.series);
    let version = moment.after.reports.version(&series, new.sequence).unwrap();
    Anchored {
        owner: AccountId(version.owner),
        series: new.series,
        sequence: version.sequence,
        previous: version.previous,
        head: version.head,
        root: version.root,
        chunks: version.chunks,
        byte_length: version.byte_length,
        metadata: version.metadata,
        patient: version.patient.map(AccountId),
        doctor: AccountId(version.doctor),
        by: AccountId(moment.caller),
        at: version.at,
    }
}

impl Subject for Reports {
    fn send(&mut self, moment: Moment, message: &Message) -> Sent {
        match message {
            Message::Reports(message) => self.rule(moment, message),
            Message::Governed(contract, message) => {
                subject::governed(&mut self.governance, *contract, moment, message, |_| true)
            }
            other => panic!("{other:?} goes elsewhere"),
        }
    }

    fn view(&self, _: &World, _: u64, label: &str, arguments: &[u8]) -> Option<Vec<u8>> {
        let data = &self.data;
        Some(match label {
            "head" => data.head(read(arguments)).encode(),
            "version" => data.version(read(arguments)).encode(),
            "history" => {
                let (owner, series, from, limit) = read(arguments);
                data.history((owner, series), from, limit).encode()
            }
            "verify_link" => {
                let (owner, series, sequence, previous, head) = read(arguments);
                data.verify_link((owner, series, sequence), previous, head).encode()
            }
            "audit" => data.audit(read(arguments)).encode(),
            "domain" => data.domain().encode(),
            "participants" => self.participants.encode(),
            "Governed::governance" => self.governance.state().encode(),
            "Governed::schema_version" => SCHEMA_VERSION.encode(),
            other => panic!("no view {other}"),
        })
    }
}

fn start() -> (Reports, World, Vec<arbitrary::Sent>) {
    let setup = arbitrary::setup();
    let prologue = arbitrary::prologue(&setup, setup.addresses.consent);
    let world = World::new(setup).unwrap();
    (Reports::new(&world), world, prologue)
}

#[test]
fn the_rules_do_what_the_model_does() {
    let mix = Mix { reports: 40, participants: 6, governed: 4, ..Mix::NONE };
    subject::agree(Contract::Reports, mix, start);
}
