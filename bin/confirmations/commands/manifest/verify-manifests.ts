/** Verifies manifests with the verifier that merchants copy, and the keys that the API has unless others are named. */
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  ManifestError,
  type ManifestKeys,
  verifyChain,
  type VerifiedManifest,
} from "../../../../verifier/verify-manifest.mjs";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import { reach } from "../../connection/reach.ts";
import { CommandFailure, wrongLine } from "../../frame/command-failure.ts";
import { merchantIdFrom } from "../../frame/ids.ts";
import type { Session } from "../../frame/session.ts";
import { printable } from "../../show/printable.ts";

const MERCHANT_ID = /"merchantId":("(?:[^"\\]|\\.)*")/;

export async function verifyManifests(
  session: Session,
  files: readonly string[],
  keys: string | undefined,
): Promise<void> {
  const given = files.map((file) => ({
    file: readGiven(file),
    readLines: (name: string) => readFile(join(dirname(file), name)),
  }));
  const known = keys === undefined ? await publishedKeys(session, given[0]?.file) : await keysAt(session, keys);
  const manifests = await verifyChain(given, known).catch((error: unknown) => {
    if (!(error instanceof ManifestError)) throw error;
    throw new CommandFailure("refused", error.message, { cause: error });
  });
  const shown = manifests.map(({ merchantId, day, revision, sequence, totals }) => ({
    merchantId,
    day,
    revision,
    sequence,
    totals,
  }));
  session.output.show({ manifests: shown }, () => manifests.map(describe).join(""));
}

function readGiven(file: string): Buffer {
  if (existsSync(file)) return readFileSync(file);
  throw wrongLine(`There is no file ${shortly(file)}, expected a manifest-<revision>.jsonl`);
}

/** Those of the manifest's merchant: public, but the API is asked as for anything else. */
async function publishedKeys(session: Session, file: Buffer | undefined): Promise<ManifestKeys> {
  const named = MERCHANT_ID.exec(String(file))?.[1];
  if (named === undefined) throw wrongLine("The file names no merchant, expected a manifest-<revision>.jsonl");
  const merchantId = merchantIdFrom(JSON.parse(named) as string);
  const { keys } = await session.ask((client) =>
    client.GET("/v1/merchants/{merchantId}/keys", { params: { path: { merchantId } } }),
  );
  return { keys };
}

async function keysAt({ around }: Session, place: string): Promise<ManifestKeys> {
  const isUrl = /^https?:/.test(place);
  try {
    const text = isUrl ? await textAt(around.fetch, place) : readFileSync(place, "utf8");
    return JSON.parse(text) as ManifestKeys;
  } catch (cause) {
    if (cause instanceof CommandFailure) throw cause;
    const why = (cause as Error).message;
    throw wrongLine(
      `The keys at ${shortly(place)} cannot be had: ${why}; expected a file or URL of a JSON Web Key Set`,
    );
  }
}

async function textAt(fetcher: typeof fetch, url: string): Promise<string> {
  const what = `The key set at ${url}`;
  const response = await reach(fetcher, url, {}, { what, remedy: "name a file or URL with --keys" });
  if (response.ok) return response.text();
  throw new CommandFailure(
    "refused",
    `${what} cannot be had: it answered ${response.status}; name another with --keys`,
  );
}

function describe({ merchantId, day, revision, sequence, totals }: VerifiedManifest): string {
  const sums = Object.entries(totals.sums).map(
    ([currency, { total, confirmed, failed, unsettled }]) =>
      `  ${currency} ${total}: confirmed ${confirmed}, failed ${failed}, unsettled ${unsettled}\n`,
  );
  return (
    `Right: ${printable(merchantId)}, ${day}, revision ${revision}, manifest ${sequence}. ${totals.transactions} ` +
    `transactions: ${totals.confirmed} confirmed, ${totals.failed} failed, ${totals.unsettled} ` +
    `unsettled.\n${sums.join("")}`
  );
}
