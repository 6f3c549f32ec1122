//! A hostile contract in the place of the participants, or of the token, of the carbon contract.

use assent_interface::{carbon, governance};
use assent_sandbox::ledger::{
    AUDITOR, EMITTER, FACTORY, Hash, ISSUER, Item, Ledger, REGULATOR, SERIALS, STRANGER, TRADER,
    VERIFIER, VINTAGE,
};

use super::{asking, besiege, deploy, feint, strike, tempt};

const FULL: Hash = [0xff; 32];

/// A period in which two emitters lack 50 units each; the first of them was told so.
fn two_in_debt(ledger: &mut Ledger) -> u64 {
    let period = ledger.period();
    for account in [EMITTER, FACTORY] {
        ledger.allocate(period, account, 100);
    }
    ledger.end_period();
    for account in [EMITTER, FACTORY] {
        ledger.report(period, account, 150);
    }
    ledger.settle_time();
    ledger.settle(period, EMITTER);
    period
}

#[test]
fn participants_do_not_call_back_the_carbon_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let token = ledger.token.address;
    ledger.replace_carbon(intruder.address, token);
    let batch = ledger.credits(TRADER, 100);
    ledger.entrust(TRADER, FACTORY, batch, 50);
    ledger.done(FACTORY, "carbon", carbon::ESCROW, &(TRADER, batch, 10u128));
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 100);
    let allowances = ledger.allowances(period);
    ledger.done(EMITTER, "carbon", carbon::TRANSFER, &(allowances, FACTORY, 10u128));
    ledger.freeze_units(AUDITOR);
    // Which ends the period.
    tempt(&mut ledger, &intruder, "carbon");

    let failed = "ParticipantsFailed";
    let end = ledger.sandbox.now();
    let (first, last) = (SERIALS + 1, SERIALS + 2);
    let calls = [
        asking(REGULATOR, carbon::CREATE_CLASS, (ISSUER, FULL), failed),
        asking(REGULATOR, carbon::SET_ISSUER, (2u64, TRADER), failed),
        asking(ISSUER, carbon::CREATE_PROJECT, (2u64, ISSUER, FULL), failed),
        asking(ISSUER, carbon::CREATE_BATCH, (1u64, first, last, VINTAGE.0, VINTAGE.1), failed),
        asking(ISSUER, carbon::ISSUE, (batch, TRADER, 1u128), failed),
        asking(ISSUER, carbon::SEAL_BATCH, batch, failed),
        asking(TRADER, carbon::TRANSFER, (batch, FACTORY, 1u128), failed),
        asking(
            TRADER,
            carbon::TRANSFER_BATCH,
            (FACTORY, vec![Item { batch, amount: 1 }; 2]),
            failed,
        ),
        asking(TRADER, carbon::APPROVE, (FACTORY, batch, 1u128), failed),
        asking(TRADER, carbon::RETIRE, (batch, 1u128, FULL, TRADER), failed),
        asking(TRADER, carbon::CANCEL, (batch, 1u128, FULL), failed),
        asking(FACTORY, carbon::TRANSFER_FROM, (TRADER, batch, ISSUER, 1u128), failed),
        asking(FACTORY, carbon::ESCROW, (TRADER, batch, 1u128), failed),
        asking(FACTORY, carbon::DELIVER, (TRADER, batch, ISSUER, 1u128), failed),
        asking(REGULATOR, carbon::SET_PERIOD, (end, end + 1, 1u128), failed),
        asking(REGULATOR, carbon::ALLOCATE, (period, EMITTER, 1u128), failed),
        asking(VERIFIER, carbon::REPORT_EMISSIONS, (period, EMITTER, 1u128, FULL), failed),
        // Of one who never took part.
        asking(FACTORY, carbon::SURRENDER, (period, allowances, 1u128), failed),
        asking(REGULATOR, carbon::FREEZE, (TRADER, FULL), failed),
        asking(REGULATOR, carbon::UNFREEZE, AUDITOR, failed),
    ];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        feint(carbon::APPROVE, (STRANGER, batch, 1u128)),
        feint(carbon::TRANSFER, (batch, intruder.address, 1u128)),
        feint(carbon::FREEZE, (TRADER, FULL)),
        feint(carbon::RELEASE, (TRADER, batch, 1u128)),
        feint(carbon::BALANCE_OF, (batch, TRADER)),
        feint(carbon::RATING, EMITTER),
    ];
    besiege(&mut ledger, &intruder, "carbon", &calls, &strikes);
}

#[test]
fn a_token_does_not_call_back_the_carbon_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let participants = ledger.participants.address;
    ledger.replace_carbon(participants, intruder.address);
    let batch = ledger.credits(TRADER, 100);
    let period = two_in_debt(&mut ledger);
    tempt(&mut ledger, &intruder, "carbon");

    let calls = [
        asking(EMITTER, carbon::PAY_PENALTY, (period, EMITTER), "TokenFailed"),
        asking(STRANGER, carbon::PAY_PENALTY, (period, EMITTER), "TokenFailed"),
    ];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        strike(carbon::SETTLE_PERIOD, (period, FACTORY)),
        strike(carbon::APPROVE, (STRANGER, batch, 1u128)),
        feint(carbon::PAY_PENALTY, (period, EMITTER)),
        feint(carbon::TRANSFER, (batch, TRADER, 1u128)),
        feint(carbon::STANDING, EMITTER),
    ];
    besiege(&mut ledger, &intruder, "carbon", &calls, &strikes);
}

/// Nor while they are asked whose key a payer has.
#[test]
fn participants_do_not_call_back_when_a_penalty_is_paid() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let token = ledger.token.address;
    ledger.replace_carbon(intruder.address, token);
    let period = two_in_debt(&mut ledger);
    let carbon = ledger.carbon.address;
    ledger.money(EMITTER, 1_000, carbon);
    tempt(&mut ledger, &intruder, "carbon");

    let calls = [asking(EMITTER, carbon::PAY_PENALTY, (period, EMITTER), "ParticipantsFailed")];
    let strikes = [
        strike(governance::ACCEPT_HANDOVER, ()),
        strike(carbon::SETTLE_PERIOD, (period, FACTORY)),
        feint(carbon::PAY_PENALTY, (period, EMITTER)),
        feint(carbon::STANDING, EMITTER),
    ];
    besiege(&mut ledger, &intruder, "carbon", &calls, &strikes);
}
