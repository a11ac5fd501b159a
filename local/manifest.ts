/**
 * `npm run manifest -- verify <file> …`: whether manifests say what was signed, exit code 1 if not. `npm run manifest
 * -- get <merchantId> <day>` takes them from the running stack.
 */
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ManifestError, type ManifestKeys, verifyChain, type VerifiedManifest } from "../verifier/verify-manifest.mjs";
import { getManifests } from "./get-manifest.ts";
import { runCommand } from "./command-line/run-command.ts";
import { LocalError } from "./local-error.ts";
import { MANIFEST_COMMAND, parseManifestOptions } from "./manifest-options.ts";
import { readStackFile } from "./stack-file.ts";
import { errorLine } from "../core/errors/error-fields.ts";

const FETCH_TIMEOUT_MS = 10_000;

async function main(args: readonly string[]): Promise<void> {
  const { action, stateDirectory } = parseManifestOptions(args);
  if (action.kind === "get") {
    const files = await getManifests(readStackFile(stateDirectory), action.merchantId, action.day, action.directory);
    process.stdout.write(`${files.join("\n")}\n`);
    return;
  }
  const given = action.files.map((file) => ({
    file: readGiven(file),
    readLines: (name: string) => readFile(join(dirname(file), name)),
  }));
  const place = action.keys ?? keySetUrl(stateDirectory, given[0]?.file ?? "");
  const manifests = await verifyChain(given, await keysAt(place));
  process.stdout.write(manifests.map(describe).join(""));
}

function readGiven(file: string): Buffer {
  if (existsSync(file)) return readFileSync(file);
  throw new LocalError("LOCAL_OPTION_INVALID", `There is no file ${file}; expected a manifest-<revision>.jsonl.`);
}

/** Where the running stack publishes the keys of the manifest's merchant. */
function keySetUrl(stateDirectory: string, file: Buffer | string): string {
  const merchantId = /"merchantId":("(?:[^"\\]|\\.)*")/.exec(String(file))?.[1] ?? '""';
  const { outputs } = readStackFile(stateDirectory);
  return (outputs["KeySetUrl"] ?? "").replace("{merchantId}", encodeURIComponent(JSON.parse(merchantId) as string));
}

async function keysAt(place: string): Promise<ManifestKeys> {
  try {
    if (!/^https?:/.test(place)) return JSON.parse(readFileSync(place, "utf8")) as ManifestKeys;
    const response = await fetch(place, { redirect: "error", signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return (await response.json()) as ManifestKeys;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : errorLine(cause);
    throw new LocalError("LOCAL_OPTION_INVALID", `The keys at ${place} cannot be had: ${why}. Name them with --keys.`, {
      cause,
    });
  }
}

function describe({ merchantId, day, revision, sequence, totals }: VerifiedManifest): string {
  const sums = Object.entries(totals.sums).map(
    ([currency, { total, confirmed, failed, unsettled }]) =>
      `  ${currency} ${total}: confirmed ${confirmed}, failed ${failed}, unsettled ${unsettled}\n`,
  );
  return (
    `Right: ${merchantId}, ${day}, revision ${revision}, manifest ${sequence}. ${totals.transactions} ` +
    `transactions: ${totals.confirmed} confirmed, ${totals.failed} failed, ${totals.unsettled} ` +
    `unsettled.\n${sums.join("")}`
  );
}

await runCommand(MANIFEST_COMMAND, process.argv.slice(2), main, { forPerson: [ManifestError] });
