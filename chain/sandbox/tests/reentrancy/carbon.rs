//! A hostile contract in the place of the participants, or of the token, of the carbon contract.

use assent_sandbox::ledger::{
    AUDITOR, EMITTER, FACTORY, Hash, ISSUER, Item, Ledger, REGULATOR, SERIALS, STRANGER, TRADER,
    VERIFIER, VINTAGE,
};

use super::{asking, besiege, deploy, feint, strike, tempt};

const FULL: Hash = [0xff; 32];

#[test]
fn participants_do_not_call_back_the_carbon_contract() {
    let mut ledger = Ledger::new();
    let intruder = deploy(&mut ledger);
    let token = ledger.token.address;
    ledger.replace_carbon(intruder.address, token);
    let batch = ledger.credits(TRADER, 100);
    ledger.entrust(TRADER, FACTORY, batch, 50);
    ledger.done(FACTORY, "carbon", "escrow", &(TRADER, batch, 10u128));
    let period = ledger.period();
    ledger.allocate(period, EMITTER, 100);
    let allowances = ledger.allowances(period);
    ledger.done(EMITTER, "carbon", "transfer", &(allowances, FACTORY, 10u128));
    ledger.freeze_units(AUDITOR);
    // Which ends the period.
    tempt(&mut ledger, &intruder, "carbon");

    let failed = "ParticipantsFailed";
    let end = ledger.sandbox.now();
    let (first, last) = (SERIALS + 1, SERIALS + 2);
    let calls = [
        asking(REGULATOR, "create_class", (ISSUER, FULL), failed),
        asking(REGULATOR, "set_issuer", (2u64, TRADER), failed),
        asking(ISSUER, "create_project", (2u64, ISSUER, FULL), failed),
        asking(ISSUER, "create_batch", (1u64, first, last, VINTAGE.0, VINTAGE.1), failed),
        asking(ISSUER, "issue", (batch, TRADER, 1u128), failed),
        asking(ISSUER, "seal_batch", batch, failed),
        asking(TRADER, "transfer", (batch, FACTORY, 1u128), failed),
        asking(TRADER, "transfer_batch", (FACTORY, vec![Item { batch, amount: 1 }; 2]), failed),
        asking(FACTORY, "transfer_from", (TRADER, batch, ISSUER, 1u128), failed),
        asking(FACTORY, "escrow", (TRADER, batch, 1u128), failed),
        asking(FACTORY, "deliver", (TRADER, batch, ISSUER, 1u128), failed),
        asking(REGULATOR, "set_period", (end, end + 1, 1u128), failed),
        asking(REGULATOR, "allocate", (period, EMITTER, 1u128), failed),
        asking(VERIFIER, "report_emissions", (period, EMITTER, 1u128, FULL), failed),
        // Of one who never took part.
        asking(FACTORY, "surrender", (period, allowances, 1u128), failed),
        asking(REGULATOR, "freeze", (TRADER, FULL), failed),
        asking(REGULATOR, "unfreeze", AUDITOR, failed),
    ];
    let strikes = [
        strike("Governed::accept_handover", ()),
        strike("approve", (STRANGER, batch, 1u128)),
        feint("transfer", (batch, intruder.address, 1u128)),
        feint("freeze", (TRADER, FULL)),
        feint("release", (TRADER, batch, 1u128)),
        feint("balance_of", (batch, TRADER)),
        feint("rating", EMITTER),
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
    tempt(&mut ledger, &intruder, "carbon");

    let calls = [
        asking(EMITTER, "pay_penalty", (period, EMITTER), "TokenFailed"),
        asking(STRANGER, "pay_penalty", (period, EMITTER), "TokenFailed"),
    ];
    let strikes = [
        strike("Governed::accept_handover", ()),
        strike("settle_period", (period, FACTORY)),
        strike("approve", (STRANGER, batch, 1u128)),
        feint("pay_penalty", (period, EMITTER)),
        feint("transfer", (batch, TRADER, 1u128)),
        feint("standing", EMITTER),
    ];
    besiege(&mut ledger, &intruder, "carbon", &calls, &strikes);
}
