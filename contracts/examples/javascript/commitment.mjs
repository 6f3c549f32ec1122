// Salted commitments. A commitment is SHA-256(salt || text), with 32 random bytes as the salt: it says
// nothing about the text, also to somebody who guesses it. The salt and the text are its opening.
// Whoever has them can show what was meant; without them nobody ever can, so they are kept before the
// commitment is used.
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const digest = (salt, text) =>
  `0x${createHash("sha256").update(salt).update(text).digest("hex")}`;

/** Where `commit` keeps the opening of a commitment. */
export const openingOf = (folder, commitment) => join(folder, `${commitment}.json`);

/** A commitment to the text. Its opening is kept in the folder, for the user's eyes only. */
export function commit(text, folder) {
  const salt = randomBytes(32);
  const commitment = digest(salt, text);
  const opening = JSON.stringify({ salt: `0x${salt.toString("hex")}`, text });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(openingOf(folder, commitment), opening, { mode: 0o600, flag: "wx" });
  return commitment;
}

const read = (file) => {
  const { salt, text } = JSON.parse(readFileSync(file, "utf8"));
  return { text, found: digest(Buffer.from(salt.slice(2), "hex"), text) };
};

/** What an opening that was kept, or that somebody handed over, is the opening of. */
export const commitmentOf = (file) => read(file).found;

/** The text behind a commitment, by its opening. */
export function reveal(commitment, file) {
  const { text, found } = read(file);
  if (found !== commitment) throw new Error(`${file} opens ${found}, not ${commitment}`);
  return text;
}
