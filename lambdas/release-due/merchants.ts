/**
 * Which waiting transactions each merchant gets back now. A merchant that is paused, disabled or whose circuit is open gets none; a
 * half-open circuit gets one, for the probe; all others get credits at a rate that starts small, doubles look by look while they are
 * taken, and halves when some were turned away: no herd comes after a recovery, and a backlog drains as fast as its merchant takes it.
 * What is past its time goes out whatever the gate says, so that the worker can give it up.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import type { MerchantsTable } from "../../aws/merchants-table.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { stringOf } from "../../core/attribute-value.ts";
import { waitKeys } from "../../core/due-index.ts";
import { circuitAt, type Gate, gateUrl } from "../../core/gate.ts";
import { parseMerchant } from "../../core/merchant.ts";

export interface MerchantReleaseParts {
  readonly gates: Pick<GatesTable, "read" | "noteRelease" | "unmarkWaiting">;
  readonly waitingGates: () => Promise<ReadonlyMap<string, Gate>>;
  readonly merchants: Pick<MerchantsTable, "read">;
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number) => Promise<string[]>;
  readonly merchantShards: number;
  /** Waiting transactions that are released a second at most, for a merchant without a rate limit. */
  readonly maxReleaseRate: number;
  readonly maxOpenMs: number;
  readonly everyMs: number;
}

/** Waiting transactions a second that a merchant gets at first. */
export const FIRST_RATE = 10;
/** One look's credits are for this many looks at most: a rate is no stock. */
const MAX_LOOKS = 2;
/** Rows past their time that one look takes from a shard. */
const MAX_EXPIRED = 100;
/** Milliseconds without a note or a release after which a merchant is looked at in the first look of a run only, so once a minute. */
const QUIET_AFTER_MS = 300_000;
/** Milliseconds after which an empty backlog is forgotten: longer than the twelve hours for which a task can hold what it is to park. */
const FORGET_AFTER_MS = 46_800_000;
const MERCHANTS_A_READ = 100;
const MERCHANTS_AT_ONCE = 8;

/** @param isFirstLook of this run. @returns ids of transactions to release now, each merchant's oldest first */
export async function grantMerchants(
  parts: MerchantReleaseParts,
  now: number,
  isFirstLook: boolean,
): Promise<string[]> {
  const gates = [...(await parts.waitingGates())].filter(
    ([, gate]) => isFirstLook || now - Math.max(gate.waitingAt, gate.releasedAt) < QUIET_AFTER_MS,
  );
  const granted: string[] = [];
  for (let start = 0; start < gates.length; start += MERCHANTS_A_READ) {
    const some = gates.slice(start, start + MERCHANTS_A_READ);
    const { rows } = await parts.merchants.read(some.map(([merchantId]) => merchantId));
    for (let next = 0; next < some.length; next += MERCHANTS_AT_ONCE) {
      const grants = some
        .slice(next, next + MERCHANTS_AT_ONCE)
        .map(([merchantId, gate]) => grant(merchantId, gate, rows.get(merchantId), parts, now));
      granted.push(...(await Promise.all(grants)).flat());
    }
  }
  return granted;
}

async function grant(
  merchantId: string,
  gate: Gate,
  row: AttributeMap | undefined,
  parts: MerchantReleaseParts,
  now: number,
): Promise<string[]> {
  const { gates, dueIds, merchantShards, everyMs } = parts;
  const shards = waitKeys(merchantId, merchantShards);
  const expired = await Promise.all(shards.map((key) => dueIds(key, now, MAX_EXPIRED)));
  const rate = rateFor(gate, row, parts, now);
  const elapsedMs = now >= gate.releasedAt ? Math.min(now - gate.releasedAt, MAX_LOOKS * everyMs) : everyMs;
  const credits = rate === "one probe" ? 1 : Math.floor((rate * elapsedMs) / 1000);
  if (rate === 0) return expired.flat();
  const most = Math.max(1, credits);
  const waiting = await Promise.all(shards.map((key) => dueIds(key, Number.MAX_SAFE_INTEGER, most)));
  if (waiting.every((shard) => shard.length === 0)) {
    if (gate.waitingAt < now - FORGET_AFTER_MS) await gates.unmarkWaiting(merchantId, gate.waitingAt);
    return [];
  }
  if (credits === 0) return expired.flat();
  // Another run of this function may be at it: whoever notes it releases.
  if (rate !== "one probe" && !(await gates.noteRelease(merchantId, gate.releasedAt, rate, now))) return expired.flat();
  return [...new Set([...expired.flat(), ...inTurn(waiting).slice(0, credits)])];
}

function rateFor(
  gate: Gate,
  row: AttributeMap | undefined,
  { maxReleaseRate, maxOpenMs }: MerchantReleaseParts,
  now: number,
): number | "one probe" {
  if (gate.pausedAt !== undefined) return 0;
  const url = stringOf(row?.["confirmationUrl"]);
  if (url !== undefined && gate.disabledUrls.includes(gateUrl(url))) return 0;
  const circuit = circuitAt(gate, now, maxOpenMs);
  if (circuit === "open") return 0;
  if (circuit === "half open") return "one probe";
  const parsed = row === undefined ? undefined : parseMerchant(row);
  const limit = parsed !== undefined && "merchant" in parsed ? parsed.merchant.rateLimitPerSecond : undefined;
  const most = Math.min(limit ?? maxReleaseRate, maxReleaseRate);
  const before = gate.releaseRate;
  if (before === undefined) return Math.min(FIRST_RATE, most);
  const next = gate.turnedAwayAt > gate.releasedAt ? before / 2 : before * 2;
  return Math.min(most, Math.max(1, next));
}

/** One of each shard after the other, so that none is left behind. */
function inTurn(shards: readonly (readonly string[])[]): string[] {
  const longest = Math.max(...shards.map((shard) => shard.length));
  return Array.from({ length: longest }, (_, index) => shards.flatMap((shard) => shard.slice(index, index + 1))).flat();
}
