//! What the model says of participants, their mandates and keys, and reports.

use assent_events::AccountId;
use assent_mirror::fold::participants::{
    Ending, Guardianship, Mandate, Participant, ParticipantKey, Succession,
};
use assent_mirror::fold::reports::{Audit, Report};
use assent_model::{Account, KeyEvent, Keyed, World};

use super::compare::Modelled;
use super::values::{big, ms, only_if};

impl Modelled for Participant {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.participants.participants.get(&self.account.0)?;
        Some(Self {
            profile: model.profile,
            confirmed: model.confirmed,
            roles: model.roles.into(),
            suspended: model.suspended.into(),
            suspension_reason: only_if(model.suspended != 0, self.suspension_reason),
            guardianship: model.guardianship.into(),
            key: model.key.map(AccountId),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.participants.participants.keys().map(|account| ((*account).into(),)).collect()
    }
}

impl Modelled for Guardianship {
    fn expected(&self, world: &World) -> Option<Self> {
        let last = i64::from(world.participants.guardianship(&self.ward.0));
        (1..=last).contains(&self.guardianship).then(|| self.clone())
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let wards = world.participants.participants.iter();
        wards
            .flat_map(|(ward, model)| {
                (1..=model.guardianship).map(|guardianship| ((*ward).into(), guardianship.into()))
            })
            .collect()
    }
}

impl Modelled for Mandate {
    fn expected(&self, world: &World) -> Option<Self> {
        let pair = (self.subject.0, self.agent.0);
        let acts = world.participants.mandated.iter().rev();
        let mut acts = acts.filter(|act| (act.subject, act.agent) == pair);
        let last = acts.next()?;
        // The contract forgets what is ended.
        let (given, ended) = match last.mandate {
            Some(_) => (last, None),
            None => (acts.next()?, Some(last)),
        };
        let mandate = given.mandate?;
        Some(Self {
            powers: mandate.powers.into(),
            valid_until_ms: big(mandate.until),
            person: mandate.person,
            appointed_by: mandate.appointed_by.map(Into::into),
            admitted_at_ms: big(given.at),
            ended_at_ms: ms(ended.map(|act| act.at)),
            ended_by: ended.map(|act| act.by.into()),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let acts = world.participants.mandated.iter();
        acts.map(|act| (act.subject.into(), act.agent.into())).collect()
    }
}

/// The keys of somebody that accepted, in order, each with the time.
fn accepted(world: &World, subject: Account) -> Vec<(Account, u64)> {
    let keyed = world.participants.keyed.iter();
    let accepted = keyed.filter(|it| it.subject == subject && it.event == KeyEvent::Accepted);
    accepted.map(|it| (it.to, it.at)).collect()
}

impl Modelled for ParticipantKey {
    fn expected(&self, world: &World) -> Option<Self> {
        let (key, subject) = (self.key.0, self.subject.0);
        let keys = accepted(world, subject);
        let place = keys.iter().position(|(of, _)| *of == key);
        // The first one is the own account, once it was replaced.
        let (accepted_at, next) = match place {
            Some(place) => (Some(keys.get(place)?.1), keys.get(place + 1)),
            None if key == subject => (None, Some(keys.first()?)),
            None => return None,
        };
        Some(Self {
            accepted_at_ms: ms(accepted_at),
            replaced_at_ms: ms(next.map(|(_, at)| *at)),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let keyed = world.participants.keyed.iter();
        let accepted = keyed.filter(|it| it.event == KeyEvent::Accepted);
        accepted.flat_map(|it| [(it.subject.into(),), (it.to.into(),)]).collect()
    }
}

impl Modelled for Succession {
    fn expected(&self, world: &World) -> Option<Self> {
        let keyed = world.participants.keyed.iter();
        let told: Vec<&Keyed> = keyed.filter(|it| it.subject == self.subject.0).collect();
        let names = |it: &&Keyed| matches!(it.event, KeyEvent::Named | KeyEvent::Proposed);
        let from = told.iter().rposition(names)?;
        let (named, later) = told.get(from..)?.split_first()?;
        let last = |event| later.iter().rfind(|it| it.event == event);
        let objected = last(KeyEvent::Objected);
        let confirmed = last(KeyEvent::Confirmed);
        let ended = [
            (KeyEvent::Accepted, Ending::Accepted),
            (KeyEvent::Cancelled, Ending::Cancelled),
            (KeyEvent::Rejected, Ending::Rejected),
        ];
        let ended = ended.into_iter().find_map(|(event, ending)| Some((last(event)?, ending)));
        let proposed = named.event == KeyEvent::Proposed;
        // The contract forgets what came to an end.
        let open = world.participants.successions.get(&self.subject.0);
        if ended.is_some() == open.is_some() {
            return None;
        }
        let times =
            open.map_or((self.not_before_ms, self.until_ms), |it| (it.not_before, it.until));
        Some(Self {
            successor: named.to.into(),
            proposed_by: proposed.then(|| named.by.into()),
            evidence: only_if(proposed, self.evidence),
            named_at_ms: big(named.at),
            not_before_ms: times.0,
            until_ms: times.1,
            objected_at_ms: ms(objected.map(|it| it.at)),
            confirmed_at_ms: ms(confirmed.map(|it| it.at)),
            confirmed_by: confirmed.map(|it| it.by.into()),
            ended_at_ms: ms(ended.map(|(it, _)| it.at)),
            ending: ended.map(|(_, ending)| ending),
            rejected_by: last(KeyEvent::Rejected).map(|it| it.by.into()),
            ..self.clone()
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.participants.keyed.iter().map(|it| (it.subject.into(),)).collect()
    }
}

impl Modelled for Report {
    fn expected(&self, world: &World) -> Option<Self> {
        let sequence = u32::try_from(self.sequence).ok()?;
        let reports = &world.reports;
        let series = (self.owner.0, self.series);
        let model = reports.version(&series, sequence)?;
        let signed_by = |party: Option<_>| {
            reports.signed_by.get(&(series, sequence, party?)).map(|deed| deed.by.into())
        };
        let revoked_by = reports.revoked_by.get(&(series, sequence));
        Some(Self {
            owner: model.owner.into(),
            series: self.series,
            sequence: model.sequence.into(),
            previous: model.previous,
            head: model.head,
            root: model.root,
            chunks: model.chunks,
            byte_length: model.byte_length,
            metadata: model.metadata,
            patient: model.patient.map(Into::into),
            doctor: model.doctor.into(),
            anchored_by: reports.anchored_by.get(&(series, sequence))?.by.into(),
            at_ms: big(model.at),
            patient_signed_at_ms: ms(model.patient_signed),
            patient_signed_by: signed_by(model.patient),
            doctor_signed_at_ms: ms(model.doctor_signed),
            doctor_signed_by: signed_by(Some(model.doctor)),
            superseded_by: model.superseded_by.map(i64::from),
            revoked_at_ms: ms(model.revoked),
            revoked_by: revoked_by.map(|deed| deed.by.into()),
            revocation_reason: only_if(model.revoked.is_some(), self.revocation_reason),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        let series = world.reports.series.iter();
        series
            .flat_map(|((owner, series), versions)| {
                versions.iter().map(|v| ((*owner).into(), *series, v.sequence.into()))
            })
            .collect()
    }
}

impl Modelled for Audit {
    fn expected(&self, world: &World) -> Option<Self> {
        let model = world.reports.audits.get(&u64::try_from(self.audit).ok()?)?;
        let result = model.result;
        Some(Self {
            audit: self.audit,
            owner: model.owner.into(),
            series: model.series,
            sequence: model.sequence.into(),
            auditor: model.auditor.into(),
            commitment: model.commitment,
            challenge_block: model.block.into(),
            opened_at_ms: big(model.opened),
            nonce: result.map(|result| result.nonce),
            block_hash: result.map(|result| result.block_hash),
            passed: result.map(|result| result.passed),
            evidence: result.map(|result| result.evidence),
            recorded_at_ms: ms(result.map(|result| result.at)),
            at: self.at,
        })
    }

    fn keys(world: &World) -> Vec<Self::Key> {
        world.reports.audits.keys().map(|number| (big(*number),)).collect()
    }
}
