// An ink! contract behind pallet-contracts, through polkadot-api and the contract's .contract bundle:
// nothing is generated beforehand.
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { createClient } from "polkadot-api";
import { getInkClient } from "polkadot-api/ink";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsProvider } from "polkadot-api/ws";
import { sr25519CreateDerive } from "@polkadot-labs/hdkd";
import { DEV_PHRASE, mnemonicToMiniSecret, ss58Address } from "@polkadot-labs/hdkd-helpers";
import WebSocket from "ws";

// Node.js 18 has it, but not under this name; signatures need its random numbers.
globalThis.crypto ??= webcrypto;

/** How long a node may take to accept the connection, milliseconds. */
const CONNECT_TIMEOUT = 20_000;

/** What a call may use of which no dry run says what it needs; what it does not use costs nothing. */
const AMPLE = { ref_time: 50_000_000_000n, proof_size: 2_000_000n };

/** A setting from the environment. */
export const env = (name, byDefault) => {
  const value = process.env[name] ?? byDefault;
  if (!value) throw new Error(`set ${name}`);
  return value;
};

/** A connection to a node. polkadot-api tries for ever, so that this gives up in its place. */
export async function connect(url) {
  const client = createClient(getWsProvider(url, { websocketClass: WebSocket }));
  let timer;
  const late = new Promise((_, reject) => {
    const error = new Error(`no node answers at ${url}`);
    timer = setTimeout(() => reject(error), CONNECT_TIMEOUT);
  });
  try {
    await Promise.race([client.getFinalizedBlock(), late]);
    return client;
  } catch (error) {
    client.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** An sr25519 key from a phrase with or without junctions; without a phrase, of the development one. */
export function keyOf(suri) {
  const [, phrase, path] = /^([^/]*)(.*)$/.exec(suri);
  const seed = mnemonicToMiniSecret(phrase.trim() || DEV_PHRASE);
  const pair = sr25519CreateDerive(seed)(path);
  return {
    address: ss58Address(pair.publicKey, 42),
    signer: getPolkadotSigner(pair.publicKey, "Sr25519", pair.sign),
  };
}

/** The message returned an error: nothing was submitted, nothing changed. */
export class Refused extends Error {}

/** A contract at an address. */
export class Contract {
  constructor(client, address, bundlePath) {
    const metadata = JSON.parse(readFileSync(bundlePath, "utf8"));
    this.name = metadata.contract.name;
    this.address = address;
    // Unsafe only in that it is not checked against types of a chain that were generated before.
    this.api = client.getUnsafeApi();
    this.ink = getInkClient({ metadata });
  }

  /** What `message` returns to `origin` at the finalized block, and what it would cost. */
  async dryRun(origin, message, args = {}) {
    const codec = this.ink.message(message);
    const data = codec.encode(args);
    const run = await this.api.apis.ContractsApi.call(
      origin, this.address, 0n, undefined, undefined, data,
    );
    const what = `${this.name}.${message}`;
    if (!run.result.success) {
      throw new Error(`${what} does not run: ${print(run.result.value)}`);
    }
    // Two layers: ink!'s own, which fails when the contract cannot read the call, and the message's.
    const { success, value } = codec.decode(run.result.value);
    if (!success) {
      throw new Error(`${what} is not understood: ${print(value)}`);
    }
    // Bit 0: the contract undoes what it did, because it returns an error.
    if ((run.result.value.flags & 1) === 1) {
      throw new Refused(`${what} refuses: ${value.value.type}`);
    }
    return { value, data, run };
  }

  /** Asks a view. */
  async view(origin, message, args) {
    return (await this.dryRun(origin, message, args)).value;
  }

  /** Calls a message: dry run, transaction, finality. Gives the events that this contract emitted. */
  async call(key, message, args) {
    const { data, run } = await this.dryRun(key.address, message, args);
    const { ref_time, proof_size } = run.gas_required;
    const { type, value } = run.storage_deposit;
    // The state may move a little before the transaction is in a block.
    const gas = { ref_time: more(ref_time), proof_size: more(proof_size) };
    const tx = this.transaction(data, gas, type === "Charge" ? more(value) : 0n);
    const done = await tx.signAndSubmit(key.signer);
    if (!done.ok) {
      throw new Error(`${this.name}.${message} failed on chain: ${print(done.dispatchError)}`);
    }
    return { block: done.block, events: this.emitted(done) };
  }

  /** A call of a message for `together`. It may build on those before it, so there is no dry run. */
  part(message, args = {}) {
    const data = this.ink.message(message).encode(args);
    return this.transaction(data, AMPLE, undefined).decodedCall;
  }

  /** The events that this contract emitted in a transaction. */
  emitted(done) {
    return this.ink.event.filter(this.address, done.events);
  }

  transaction(data, gas_limit, storage_deposit_limit) {
    const dest = { type: "Id", value: this.address };
    return this.api.tx.Contracts.call({ dest, value: 0n, gas_limit, storage_deposit_limit, data });
  }
}

/** Signs several calls as one transaction, of which all happen or none, and waits for finality. */
export async function together(client, key, parts) {
  const tx = client.getUnsafeApi().tx.Utility.batch_all({ calls: parts });
  const done = await tx.signAndSubmit(key.signer);
  if (!done.ok) {
    throw new Error(`nothing of it happened: ${print(done.dispatchError)}`);
  }
  return done;
}

/** A tenth more. */
const more = (n) => n + n / 10n;

/** JSON in which integers wider than 53 bits are strings. */
export const print = (value) =>
  JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v));
