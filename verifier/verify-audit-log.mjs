/**
 * Verifies the audit log: that its chain of blocks has no gap and nothing in it was changed or put elsewhere, and that
 * the log's entries are those that were chained. Depends on nothing but Node (20 and later), and shares no code with
 * whatever wrote them.
 *
 *   node verify-audit-log.mjs <directory of blocks> [<file of entries, one JSON a line>]
 *
 * Blocks are the objects below `audit-log/` of the bucket of manifests, entries the items of `GET /v1/audit-log`.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const BLOCK_NAME = /(\d{12})\.json$/;
const INSERTED = "INSERT";

/**
 * @param {object} given
 * @param {readonly { name: string, text: string }[]} given.blocks files of the chain, in any order
 * @param {readonly object[]} [given.entries] items of the log
 * @param {string} [given.from] from when on these are whole
 * @param {string} [given.to] before when they are
 */
export function verifyAuditLog({ blocks, entries, from, to }) {
  const faults = [];
  const found = (kind, what, detail) => void faults.push({ kind, what, detail });
  const sorted = blocks
    .map(({ name, text }) => ({ number: Number(BLOCK_NAME.exec(name)?.[1] ?? Number.NaN), text }))
    .filter(({ number }) => !Number.isNaN(number))
    .toSorted((one, other) => one.number - other.number);
  const chained = new Map();
  let newestAt = "";
  let before;
  for (const { number, text } of sorted) {
    const block = parsed(text);
    if (block === undefined || !Array.isArray(block.changes)) {
      found("block unreadable", number, "It is no block.");
      before = { number, text };
      continue;
    }
    if (block.number !== number)
      found("block changed", number, `It says that it is block ${block.number}: it was put in another's place.`);
    checkLink(before, { number, block }, found);
    for (const change of block.changes) note(change, chained, found);
    if (block.writtenAt > newestAt) newestAt = block.writtenAt;
    before = { number, text };
  }
  const pending = entries === undefined ? 0 : compare(entries, { chained, newestAt, from, to }, found);
  return { blocks: sorted.length, firstBlock: sorted[0]?.number, chained: chained.size, pending, faults };
}

function checkLink(before, { number, block }, found) {
  if (before === undefined) {
    if (number === 1 && block.previous !== "") found("block changed", 1, "It names one before it, and is the first.");
    return;
  }
  for (let missing = before.number + 1; missing < number; missing += 1)
    found("block missing", missing, "The chain has a gap.");
  if (number !== before.number + 1) return;
  if (block.previous !== createHash("sha256").update(before.text).digest("hex"))
    found("block changed", before.number, `It is not what block ${number} names as the one before it.`);
}

function note({ event, entry }, chained, found) {
  if (event === INSERTED) {
    if (!chained.has(entry.entryId)) chained.set(entry.entryId, entry);
    return;
  }
  const [kind, how] =
    event === "REMOVE" ? ["entry removed from the log", "removed"] : ["entry changed in the log", "changed"];
  found(kind, entry.entryId, `The log's own stream says that somebody ${how} it.`);
}

/** @returns how many entries are too new to be chained */
function compare(entries, { chained, newestAt, from, to }, found) {
  let pending = 0;
  const ids = entries.map(({ entryId }) => entryId).toSorted();
  const [first, last] = [from ?? ids[0] ?? "", to ?? ids.at(-1) ?? ""];
  const there = new Set(ids);
  for (const entry of entries) {
    const known = chained.get(entry.entryId);
    if (known === undefined) {
      if (entry.at > newestAt) pending += 1;
      else found("entry not chained", entry.entryId, "The chain does not know it: it was put into the log past it.");
    } else if (canonical(known) !== canonical(entry))
      found("entry differs", entry.entryId, `The chain has ${JSON.stringify(known)}.`);
  }
  for (const [entryId, entry] of chained) {
    const isInRange = entryId >= first && (to === undefined ? entryId <= last : entryId < last);
    if (isInRange && !there.has(entryId))
      found("entry missing", entryId, `The log does not have it. The chain has ${JSON.stringify(entry)}.`);
  }
  return pending;
}

/** Whatever the order of its members. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function main([directory, file]) {
  if (directory === undefined) {
    process.stderr.write("Expected a directory of blocks, and perhaps a file of entries, one JSON a line.\n");
    return 2;
  }
  const blocks = readdirSync(directory)
    .filter((name) => BLOCK_NAME.test(name))
    .map((name) => ({ name, text: readFileSync(join(directory, name), "utf8") }));
  const lines = file === undefined ? undefined : readFileSync(file, "utf8").split("\n");
  const entries = lines?.filter((line) => line.trim() !== "").map((line) => JSON.parse(line));
  const result = verifyAuditLog({ blocks, ...(entries !== undefined && { entries }) });
  for (const { kind, what, detail } of result.faults) process.stdout.write(`${kind}: ${what}. ${detail}\n`);
  process.stdout.write(
    `${result.faults.length === 0 ? "Right" : "Wrong"}: ${result.blocks} blocks, ${result.chained} entries in the ` +
      `chain${entries === undefined ? "" : `, ${entries.length} in the log, ${result.pending} not chained yet`}.\n`,
  );
  return result.faults.length === 0 && result.blocks > 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = main(process.argv.slice(2));
