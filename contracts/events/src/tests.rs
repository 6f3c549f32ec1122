//! Each signature topic is the hash that its event's documentation promises.

use crate::{carbon, consent, governance, market, participants, reports, rewards, token};
use ink::env::{
    hash::{Blake2x256, CryptoHash},
    Event,
};

/// Checks that the signature topic of `E` is BLAKE2b-256 of `preimage`.
fn topic<E: Event>(preimage: &str) {
    let mut expected = [0; 32];
    Blake2x256::hash(preimage.as_bytes(), &mut expected);
    assert_eq!(E::SIGNATURE_TOPIC, Some(expected), "{preimage}");
}

#[test]
fn signature_topics_hash_contract_and_event() {
    topic::<governance::Paused>("assent::governance::Paused");
    topic::<governance::Unpaused>("assent::governance::Unpaused");
    topic::<governance::HandoverProposed>("assent::governance::HandoverProposed");
    topic::<governance::HandoverCancelled>("assent::governance::HandoverCancelled");
    topic::<governance::HandoverAccepted>("assent::governance::HandoverAccepted");
    topic::<governance::UpgradeAnnounced>("assent::governance::UpgradeAnnounced");
    topic::<governance::UpgradeCancelled>("assent::governance::UpgradeCancelled");
    topic::<governance::Upgraded>("assent::governance::Upgraded");
    topic::<participants::Registered>("assent::participants::Registered");
    topic::<participants::ProfileUpdated>("assent::participants::ProfileUpdated");
    topic::<participants::Approved>("assent::participants::Approved");
    topic::<participants::RolesSet>("assent::participants::RolesSet");
    topic::<participants::Suspended>("assent::participants::Suspended");
    topic::<participants::Reinstated>("assent::participants::Reinstated");
    topic::<participants::Left>("assent::participants::Left");
    topic::<consent::Granted>("assent::consent::Granted");
    topic::<consent::Amended>("assent::consent::Amended");
    topic::<consent::Revoked>("assent::consent::Revoked");
    topic::<consent::AllRevoked>("assent::consent::AllRevoked");
    topic::<consent::Denied>("assent::consent::Denied");
    topic::<consent::DenialLifted>("assent::consent::DenialLifted");
    topic::<consent::DelegateSet>("assent::consent::DelegateSet");
    topic::<consent::DelegateRemoved>("assent::consent::DelegateRemoved");
    topic::<consent::LinkErased>("assent::consent::LinkErased");
    topic::<consent::GlassBroken>("assent::consent::GlassBroken");
    topic::<consent::GlassClosed>("assent::consent::GlassClosed");
    topic::<consent::GlassReviewed>("assent::consent::GlassReviewed");
    topic::<consent::SuspensionProposed>("assent::consent::SuspensionProposed");
    topic::<consent::AccessDecided>("assent::consent::AccessDecided");
    topic::<reports::Anchored>("assent::reports::Anchored");
    topic::<reports::Superseded>("assent::reports::Superseded");
    topic::<reports::Revoked>("assent::reports::Revoked");
    topic::<reports::Countersigned>("assent::reports::Countersigned");
    topic::<rewards::ConsentSet>("assent::rewards::ConsentSet");
    topic::<rewards::Funded>("assent::rewards::Funded");
    topic::<rewards::Refunded>("assent::rewards::Refunded");
    topic::<rewards::TariffSet>("assent::rewards::TariffSet");
    topic::<rewards::Accrued>("assent::rewards::Accrued");
    topic::<rewards::Unfunded>("assent::rewards::Unfunded");
    topic::<rewards::Withdrawn>("assent::rewards::Withdrawn");
    topic::<token::Minted>("assent::token::Minted");
    topic::<token::Burned>("assent::token::Burned");
    topic::<token::TreasurySet>("assent::token::TreasurySet");
    topic::<token::AccountFrozen>("assent::token::AccountFrozen");
    topic::<token::AccountUnfrozen>("assent::token::AccountUnfrozen");
    topic::<carbon::ClassCreated>("assent::carbon::ClassCreated");
    topic::<carbon::IssuerSet>("assent::carbon::IssuerSet");
    topic::<carbon::ProjectCreated>("assent::carbon::ProjectCreated");
    topic::<carbon::BatchCreated>("assent::carbon::BatchCreated");
    topic::<carbon::Issued>("assent::carbon::Issued");
    topic::<carbon::BatchSealed>("assent::carbon::BatchSealed");
    topic::<carbon::Transferred>("assent::carbon::Transferred");
    topic::<carbon::OperatorApproved>("assent::carbon::OperatorApproved");
    topic::<carbon::Escrowed>("assent::carbon::Escrowed");
    topic::<carbon::Released>("assent::carbon::Released");
    topic::<carbon::Delivered>("assent::carbon::Delivered");
    topic::<carbon::Retired>("assent::carbon::Retired");
    topic::<carbon::Cancelled>("assent::carbon::Cancelled");
    topic::<carbon::PenaltySet>("assent::carbon::PenaltySet");
    topic::<carbon::PeriodSet>("assent::carbon::PeriodSet");
    topic::<carbon::Allocated>("assent::carbon::Allocated");
    topic::<carbon::EmissionsReported>("assent::carbon::EmissionsReported");
    topic::<carbon::Surrendered>("assent::carbon::Surrendered");
    topic::<carbon::PeriodSettled>("assent::carbon::PeriodSettled");
    topic::<carbon::PenaltyImposed>("assent::carbon::PenaltyImposed");
    topic::<carbon::PenaltyPaid>("assent::carbon::PenaltyPaid");
    topic::<carbon::AccountFrozen>("assent::carbon::AccountFrozen");
    topic::<carbon::AccountUnfrozen>("assent::carbon::AccountUnfrozen");
    topic::<market::OrderPlaced>("assent::market::OrderPlaced");
    topic::<market::OrderUpdated>("assent::market::OrderUpdated");
    topic::<market::OrderCancelled>("assent::market::OrderCancelled");
    topic::<market::OrderExpired>("assent::market::OrderExpired");
    topic::<market::OrderFilled>("assent::market::OrderFilled");
    topic::<market::FeeSet>("assent::market::FeeSet");
    topic::<market::LimitsSet>("assent::market::LimitsSet");
}

#[test]
fn token_topics_are_those_of_psp22() {
    topic::<token::Transfer>("Transfer(Option<AccountId>,Option<AccountId>,u128)");
    topic::<token::Approval>("Approval(AccountId,AccountId,u128)");
}
