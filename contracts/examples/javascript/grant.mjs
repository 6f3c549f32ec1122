// A patient's wallet: grants a hospital access to cardiology data for treatment, for 30 days and at
// most 10 times, and reads from the chain what that came to.
//
//   ASSENT_NODE_URL   the node (default ws://127.0.0.1:9944)
//   CONSENT           address of the consent contract, as in the manifest
//   CONSENT_BUNDLE    the contract's bundle (default ../../artifacts/consent.contract)
//   GRANTEE           address of the hospital, an active provider
//   SURI              secret of the patient, an active data owner (default //Bob)
//   RECORD            the record that the grant is for, in words (default all records); only a
//                     commitment to it goes on chain
//   OPENINGS          folder where the commitment's opening is kept (default openings): who hands it to
//                     the hospital shows it what the grant is about
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { commit, openingOf, reveal } from "./commitment.mjs";
import { Contract, connect, env, keyOf, print } from "./contract.mjs";

const TREATMENT = 1 << 0; // bit 0 of a mask of purposes
const CARDIOLOGY = 1 << 1; // bit 1 of a mask of categories
const DAY = 24 * 60 * 60 * 1_000;

async function main() {
  const bundle = env(
    "CONSENT_BUNDLE",
    fileURLToPath(new URL("../../artifacts/consent.contract", import.meta.url)),
  );
  const patient = keyOf(env("SURI", "//Bob"));
  const [address, grantee] = [env("CONSENT"), env("GRANTEE")];
  const [about, openings] = [process.env.RECORD, env("OPENINGS", "openings")];
  const client = await connect(env("ASSENT_NODE_URL", "ws://127.0.0.1:9944"));
  try {
    const consent = new Contract(client, address, bundle);

    // A struct is an object with the fields of the metadata; u64 and u128 are bigints, masks numbers,
    // [u8; 32] is hexadecimal, None is undefined.
    const terms = {
      owner: patient.address,
      grantee,
      purposes: TREATMENT,
      categories: CARDIOLOGY,
      from: 0n,
      until: BigInt(Date.now() + 30 * DAY),
      max_uses: 10,
      // Undefined is None: for all of them.
      record: about && commit(about, openings),
      // Everybody may read a policy: a plain hash of its text says which one was agreed to.
      policy: `0x${createHash("sha256").update("the policy's text").digest("hex")}`,
    };
    const { block, events } = await consent.call(patient, "grant", { terms });
    const granted = events.find((event) => event.type === "Granted").value;
    console.log(`Granted in block ${block.number}: ${print(granted)}`);

    const grant = await consent.view(patient.address, "grant_of", { grant: granted.grant });
    console.log(`grant_of(${granted.grant}): ${print(grant)}`);
    if (grant.record.type === "One") {
      const record = grant.record.value;
      const opening = openingOf(openings, record);
      console.log(`${opening} opens the record: ${reveal(record, opening)}`);
    }
    const head = await consent.view(patient.address, "log_head", { owner: patient.address });
    console.log(`log_head(${patient.address}): ${print(head)}`);

    // A refusal is an error of the dry run; a transaction would only say `ContractReverted`.
    const refusal = await consent.view(patient.address, "revoke", { grant: 2n ** 64n - 1n })
      .catch((error) => error);
    console.log(refusal.message);
  } finally {
    client.destroy();
  }
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
