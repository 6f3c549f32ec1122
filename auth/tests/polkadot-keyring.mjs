import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady, blake2AsHex } from '@polkadot/util-crypto';
import { u8aToHex, stringToU8a, u8aWrapBytes } from '@polkadot/util';
await cryptoWaitReady();
const { version } = JSON.parse((await import('fs')).readFileSync('node_modules/@polkadot/keyring/package.json'));
const genesis = '91b171bb158e2d3848fa23a9f1c25182fb8e20313b2c1eb49219da7a70ce90c3';
const out = { made_by: `@polkadot/keyring ${version}`, phrase_path: '//Alice', cases: [] };
for (const type of ['sr25519','ed25519','ecdsa']) {
  const kr = new Keyring({ type, ss58Format: 42 });
  const pair = kr.addFromUri('//Alice');
  const message = `consent.example:8443 wants you to sign in with your Substrate account:\n${pair.address}\n\nSign in to Assent.\n\nURI: https://consent.example:8443/\nVersion: 1\nNonce: 0123456789abcdef0123456789abcdef\nIssued At: 2026-11-28T12:00:00.000Z\nExpiration Time: 2026-11-28T12:05:00.000Z\nChain ID: polkadot:${genesis.slice(0,32)}`;
  const bare = stringToU8a(message);
  const wrapped = u8aWrapBytes(message);
  out.cases.push({ scheme: type, address: pair.address, public_key: u8aToHex(pair.publicKey), message,
    signatures: [
      { wrapped: false, typed: false, hex: u8aToHex(pair.sign(bare)) },
      { wrapped: true, typed: false, hex: u8aToHex(pair.sign(wrapped)) },
      { wrapped: true, typed: true, hex: u8aToHex(pair.sign(wrapped, { withType: true })) },
    ]});
}
console.log(JSON.stringify(out, null, 2));
