/**
 * One look at the due index: what is due is read, what is to become of each row is planned (`plan.ts`) and carried out: sent, given up, put in its
 * place. Where the queue does not take messages nothing more is released until the next look.
 */
import { moveStatement } from "../../aws/statements/release.ts";
import { leaveDueIndexStatement } from "../../aws/statements/repair.ts";
import type { TransactionsTable } from "../../aws/transactions-table.ts";
import { MAX_READS } from "../../aws/transactions-table.ts";
import { writeAll } from "../../aws/write-all.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { dueKeys } from "../../core/due-index.ts";
import { EVERYONE } from "../../core/gate.ts";
import { METRICS } from "../../core/names.ts";
import { REPEAT_PATIENCE_MS } from "../../core/ordering.ts";
import { idOf, messageOf } from "./due-message.ts";
import { giveUp, type GiveUpParts, setAside } from "./give-up.ts";
import { inTurn } from "./in-turn.ts";
import { grantMerchants, type MerchantReleaseParts } from "./merchants.ts";
import { type Plan, type Planned, type PlanOptions, planFor } from "./plan.ts";
import { repeatInOrder } from "./repeat-in-order.ts";
import { sendDue, type SendDueParts } from "./send-due.ts";

export interface ReleaseParts extends MerchantReleaseParts, SendDueParts, GiveUpParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly oldestMessageAgeMs: () => Promise<number>;
  /** The same of the queue for rows with an ordering key. */
  readonly oldestOrderedAgeMs: () => Promise<number>;
  readonly maxUnheard: number;
}

/** Rows that one look takes from a shard. */
const MAX_ROWS_A_SHARD = 500;

/** @param isFirstLook of this run. @returns how many were released, and whether more may be due */
export async function releaseDue(
  parts: ReleaseParts,
  isFirstLook: boolean,
): Promise<{ released: number; isMoreDue: boolean }> {
  const now = parts.now();
  if (await isEverythingPaused(parts)) return { released: 0, isMoreDue: false };
  const unordered = await releaseUnordered(parts, now, isFirstLook);
  if (!unordered.isQueueUp) return { released: unordered.released, isMoreDue: false };
  const ordered = await releaseOrdered(parts, now);
  return {
    released: unordered.released + ordered.released,
    isMoreDue: ordered.isQueueUp && (unordered.isMoreDue || ordered.isMoreDue),
  };
}

interface Released {
  readonly released: number;
  readonly isMoreDue: boolean;
  readonly isQueueUp: boolean;
}

const NOTHING: Released = { released: 0, isMoreDue: false, isQueueUp: true };

async function releaseUnordered(parts: ReleaseParts, now: number, isFirstLook: boolean): Promise<Released> {
  const keys = dueKeys(parts.dueShards);
  const [parked, pending] = await Promise.all([
    dueIn(keys.parked, now, parts.dueIds),
    dueIn(keys.pending, now, parts.dueIds),
  ]);
  const granted = new Set(await grantedIds(parts, now, isFirstLook));
  if (granted.size === 0 && [...parked, ...pending].every((shard) => shard.length === 0)) return NOTHING;
  const oldestMessageAgeMs = await parts.oldestMessageAgeMs();
  const isQueueBehind = oldestMessageAgeMs > parts.leaseMs;
  if (isQueueBehind) parts.count(METRICS.releasePostponed, pending.flat().length);
  const found = [...parked, ...(isQueueBehind ? [] : pending)];
  const ages = { oldestMessageAgeMs, oldestOrderedAgeMs: Number.POSITIVE_INFINITY };
  const result = await carryOutAll(inTurn([[...granted], found.flat()]), parts, { ...parts, ...ages, now }, granted);
  return { ...result, isMoreDue: result.released > 0 && found.some((shard) => shard.length === MAX_ROWS_A_SHARD) };
}

