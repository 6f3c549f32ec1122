//! Who asks, and what that lets him see: what follows from the chain, as of the mirror's block.

mod seen;

use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};

use assent_auth::{Auth, KeyId, Read, Scope, Shown};
use assent_interface::role;
use assent_mirror::fold::Projection;
use axum::{
    extract::{FromRef, FromRequestParts, MatchedPath},
    http::request::Parts,
};
use sqlx::{FromRow, Postgres, postgres::PgArguments, postgres::PgRow, query::QueryAs};

pub(crate) use self::seen::seen;
use crate::{
    error::ApiError,
    state::{AppState, Snapshot, is_of_people},
    types::Account,
};

/// What an API key has to be for: to read who is admitted, and what is done with whose health data.
pub const HEALTH_READ: &str = "health:read";
/// To read what accounts own, owe and are owed, in money and in units of carbon.
pub const ACCOUNTS_READ: &str = "accounts:read";

/// Who sees all rows.
const OVERSEERS: i32 = (role::AUDITOR | role::REGULATOR) as i32;

/// Who has to do with the health data of others; of all else, whoever has a role.
const CARERS: i32 = (role::PROVIDER | role::RESEARCHER | role::RESOURCE_HOLDER) as i32;

/// The roles that make somebody a party to what others do: those that could have brought him into these rows, so that
/// whoever is suspended as a provider does not see as a trader what he was granted.
const fn party_roles(projection: Projection) -> i32 {
    match projection {
        Projection::Consent | Projection::Agreements | Projection::Reports => CARERS,
        Projection::Participants
        | Projection::Rewards
        | Projection::Token
        | Projection::Carbon
        | Projection::Market
        | Projection::Governance => role::ALL as i32,
    }
}

/// As whom a key acts at `$2`, ms since 1970. Nobody acts by a key that was replaced. Anybody may have a key act for
/// him, so that there is a limit.
const ACTS_AS: &str = "with asked as (
        select coalesce(k.subject, a.key) as account
        from (values ($1::bytea)) as a (key)
        left join participant_keys k on k.key = a.key
        where k.replaced_at_ms is null
    )
    select s.account, s.standing, p.key, coalesce(p.roles & ~p.suspended, 0) as roles
    from (
        select account, 'self' as standing from asked
        union all
        (
            select m.subject, case when m.appointed_by is null then 'staff' else 'guardian' end
            from asked a
            join mandates m on m.agent = a.account
            where m.ended_at_ms is null and m.valid_until_ms > $2
            order by m.subject
            limit 1000
        )
    ) s
    left join participants p on p.account = s.account";

/// Who asks, as far as the request tells, and what for.
#[derive(Debug)]
pub struct Asker {
    shown: Shown,
    route: MatchedPath,
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let shown = Shown::from_request_parts(parts, state).await?;
        let route = MatchedPath::from_request_parts(parts, state).await;
        Ok(Self { shown, route: route.map_err(|_| ApiError::NoRoute)? })
    }
}

/// An account as whom a key acts.
#[derive(FromRow)]
struct Acted {
    account: Account,
    standing: String,
    /// That acts for the account in place of its own.
    key: Option<Account>,
    /// Those that count.
    roles: i32,
}

/// Which rows whoever asks may see: all, or those to which one of his accounts is a party.
#[derive(Debug)]
struct Sight {
    /// The participant as whom the key acts.
    account: Account,
    /// Accounts whose own data he may see, whatever their roles: his, with the key that acts for it, and those of his
    /// wards. `None`: all.
    own: Option<Vec<Account>>,
    /// Accounts as which he has to do with the data of others, each with a role that counts there: his, and those of the
    /// organisations of whose staff he is. `None`: all.
    party: Option<Vec<Account>>,
}

impl Sight {
    async fn of(
        snapshot: &mut Snapshot,
        projection: Projection,
        key: Account,
    ) -> Result<Self, ApiError> {
        let now_ms = snapshot.as_of().block_time_ms;
        let acted: Vec<Acted> =
            sqlx::query_as(ACTS_AS).bind(key).bind(now_ms).fetch_all(snapshot.connection()).await?;
        Self::from(acted, party_roles(projection)).ok_or(ApiError::KeyReplaced)
    }

