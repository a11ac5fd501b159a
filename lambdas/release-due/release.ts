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
import { orderedGroupIdOf, REPEAT_PATIENCE_MS } from "../../core/ordering.ts";
import { stateOf } from "../../core/state.ts";
import { idOf, messageOf } from "./due-message.ts";
import { giveUp, type GiveUpParts, setAside } from "./give-up.ts";
import { inTurn } from "./in-turn.ts";
import { grantMerchants, type MerchantReleaseParts } from "./merchants.ts";
import { type Plan, type Planned, overdueBefore, type PlanOptions, planFor } from "./plan.ts";
import { repeatInOrder } from "./repeat-in-order.ts";
import { sendDue, type SendDueParts } from "./send-due.ts";

export interface ReleaseParts extends MerchantReleaseParts, SendDueParts, GiveUpParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  /** Epoch milliseconds: each message sent before that has left the queue; -Infinity when nothing is known. */
  readonly goneBefore: () => Promise<number>;
  /** The same of the queue for rows with an ordering key. */
  readonly goneBeforeOrdered: () => Promise<number>;
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
  const [parked, allPending] = await Promise.all([
    dueIn(keys.parked, now, parts.dueIds),
    dueIn(keys.pending, now, parts.dueIds),
  ]);
  const granted = new Set(await grantedIds(parts, now, isFirstLook));
  if (granted.size === 0 && [...parked, ...allPending].every((shard) => shard.length === 0)) return NOTHING;
  const goneBefore = allPending.some((shard) => shard.length > 0) ? await parts.goneBefore() : Number.NEGATIVE_INFINITY;
  const pending = await notInQueue(allPending, keys.pending, overdueBefore(goneBefore, parts.leaseMs), now, parts);
  const found = [...parked, ...pending];
  const result = await carryOutAll(inTurn([[...granted], found.flat()]), parts, now, granted);
  return { ...result, isMoreDue: result.released > 0 && found.some((shard) => shard.length === MAX_ROWS_A_SHARD) };
}

/** Of what is due, what has no message in the queue: it was due the longest. @param before epoch milliseconds, those that are due before */
async function notInQueue(
  due: readonly string[][],
  keys: readonly string[],
  before: number,
  now: number,
  parts: ReleaseParts,
): Promise<readonly string[][]> {
  if (before > now) return due;
  const found = before < 0 ? [] : await dueIn(keys, Math.ceil(before) - 1, parts.dueIds);
  parts.count(METRICS.releasePostponed, due.flat().length - found.flat().length);
  return found;
}

/** Rows with an ordering key, each key's in the order in which they became due. What was just moved here is among them. */
async function releaseOrdered(parts: ReleaseParts, now: number): Promise<Released> {
  const { ordered: keys } = dueKeys(parts.dueShards);
  const due = await dueIn(keys, now, parts.dueIds);
  if (due.every((shard) => shard.length === 0)) return NOTHING;
  const goneBeforeOrdered = await parts.goneBeforeOrdered();
  // Once a day they are repeated even so, as one of them may be lost.
  const before = Math.max(overdueBefore(goneBeforeOrdered, parts.leaseMs), now - REPEAT_PATIENCE_MS + 1);
  const found = await notInQueue(due, keys, before, now, parts);
  const result = await carryOutAll(found.flat(), parts, now, new Set());
  return { ...result, isMoreDue: result.released > 0 && found.some((shard) => shard.length === MAX_ROWS_A_SHARD) };
}

function dueIn(keys: readonly string[], dueUntil: number, dueIds: ReleaseParts["dueIds"]): Promise<string[][]> {
  return Promise.all(keys.map((dueKey) => dueIds(dueKey, dueUntil, MAX_ROWS_A_SHARD)));
}

/** Stops where the queue takes no more. */
async function carryOutAll(
  ids: readonly string[],
  parts: ReleaseParts,
  now: number,
  granted: ReadonlySet<string>,
): Promise<{ released: number; isQueueUp: boolean }> {
  let released = 0;
  for (let start = 0; start < ids.length; start += MAX_READS) {
    const some = [...new Set(ids.slice(start, start + MAX_READS))];
    const rows = await parts.table.read(some);
    const options = { ...parts, ...(await goneFor(rows, parts)), now };
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

/** What is parked does not wait for what is known of the queues. */
async function goneFor(
  rows: ReadonlyMap<string, AttributeMap>,
  { goneBefore, goneBeforeOrdered }: ReleaseParts,
): Promise<Pick<PlanOptions, "goneBefore" | "goneBeforeOrdered">> {
  const pending = [...rows.values()].filter((row) => stateOf(row) === "PENDING");
  const isAnyOrdered = pending.some((row) => orderedGroupIdOf(row) !== undefined);
  const isAnyOther = pending.some((row) => orderedGroupIdOf(row) === undefined);
  return {
    goneBefore: isAnyOther ? await goneBefore() : Number.NEGATIVE_INFINITY,
    goneBeforeOrdered: isAnyOrdered ? await goneBeforeOrdered() : Number.NEGATIVE_INFINITY,
  };
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