/** Rows with an ordering key, each key's in the order in which they became due. What was just moved here is among them. */
async function releaseOrdered(parts: ReleaseParts, now: number): Promise<Released> {
  const { ordered: keys } = dueKeys(parts.dueShards);
  const due = await dueIn(keys, now, parts.dueIds);
  if (due.every((shard) => shard.length === 0)) return NOTHING;
  const oldestOrderedAgeMs = await parts.oldestOrderedAgeMs();
  const isQueueBehind = oldestOrderedAgeMs > parts.leaseMs;
  if (isQueueBehind) parts.count(METRICS.releasePostponed, due.flat().length);
  const found = isQueueBehind ? await dueIn(keys, now - REPEAT_PATIENCE_MS, parts.dueIds) : due;
  const ages = { oldestMessageAgeMs: Number.POSITIVE_INFINITY, oldestOrderedAgeMs };
  const result = await carryOutAll(found.flat(), parts, { ...parts, ...ages, now }, new Set());
  return { ...result, isMoreDue: result.released > 0 && found.some((shard) => shard.length === MAX_ROWS_A_SHARD) };
}

function dueIn(keys: readonly string[], dueUntil: number, dueIds: ReleaseParts["dueIds"]): Promise<string[][]> {
  return Promise.all(keys.map((dueKey) => dueIds(dueKey, dueUntil, MAX_ROWS_A_SHARD)));
}

/** Stops where the queue takes no more. */
async function carryOutAll(
  ids: readonly string[],
  parts: ReleaseParts,
  options: Omit<PlanOptions, "isGranted">,
  granted: ReadonlySet<string>,
): Promise<{ released: number; isQueueUp: boolean }> {
  let released = 0;
  for (let start = 0; start < ids.length; start += MAX_READS) {
    const some = [...new Set(ids.slice(start, start + MAX_READS))];
    const rows = await parts.table.read(some);
    const planned = some.flatMap((transactionId) => {
      const row = rows.get(transactionId);
      return row === undefined
        ? []
        : [{ row, plan: planFor(row, { ...options, isGranted: granted.has(transactionId) }) }];
    });
    const result = await carryOut(planned, parts);
    released += result.released;
    if (!result.isQueueUp) return { released, isQueueUp: false };
  }
  return { released, isQueueUp: true };
}

/** Workers look for themselves: what is released while this cannot be read waits in the queue. */
async function isEverythingPaused({ gates, warn }: ReleaseParts): Promise<boolean> {
  try {
    const { gates: found } = await gates.read([EVERYONE]);
    return found.get(EVERYONE)?.pausedAt !== undefined;
  } catch (error) {
    warn("gate of everyone not read", { error: String(error) });
    return false;
  }
}

/** What waits for merchants can wait a little longer; it must not hold up the rest. */
async function grantedIds(parts: ReleaseParts, now: number, isFirstLook: boolean): Promise<string[]> {
  try {
    return await grantMerchants(parts, now, isFirstLook);
  } catch (error) {
    parts.warn("gates not read, what waits for merchants waits on", { error: String(error) });
    return [];
  }
}

async function carryOut(
  planned: readonly { row: AttributeMap; plan: Plan }[],
  parts: ReleaseParts,
): Promise<{ released: number; isQueueUp: boolean }> {
  const of = <Kind extends Plan["kind"]>(kind: Kind) =>
    planned.filter((one): one is Planned<Kind> => one.plan.kind === kind);
  const postponed = of("leave").filter(({ plan }) => plan.isPostponed).length;
  if (postponed > 0) parts.count(METRICS.releasePostponed, postponed);
  await writeAll(
    parts.table,
    of("leave index").map(({ row, plan }) => leaveDueIndexStatement(parts.table.name, idOf(row), plan.version)),
  );
  await writeAll(
    parts.table,
    of("move").map(({ plan }) => moveStatement(parts.table.name, plan.target, plan.dueKey, plan.dueAt)),
  );
  await giveUp(of("give up"), parts);
  await setAside(of("set aside"), parts);
  const repeated = await repeatInOrder(
    of("repeat").map(({ row, plan }) => ({ row, plan, message: messageOf(row, plan.target, plan.target.release) })),
    parts,
  );
  const released = await sendDue(of("release"), parts);
  return {
    released: repeated.released + released.released,
    isQueueUp: repeated.isQueueUp && released.isQueueUp,
  };
}
