// A patient's wallet: shows the grant that a hospital proposes, gives it and accepts the proposal, both in
// one transaction: either both happen, or nothing.
//
//   ASSENT_NODE_URL       the node (default ws://127.0.0.1:9944)
//   CONSENT, AGREEMENTS   addresses of the two contracts, as in the manifest
//   BUNDLES               folder of the contracts' bundles (default ../../artifacts)
//   PROPOSAL              number of the proposal (default 1)
//   SURI                  secret of the patient to whom it was made (default //Bob)
import { fileURLToPath } from "node:url";
import { Contract, connect, env, keyOf, print, together } from "./contract.mjs";

async function main() {
  const bundles = env("BUNDLES", fileURLToPath(new URL("../../artifacts", import.meta.url)));
  const patient = keyOf(env("SURI", "//Bob"));
  const number = BigInt(env("PROPOSAL", "1"));
  const client = await connect(env("ASSENT_NODE_URL", "ws://127.0.0.1:9944"));
  try {
    const consent = new Contract(client, env("CONSENT"), `${bundles}/consent.contract`);
    const agreements = new Contract(client, env("AGREEMENTS"), `${bundles}/agreements.contract`);

    // What a wallet puts before its user, who decides.
    const proposal = await agreements.view(patient.address, "proposal", { proposal: number });
    if (!proposal) throw new Error(`there is no proposal ${number}`);
    console.log(`proposal(${number}): ${print(proposal)}`);

    // To accept permits nothing: it takes a grant that carries the terms. Undefined is None: the newest
    // one, which is in the same transaction, but in no dry run of this call alone.
    const accepted = { proposal: number, grant: undefined };
    const refusal = await agreements.view(patient.address, "accept", accepted)
      .catch((error) => error);
    console.log(refusal.message);

    const done = await together(client, patient, [
      consent.part("grant", { terms: proposal.terms }),
      agreements.part("accept", accepted),
    ]);
    for (const event of [...consent.emitted(done), ...agreements.emitted(done)]) {
      console.log(`${event.type} in block ${done.block.number}: ${print(event.value)}`);
    }
  } finally {
    client.destroy();
  }
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