    /// For somebody who acts so, where these roles make a party; `None`: the key was replaced.
    fn from(acted: Vec<Acted>, party_roles: i32) -> Option<Self> {
        let (mut account, mut own, mut party, mut sees_all) = (None, Vec::new(), Vec::new(), false);
        for acted in acted {
            let is_himself = acted.standing == "self";
            if is_himself {
                account = Some(acted.account);
            }
            if acted.standing == "staff" || is_himself {
                sees_all |= acted.roles & OVERSEERS != 0;
                party.extend((acted.roles & party_roles != 0).then_some(acted.account));
            }
            if acted.standing != "staff" {
                own.push(acted.account);
                own.extend(acted.key);
            }
        }
        let account = account?;
        Some(Self { account, own: (!sees_all).then_some(own), party: (!sees_all).then_some(party) })
    }
}

/// A snapshot, and what of it whoever asks may see.
pub(crate) struct Private {
    snapshot: Snapshot,
    sight: Sight,
    auth: Auth,
    read: Read,
}

impl AppState {
    /// Begins to read for somebody. An error when he may not ask, and when the projection or that of participants, which
    /// says who he is, stands still; as [`Self::snapshot_of`] otherwise.
    pub(crate) async fn private(
        &self,
        projection: Projection,
        asker: &Asker,
    ) -> Result<Private, ApiError> {
        let known = self.may_ask(projection, asker).await?;
        let mut snapshot = self.snapshot_of(projection).await?;
        if !is_of_people(projection) {
            // Of the others it was asked already.
            snapshot.goes_on(Projection::Participants).await?;
        }
        self.see(snapshot, projection, asker, known).await
    }

    /// As [`Self::private`], for auditors and regulators alone, and whatever but participants stands still.
    pub(crate) async fn oversight(&self, asker: &Asker) -> Result<Private, ApiError> {
        let known = self.known(asker, HEALTH_READ).await?;
        let mut snapshot = self.snapshot().await?;
        snapshot.goes_on(Projection::Participants).await?;
        let private = self.see(snapshot, Projection::Participants, asker, known).await?;
        if private.sight.own.is_some() { Err(ApiError::RoleNeeded) } else { Ok(private) }
    }

    /// Whether somebody may ask for rows of this projection at all: the key that asks, and by which API key.
    pub(crate) async fn may_ask(
        &self,
        projection: Projection,
        asker: &Asker,
    ) -> Result<(Account, Option<KeyId>), ApiError> {
        let scope = if is_of_people(projection) { HEALTH_READ } else { ACCOUNTS_READ };
        self.known(asker, scope).await
    }

    /// The key that asks, and by which API key.
    async fn known(
        &self,
        asker: &Asker,
        scope: &str,
    ) -> Result<(Account, Option<KeyId>), ApiError> {
        let caller = Auth::from_ref(self).caller(&asker.shown).await?;
        // Each of ours is one.
        let scope: Scope = scope.parse().map_err(|_| ApiError::NoRoute)?;
        Ok((caller.account_for(&scope)?, caller.api_key()))
    }

    async fn see(
        &self,
        mut snapshot: Snapshot,
        projection: Projection,
        asker: &Asker,
        (key, api_key): (Account, Option<KeyId>),
    ) -> Result<Private, ApiError> {
        let sight = Sight::of(&mut snapshot, projection, key).await?;
        let read = Read {
            reader: key,
            reader_as: sight.account,
            api_key,
            route: asker.route.as_str().to_owned(),
            block_number: snapshot.as_of().block_number,
        };
        Ok(Private { snapshot, sight, auth: Auth::from_ref(self), read })
    }
}

