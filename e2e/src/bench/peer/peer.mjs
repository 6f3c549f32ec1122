// Reads all blocks of a range and decodes the events of some contracts, with the packages that squids
// are made with. It stores nothing. Prints how many blocks and events it saw, and how long it took.
import { readFileSync } from "node:fs";
import { Abi } from "@subsquid/ink-abi";
import { SubstrateBatchProcessor } from "@subsquid/substrate-processor";

const { url, from, to, contracts } = JSON.parse(process.argv[2]);
const abis = new Map(
  contracts.map(({ address, bundle }) => [address, new Abi(JSON.parse(readFileSync(bundle, "utf8")))]),
);
const processor = new SubstrateBatchProcessor()
  .setRpcEndpoint({ url, maxBatchCallSize: 100, capacity: 10 })
  .setBlockRange({ from, to })
  .setFields({ block: { timestamp: true }, event: { name: true, args: true, topics: true } })
  .includeAllBlocks()
  .addContractsContractEmitted({ contractAddress: [...abis.keys()] });

const began = performance.now();
let [blocks, events] = [0, 0];
const nothing = { connect: async () => ({ height: -1, hash: "0x" }), transact: async (_, write) => write({}) };
processor.run(nothing, async (batch) => {
  for (const block of batch.blocks) {
    blocks += 1;
    for (const event of block.events) {
      if (event.name !== "Contracts.ContractEmitted") continue;
      const abi = abis.get(event.args.contract);
      if (abi === undefined) continue;
      abi.decodeEvent(event.args.data, event.topics);
      events += 1;
    }
    if (block.header.height === to) {
      console.log(JSON.stringify({ blocks, events, seconds: (performance.now() - began) / 1000 }));
    }
  }
});
