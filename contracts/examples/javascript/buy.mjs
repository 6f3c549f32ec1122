// A buyer's software: asks what units of an order cost, lets the market take exactly that from its
// tokens, and buys them. Units and money change hands in one transaction, or neither does.
//
//   ASSENT_NODE_URL   the node (default ws://127.0.0.1:9944)
//   MARKET, TOKEN     addresses of the two contracts, as in the manifest
//   BUNDLES           folder of the contracts' bundles (default ../../artifacts)
//   ORDER, AMOUNT     number of the order (default 1), and how many units of it: 1,000 are a credit
//                     (default 1000)
//   SURI              secret of the buyer, an active participant with tokens (default //Charlie)
import { fileURLToPath } from "node:url";
import { Contract, connect, env, keyOf, print } from "./contract.mjs";

async function main() {
  const bundles = env("BUNDLES", fileURLToPath(new URL("../../artifacts", import.meta.url)));
  const buyer = keyOf(env("SURI", "//Charlie"));
  const [order, amount] = [BigInt(env("ORDER", "1")), BigInt(env("AMOUNT", "1000"))];
  const client = await connect(env("ASSENT_NODE_URL", "ws://127.0.0.1:9944"));
  try {
    const market = new Contract(client, env("MARKET"), `${bundles}/market.contract`);
    const token = new Contract(client, env("TOKEN"), `${bundles}/token.contract`);

    // A view that may refuse: `value` is in the Ok of a Result.
    const { value: quote } = await market.view(buyer.address, "quote", { order, amount });
    console.log(`quote(${order}, ${amount}): ${print(quote)}`);

    // `approve` replaces what the market may take; what it takes comes off it.
    const approval = { spender: market.address, value: quote.payment };
    await token.call(buyer, "PSP22::approve", approval);

    // `max_total` is the most that the buyer pays, whatever the seller makes of the order meanwhile.
    const wanted = { buyer: buyer.address, order, amount, max_total: quote.payment };
    const { block, events } = await market.call(buyer, "fill", wanted);
    const filled = events.find((event) => event.type === "OrderFilled").value;
    console.log(`Bought in block ${block.number}: ${print(filled)}`);

    const left = await market.view(buyer.address, "order", { id: order });
    console.log(`order(${order}): ${print(left)}`);

    // A refusal is an error of the dry run; a transaction would only say `ContractReverted`.
    const all = { ...wanted, amount: 2n ** 128n - 1n };
    const refusal = await market.view(buyer.address, "fill", all).catch((error) => error);
    console.log(refusal.message);
  } finally {
    client.destroy();
  }
}

main().catch((error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