impl Private {
    /// A statement in which [`seen!`] is: its first two parameters are bound.
    pub fn select<T>(&self, sql: &'static str) -> QueryAs<'static, Postgres, T, PgArguments>
    where
        T: for<'r> FromRow<'r, PgRow>,
    {
        sqlx::query_as(sql).bind(self.sight.own.clone()).bind(self.sight.party.clone())
    }

    /// Whether the data of this account are his to see: his own, or those of a ward.
    pub fn knows_own(&self, account: Account) -> bool {
        self.sight.own.as_ref().is_none_or(|own| own.contains(&account))
    }

    /// Whether what this account has to do with others is: it is his own, or of those of whose staff he is.
    pub fn knows_party(&self, account: Account) -> bool {
        self.sight.party.as_ref().is_none_or(|party| party.contains(&account))
    }

    /// Accounts whose own data he may see, and those as which he has to do with others; `None`: all.
    pub fn accounts(&self) -> (Option<Vec<Account>>, Option<Vec<Account>>) {
        (self.sight.own.clone(), self.sight.party.clone())
    }

    /// Puts on record that data of these patients were read, unless it was by themselves. Before they are shown.
    ///
    /// # Errors
    /// When it could not be recorded.
    pub async fn shows(&self, patients: impl IntoIterator<Item = Account>) -> Result<(), ApiError> {
        let others = |patient: &Account| *patient != self.sight.account;
        let patients: BTreeSet<_> = patients.into_iter().filter(others).collect();
        Ok(self.auth.record(&self.read, patients.into_iter().collect()).await?)
    }
}

impl Deref for Private {
    type Target = Snapshot;

    fn deref(&self) -> &Snapshot {
        &self.snapshot
    }
}

impl DerefMut for Private {
    fn deref_mut(&mut self) -> &mut Snapshot {
        &mut self.snapshot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: Account = Account([1; 32]);
    const OTHER: Account = Account([2; 32]);

    fn acted(account: Account, standing: &str, roles: u16) -> Acted {
        Acted { account, standing: standing.to_owned(), key: None, roles: roles.into() }
    }

    fn sight(acted: Vec<Acted>) -> (Option<Vec<Account>>, Option<Vec<Account>>) {
        let sight = Sight::from(acted, CARERS).unwrap();
        (sight.own, sight.party)
    }

    #[test]
    fn whoever_has_no_role_that_counts_sees_his_own_data_alone() {
        assert_eq!(sight(vec![acted(ME, "self", 0)]), (Some(vec![ME]), Some(vec![])));
        let provider = vec![acted(ME, "self", role::PROVIDER)];
        assert_eq!(sight(provider), (Some(vec![ME]), Some(vec![ME])));
    }

    #[test]
    fn staff_is_a_party_where_its_organisation_is_and_a_guardian_sees_what_his_ward_does() {
        let staff = |roles| vec![acted(ME, "self", 0), acted(OTHER, "staff", roles)];
        assert_eq!(sight(staff(role::PROVIDER)), (Some(vec![ME]), Some(vec![OTHER])));
        // The organisation is suspended, as that or altogether.
        for roles in [0, role::TRADER | role::DATA_OWNER] {
            assert_eq!(sight(staff(roles)), (Some(vec![ME]), Some(vec![])));
        }
        let ward = vec![acted(ME, "self", 0), acted(OTHER, "guardian", role::DATA_OWNER)];
        assert_eq!(sight(ward), (Some(vec![ME, OTHER]), Some(vec![])));
    }

    #[test]
    fn auditors_and_regulators_and_their_staff_see_all_and_their_guardians_do_not() {
        for role in [role::AUDITOR, role::REGULATOR] {
            assert_eq!(sight(vec![acted(ME, "self", role)]), (None, None));
            let of = |standing| vec![acted(ME, "self", 0), acted(OTHER, standing, role)];
            assert_eq!(sight(of("staff")), (None, None));
            assert_ne!(sight(of("guardian")).0, None);
        }
    }

    #[test]
    fn a_key_that_was_replaced_acts_for_nobody() {
        assert!(Sight::from(vec![], CARERS).is_none());
    }
}
