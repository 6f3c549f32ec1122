// A hospital's software: asks whether it may see a patient's cardiology data for treatment, which
// changes nothing, and then for access, which is decided, logged and rewarded in one transaction.
//
//   ASSENT_NODE_URL   the node (default ws://127.0.0.1:9944)
//   CONSENT           address of the consent contract, as in the manifest
//   CONSENT_BUNDLE    the contract's bundle (default ../../artifacts/consent.contract)
//   PATIENT           address of the patient
//   SURI              secret of the hospital (default //Charlie)
//   OPENING           the file with which the patient opens the commitment to the record that is asked
//                     for, if he handed it over (default: no record in particular)
import { fileURLToPath } from "node:url";
import { commitmentOf, reveal } from "./commitment.mjs";
import { Contract, connect, env, keyOf, print } from "./contract.mjs";

const TREATMENT = 0; // index of a purpose
const CARDIOLOGY = 1; // index of a category
const NO_PURPOSE = 32; // no purpose has it

async function main() {
  const bundle = env(
    "CONSENT_BUNDLE",
    fileURLToPath(new URL("../../artifacts/consent.contract", import.meta.url)),
  );
  const hospital = keyOf(env("SURI", "//Charlie"));
  const [address, owner] = [env("CONSENT"), env("PATIENT")];
  const client = await connect(env("ASSENT_NODE_URL", "ws://127.0.0.1:9944"));
  try {
    const consent = new Contract(client, address, bundle);

    // Which grant applies is for the contract to find: any that covers the request, when none is named.
    // A grant for one record covers only requests that name it.
    const opening = process.env.OPENING;
    const record = opening && commitmentOf(opening);
    // A hospital asks by its own key, as here, or by that of one of its staff.
    const requester = hospital.address;
    const wanted = {
      requester, owner, grant: undefined, record, purpose: TREATMENT, category: CARDIOLOGY,
    };
    const expected = await consent.view(hospital.address, "is_permitted", wanted);
    console.log(`is_permitted: ${print(expected)}`);

    // A refused access is no error but a decision, on record. Errors are what makes no sense: they
    // show in the dry run, and nothing is submitted.
    const nonsense = { ...wanted, purpose: NO_PURPOSE };
    const refusal = await consent.view(hospital.address, "request_access", nonsense)
      .catch((error) => error);
    console.log(refusal.message);

    const { block, events } = await consent.call(hospital, "request_access", wanted);
    const decided = events.find((event) => event.type === "AccessDecided").value;
    console.log(`Decided in block ${block.number}: ${print(decided)}`);
    const head = await consent.view(hospital.address, "log_head", { owner });
    console.log(`log_head(${owner}): ${print(head)}`);

    // What the patient showed the hospital is what he committed to on chain, or this fails.
    if (opening && decided.decision.type === "Permit" && decided.grant !== undefined) {
      const { record } = await consent.view(hospital.address, "grant_of", { grant: decided.grant });
      if (record.type === "One") {
        console.log(`Grant ${decided.grant} is about: ${reveal(record.value, opening)}`);
      }
    }
  } finally {
    client.destroy();
  }
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
