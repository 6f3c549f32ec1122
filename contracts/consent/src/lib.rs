//! Consent grants and the log of every access decision.
//!
//! Invariants: a permit implies a grant from the owner to the requester that is not revoked, in its
//! period, within its masks and not used up, with both parties admitted; every decision, also a
//! refusal, has exactly one entry in its owner's log, and each entry names the hash of the one
//! before; a grant is used as often as it permitted.
#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]
#![allow(
    clippy::too_many_arguments,
    reason = "a message has one argument for each field of its terms, so that wallets can show them"
)]

pub mod data;
pub mod errors;
pub mod log;
#[cfg(test)]
mod tests;

#[ink::contract]
mod consent {
    use crate::data::{Admission, Data, Grant, Request, Terms};
    use crate::errors::ConsentError;
    use crate::log::{LogEntry, LogHead};
    use assent_events::{role, Decision, Hash as Hash32};
    use ink::prelude::vec::Vec;

    /// Roles that may be granted access and ask for it.
    const REQUESTERS: u16 = role::PROVIDER | role::RESEARCHER;

    /// The contract's storage; the rules are in [`crate::data`] and [`crate::log`].
    #[ink(storage)]
    pub struct Consent {
        participants: AccountId,
        rewards: AccountId,
        data: Data,
    }

    impl Consent {
        /// Starts with no grant. `participants` is the contract that answers admission checks,
        /// `rewards` the one that accrues what a permitted access earns.
        #[ink(constructor)]
        pub fn new(participants: AccountId, rewards: AccountId) -> Self {
            Self { participants, rewards, data: Data::new() }
        }

        /// Grants `grantee` access to the caller's data and gives the grant's number. `purposes` and
        /// `categories` are bit masks; the grant is valid from `from` and no longer at `until` (ms
        /// since 1970), for `max_uses` permits or without limit; `record` commits to the record. The
        /// caller is an active data owner, the grantee an active provider or researcher.
        ///
        /// Events: `Granted`. Errors, first wins: `ParticipantsFailed`, `NotDataOwner`, `SelfGrant`,
        /// `EmptyMask`, `InvalidPeriod`, `ZeroUses`, `GranteeNotAdmitted`, `TooMany`.
        #[ink(message)]
        pub fn grant(
            &mut self,
            grantee: AccountId,
            purposes: u32,
            categories: u32,
            from: u64,
            until: u64,
            max_uses: Option<u32>,
            record: Hash32,
        ) -> Result<u64, ConsentError> {
            let terms = Terms {
                owner: self.env().caller(),
                grantee,
                purposes,
                categories,
                from,
                until,
                max_uses,
                record,
            };
            let admission = Admission {
                owner: self.has_role(terms.owner, role::DATA_OWNER)?,
                requester: self.has_role(grantee, REQUESTERS)?,
            };
            let now = self.env().block_timestamp();
            let event = self.data.grant(now, admission, terms)?;
            let number = event.grant;
            self.env().emit_event(event);
            Ok(number)
        }

        /// Revokes a grant for good. Its owner only, also when suspended.
        ///
        /// Events: `Revoked`. Errors, first wins: `UnknownGrant`, `NotOwner`, `AlreadyRevoked`.
        #[ink(message)]
        pub fn revoke(&mut self, grant: u64) -> Result<(), ConsentError> {
            let now = self.env().block_timestamp();
            let event = self.data.revoke(self.env().caller(), now, grant)?;
            self.env().emit_event(event);
            Ok(())
        }

        /// Asks for access to data of `owner` for one purpose and one category (indices, not
        /// masks), under a grant or, if none is named, the latest from the owner to the caller. The
        /// decision is logged either way; a permit uses the grant once and accrues the owner's
        /// reward in the same call. Anyone may ask: who is not admitted gets a refusal on record.
        ///
        /// Events: `AccessDecided`, and on a permit those of the rewards contract. Errors, first
        /// wins: `UnknownPurpose`, `UnknownCategory`, `ParticipantsFailed`, `TooMany`,
        /// `RewardsFailed`; all of them leave no trace. The reason of a refusal is the first that
        /// holds, in the order of `DenyReason`.
        #[ink(message)]
        pub fn request_access(
            &mut self,
            owner: AccountId,
            grant: Option<u64>,
            purpose: u8,
            category: u8,
        ) -> Result<Decision, ConsentError> {
            let request =
                Request { requester: self.env().caller(), owner, grant, purpose, category };
            request.check()?;
            let admission = self.admission(&request)?;
            let now = self.env().block_timestamp();
            let event = self.data.request_access(now, admission, request)?;
            let (decision, access) = (event.decision, event.access);
            self.env().emit_event(event);
            if decision == Decision::Permit {
                match assent_traits::rewards::accrue(self.rewards, owner, purpose, access) {
                    Ok(Ok(_amount)) => {}
                    Ok(Err(_)) | Err(_) => return Err(ConsentError::RewardsFailed),
                }
            }
            Ok(decision)
        }

        /// What `request_access` of `requester` would decide now, without logging it. When the
        /// participants contract gives no answer the requester counts as not admitted; a purpose or
        /// category that no mask has room for is one that was not granted. A view, open to all.
        #[ink(message)]
        pub fn is_permitted(
            &self,
            requester: AccountId,
            owner: AccountId,
            grant: Option<u64>,
            purpose: u8,
            category: u8,
        ) -> Decision {
            let request = Request { requester, owner, grant, purpose, category };
            let admission = self.admission(&request).unwrap_or_default();
            let now = self.env().block_timestamp();
            self.data.decide(now, admission, &request).0
        }

        /// A grant by number. A view, open to all.
        #[ink(message)]
        pub fn grant_of(&self, grant: u64) -> Option<Grant> {
            self.data.grant_of(grant)
        }

        /// Number of the latest grant from `owner` to `grantee`. A view, open to all.
        #[ink(message)]
        pub fn latest_grant(&self, owner: AccountId, grantee: AccountId) -> Option<u64> {
            self.data.latest_grant(owner, grantee)
        }

        /// How many entries the log of `owner` has, and the hash of the latest. A view, open to all.
        #[ink(message)]
        pub fn log_head(&self, owner: AccountId) -> LogHead {
            self.data.log().head(owner)
        }

        /// Entries of the log of `owner`, in order, from a sequence number (they count from 1): at
        /// most `limit`, and never more than 32. A view, open to all.
        #[ink(message)]
        pub fn log(&self, owner: AccountId, from_sequence: u64, limit: u32) -> Vec<LogEntry> {
            self.data.log().page(owner, from_sequence, limit)
        }

        /// The contract that answers admission checks. A view, open to all.
        #[ink(message)]
        pub fn participants(&self) -> AccountId {
            self.participants
        }

        /// The contract that accrues rewards. A view, open to all.
        #[ink(message)]
        pub fn rewards(&self) -> AccountId {
            self.rewards
        }

        fn admission(&self, request: &Request) -> Result<Admission, ConsentError> {
            Ok(Admission {
                owner: self.has_role(request.owner, role::DATA_OWNER)?,
                requester: self.has_role(request.requester, REQUESTERS)?,
            })
        }

        fn has_role(&self, account: AccountId, roles: u16) -> Result<bool, ConsentError> {
            assent_traits::participants::has_role(self.participants, account, roles)
                .map_err(|_| ConsentError::ParticipantsFailed)
        }
    }
}
