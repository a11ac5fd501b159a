/**
 * Which waiting transactions each merchant gets back now. A merchant that is paused, disabled or whose circuit is open gets none; a
 * half-open circuit gets one, for the probe; all others get credits at a rate that starts small, doubles look by look while they are
 * all used and taken, and halves when some were turned away: no herd comes after a recovery, and a backlog drains as fast as its
 * merchant takes it. All merchants together get no more than the pipeline is sized for, each its part in turn. What is past its time
 * goes out whatever the gate says, so that the worker can give it up.
 */
import type { GatesTable } from "../../aws/gates-table.ts";
import type { MerchantsTable } from "../../aws/merchants-table.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { stringOf } from "../../core/attribute-value.ts";
import { waitKeys } from "../../core/due-index.ts";
import { circuitAt, type Gate, gateUrl } from "../../core/gate.ts";
import { parseMerchant } from "../../core/merchant.ts";
import { inTurn } from "./in-turn.ts";

export interface MerchantReleaseParts {
  readonly gates: Pick<GatesTable, "read" | "noteRelease" | "unmarkWaiting">;
  readonly waitingGates: () => Promise<ReadonlyMap<string, Gate>>;
  readonly merchants: Pick<MerchantsTable, "read">;
  readonly dueIds: (dueKey: string, dueUntil: number, limit: number) => Promise<string[]>;
  readonly merchantShards: number;
  /** Waiting transactions that are released a second at most: for one merchant without a rate limit, and for all together. */
  readonly maxReleaseRate: number;
  readonly maxOpenMs: number;
  readonly everyMs: number;
}

/** Waiting transactions a second that a merchant gets at first. */
export const FIRST_RATE = 10;
/** One look's credits are for this many looks at most: a rate is no stock. */
const MAX_LOOKS = 2;
/** Milliseconds after the last release until which its rate says something about the merchant. */
const RATE_KEPT_MS = 60_000;
/** Rows past their time that one look takes from a shard. */
const MAX_EXPIRED = 100;
/** Milliseconds without a note or a release after which a merchant is looked at in the first look of a run only, so once a minute. */
const QUIET_AFTER_MS = 300_000;
/** Milliseconds after which an empty backlog is forgotten: longer than the twelve hours for which a task can hold what it is to park. */
const FORGET_AFTER_MS = 46_800_000;
/** Merchants that one look comes to; where more wait, the next look goes on with the others. */
const MERCHANTS_A_LOOK = 1000;
const MERCHANTS_A_READ = 100;
const MERCHANTS_AT_ONCE = 16;

/** @param isFirstLook of this run. @returns ids of transactions to release now, merchants in turn, each one's oldest first */
export async function grantMerchants(
  parts: MerchantReleaseParts,
  now: number,
  isFirstLook: boolean,
): Promise<string[]> {
  const isLookedAt = ({ waitingAt, releasedAt }: Gate) =>
    isFirstLook || now - Math.max(waitingAt, releasedAt) < QUIET_AFTER_MS;
  const waiting = [...(await parts.waitingGates())].filter(([, gate]) => isLookedAt(gate));
  const gates = partOf(waiting, Math.floor(now / parts.everyMs));
  const granted: string[][] = [];
  for (let start = 0; start < gates.length; start += MERCHANTS_A_READ) {
    const some = gates.slice(start, start + MERCHANTS_A_READ);
    const { rows } = await parts.merchants.read(some.map(([merchantId]) => merchantId));
    for (let next = 0; next < some.length; next += MERCHANTS_AT_ONCE) {
      const grants = some
        .slice(next, next + MERCHANTS_AT_ONCE)
        .map(([merchantId, gate]) => grant(merchantId, gate, rows.get(merchantId), parts, now));
      granted.push(...(await Promise.all(grants)));
    }
  }
  return inTurn(granted).slice(0, Math.ceil((parts.maxReleaseRate * parts.everyMs) / 1000));
}

/** @param look counts up, look by look */
function partOf<Item>(items: readonly Item[], look: number): readonly Item[] {
  const parts = Math.max(1, Math.ceil(items.length / MERCHANTS_A_LOOK));
  const start = (look % parts) * MERCHANTS_A_LOOK;
  return items.slice(start, start + MERCHANTS_A_LOOK);
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
  const ids = inTurn(waiting).slice(0, credits);
  if (rate !== "one probe") {
    // A rate that was not used up has not been tried.
    const noted = ids.length < credits ? Math.min(rate, gate.releaseRate ?? FIRST_RATE) : rate;
    // Another run of this function may be at it: whoever notes it releases.
    if (!(await gates.noteRelease(merchantId, gate.releasedAt, noted, now))) return expired.flat();
  }
  return [...new Set([...expired.flat(), ...ids])];
}

function rateFor(
  gate: Gate,
  row: AttributeMap | undefined,
  { maxReleaseRate, maxOpenMs, everyMs }: MerchantReleaseParts,
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
  if (before === undefined || now - gate.releasedAt > RATE_KEPT_MS) return Math.min(FIRST_RATE, most);
  const next = gate.turnedAwayAt > gate.releasedAt ? before / 2 : before * 2;
  // One in two looks at least: a thousand merchants that turn away what they get must not fill the queue with it.
  return Math.min(most, Math.max(1000 / (MAX_LOOKS * everyMs), next));
}
