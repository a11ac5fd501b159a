/**
 * A version that is `CONFIRMED` and was not delivered by this pipeline, as its merchant is cut over from an old system.
 * A new state would be called by programs that do not know it, so the row says beside its state who confirmed it:
 *
 *   shadow      the old system's by its merchant's switches; what would have been sent is here by its digest
 *   mirror      the same, and sent to its merchant's mirror; what came of that is here too
 *   elsewhere   nobody had handled it here when the old system's word came that it had confirmed it
 *
 * And of a version that is this pipeline's by the switches, once it was handled: `pinnedMode`. Whatever becomes of the
 * switches after that, it stays so. Both count for the version alone that they were written for.
 */
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../attribute-value.ts";
import { versionOf } from "../transaction.ts";
import { ATTRIBUTES } from "./attributes.ts";
import { stateOf } from "./row-state.ts";

export const CONFIRMED_BY = ["shadow", "mirror", "elsewhere"] as const;
export type ConfirmedByWhom = (typeof CONFIRMED_BY)[number];

export interface ConfirmedBy {
  readonly version: number;
  readonly by: ConfirmedByWhom;
  /** SHA-256 of the body that would have been sent, in base64url. Missing where none could be made. */
  readonly bodyDigest?: string | undefined;
  /** Why it would not have been sent: the code of a failure, or what it would have waited for. */
  readonly unsent?: string | undefined;
  /** The same for a person. */
  readonly reason?: string | undefined;
  /** What came of sending it to its merchant's mirror. */
  readonly mirror?: MirrorResult | undefined;
}

export interface MirrorResult {
  /** `delivered`, the class of a failed attempt, or `TURNED_AWAY`: nothing was called then. */
  readonly result: string;
  /** When the call began, epoch milliseconds. */
  readonly at?: number | undefined;
  readonly durationMs?: number | undefined;
  /** HTTP status, where there was one. */
  readonly status?: number | undefined;
  /** What went wrong, or why nothing was called. */
  readonly error?: string | undefined;
}

const MOST_REASON_CHARACTERS = 300;

/** Of a confirmed row, for the version that it has; undefined for one that this pipeline delivered. */
export function confirmedByOf(row: AttributeMap): ConfirmedBy | undefined {
  const kept = row[ATTRIBUTES.confirmedBy]?.M;
  if (kept === undefined || stateOf(row) !== "CONFIRMED") return undefined;
  const version = numberOf(kept["version"]);
  const by = CONFIRMED_BY.find((known) => known === stringOf(kept["by"]));
  if (by === undefined || version === undefined || version !== versionOf(row)) return undefined;
  const [bodyDigest, unsent, reason] = ["bodyDigest", "unsent", "reason"].map((name) => stringOf(kept[name]));
  return {
    version,
    by,
    ...(bodyDigest !== undefined && { bodyDigest }),
    ...(unsent !== undefined && { unsent }),
    ...(reason !== undefined && { reason }),
    ...(kept["mirror"]?.M !== undefined && { mirror: mirrorResultIn(kept["mirror"].M) }),
  };
}

function mirrorResultIn(kept: AttributeMap): MirrorResult {
  return {
    result: stringOf(kept["result"]) ?? "",
    at: numberOf(kept["at"]),
    durationMs: numberOf(kept["durationMs"]),
    status: numberOf(kept["status"]),
    error: stringOf(kept["error"]),
  };
}

function writeMirrorResult({ result, at, durationMs, status, error }: MirrorResult): AttributeValue {
  return {
    M: {
      result: { S: result },
      ...(at !== undefined && { at: { N: String(at) } }),
      ...(durationMs !== undefined && { durationMs: { N: String(durationMs) } }),
      ...(status !== undefined && { status: { N: String(status) } }),
      ...(error !== undefined && { error: { S: error.slice(0, MOST_REASON_CHARACTERS) } }),
    },
  };
}

export function writeConfirmedBy({ version, by, bodyDigest, unsent, reason, mirror }: ConfirmedBy): AttributeValue {
  return {
    M: {
      version: { N: String(version) },
      by: { S: by },
      ...(bodyDigest !== undefined && { bodyDigest: { S: bodyDigest } }),
      ...(unsent !== undefined && { unsent: { S: unsent } }),
      ...(reason !== undefined && { reason: { S: reason.slice(0, MOST_REASON_CHARACTERS) } }),
      ...(mirror !== undefined && { mirror: writeMirrorResult(mirror) }),
    },
  };
}

/** Whether this pipeline has begun to confirm the version, as far as the row says so on its own. */
export function isPinnedLive(row: AttributeMap, version: number): boolean {
  const kept = row[ATTRIBUTES.pinnedMode]?.M;
  return kept !== undefined && numberOf(kept["version"]) === version && stringOf(kept["mode"]) === "live";
}

export function pinnedLive(version: number): AttributeValue {
  return { M: { version: { N: String(version) }, mode: { S: "live" } } };
}
