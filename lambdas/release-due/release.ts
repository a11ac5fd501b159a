/**
 * One look at the due index. A row is claimed first, under the condition that nobody else has touched it, and its message sent
 * second: a crash in between costs one lease, while the other way round could send two messages that are both heard. When the
 * queue does not take messages the claims are handed back and nothing more is released until the next look.
 */
import type { DebugStep } from "../../aws/logger.ts";
import type { EntryError, MessageQueue } from "../../aws/message-queue.ts";
import { deadLetterOf, setAsideOf } from "../../aws/outgoing-messages.ts";
import { sendAll } from "../../aws/send-all.ts";
import { type ConfirmationSenders, sendConfirmations } from "../../aws/send-confirmations.ts";
import { claimStatement, moveStatement, unclaimStatement } from "../../aws/statements/release.ts";
import { leaveDueIndexStatement } from "../../aws/statements/repair.ts";
import { failStatement, setAsideStatement, settleBarelyStatement } from "../../aws/statements/settle.ts";
import type { Target } from "../../aws/statements/statement.ts";
import type { TransactionsTable } from "../../aws/transactions-table.ts";
import { MAX_READS } from "../../aws/transactions-table.ts";
import { writeAll } from "../../aws/write-all.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { stringOf } from "../../core/attribute-value.ts";
import { dueKeyFor, dueKeys, orderedKeyFor } from "../../core/due-index.ts";
import { EVERYONE } from "../../core/gate.ts";
import type { ConfirmationMessage } from "../../core/message.ts";
import { METRICS } from "../../core/names.ts";
import { orderedGroupIdOf, REPEAT_PATIENCE_MS } from "../../core/ordering.ts";
import { rowTrace } from "../../core/row-trace.ts";
import { highestVersionOf, rowStateOf } from "../../core/state.ts";
import { traceHeader, traceIdOf } from "../../core/trace.ts";
import type { HopSender } from "../../core/trace-hop.ts";
import { traceHeaderOf, versionOf } from "../../core/transaction.ts";
import { inTurn } from "./in-turn.ts";
import { grantMerchants, type MerchantReleaseParts } from "./merchants.ts";
import { type Plan, type PlanOptions, planFor } from "./plan.ts";
import { traceRelease } from "./release-traces.ts";
import { repeatInOrder } from "./repeat-in-order.ts";

export interface ReleaseParts extends MerchantReleaseParts, ConfirmationSenders {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly deadLetters: Pick<MessageQueue, "send">;
  readonly oldestMessageAgeMs: () => Promise<number>;
  /** The same of the queue for rows with an ordering key. */
  readonly oldestOrderedAgeMs: () => Promise<number>;
  readonly dueShards: number;
  readonly leaseMs: number;
  readonly maxUnheard: number;
  readonly settledDays: number;
  readonly traces: HopSender;
  readonly count: (metric: string, by: number) => void;
  /** Of releases by what brought them about. */
  readonly countReason: (reason: ReleaseReason, by: number) => void;
  /** Steps of transactions that are followed. */
  readonly debug: DebugStep;
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly now: () => number;
}

/** `next try`: it was parked for its time. `merchant`: for its merchant's sake. `unheard`: no worker has recorded anything in time. */
export type ReleaseReason = "next try" | "merchant" | "unheard";

/** Rows that one look takes from a shard. */
const MAX_ROWS_A_SHARD = 500;
const REASONS: readonly ReleaseReason[] = ["next try", "merchant", "unheard"];
/** Milliseconds that a row that nobody recorded anything for is taken to have waited at most: a week. */
const MAX_GUESSED_MS = 604_800_000;
/** Milliseconds until a claim that was handed back is due again. */
const HANDED_BACK_MS = 10_000;

type Planned<Kind extends Plan["kind"]> = { readonly row: AttributeMap; readonly plan: Extract<Plan, { kind: Kind }> };

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
  const released = await release(of("release"), parts);
  return {
    released: repeated.released + released.released,
    isQueueUp: repeated.isQueueUp && released.isQueueUp,
  };
}

async function release(
  due: readonly Planned<"release">[],
  parts: ReleaseParts,
): Promise<{ released: number; isQueueUp: boolean }> {
  const { table, leaseMs, now, count, warn, traces } = parts;
  const startedAt = now();
  const claims = await writeAll(
    table,
    due.map(({ row, plan }) =>
      claimStatement(
        table.name,
        plan.target,
        plan.hasState,
        plan.state.unheardReleases,
        pendingKeyOf(row, parts),
        now() + leaseMs,
        plan.dueAt,
      ),
    ),
  );
  const claimed = due.filter((_, index) => claims[index]?.kind === "written");
  const owed = claimed.map(({ row, plan }) => {
    const message = messageOf(row, plan.target, plan.target.release + 1);
    const committed = { ...guessedCommit(plan, leaseMs, now()), ...message };
    return { row, ...traceRelease(traces, row, committed, startedAt, now) };
  });
  const errors = await sendConfirmations(parts, owed);
  for (const [index, { sent }] of owed.entries()) sent?.(errors[index]?.error);
  // One that is refused stays claimed: it counts as unheard, and is given up when that was often enough.
  const unsent = claimed.filter((_, index) => errors[index] !== undefined && !errors[index].isRefused);
  count(METRICS.released, claimed.length - unsent.length);
  const sent = claimed.filter((one) => !unsent.includes(one));
  for (const reason of REASONS) parts.countReason(reason, sent.filter(({ plan }) => reasonOf(plan) === reason).length);
  for (const { plan } of sent)
    parts.debug(plan.target.transactionId, "released", () => ({ ...plan.target, reason: reasonOf(plan) }));
  if (unsent.length > 0) {
    warn("released messages not sent, claims handed back", {
      count: unsent.length,
      error: errors.find((error) => error !== undefined)?.error,
    });
    await writeAll(
      table,
      unsent.map(({ plan }) => {
        const target = { ...plan.target, release: plan.target.release + 1 };
        return unclaimStatement(table.name, target, plan.state.unheardReleases, now() + HANDED_BACK_MS);
      }),
    );
  }
  return { released: claimed.length - unsent.length, isQueueUp: unsent.length === 0 };
}

/** What no worker has ever recorded was due one lease after it was written. What the producer wrote may be anything, so it must be likely. */
function guessedCommit(
  { state, dueAt }: Planned<"release">["plan"],
  leaseMs: number,
  now: number,
): { committedAt?: number } {
  const committedAt = dueAt - leaseMs;
  const isLikely = committedAt <= now && committedAt > now - MAX_GUESSED_MS;
  return state.state === "PENDING" && state.unheardReleases === 0 && isLikely ? { committedAt } : {};
}

function reasonOf({ state }: Planned<"release">["plan"]): ReleaseReason {
  if (state.state === "PENDING") return "unheard";
  return state.waitedFor === undefined ? "next try" : "merchant";
}

/** Dead letter first, then the record. */
async function giveUp(
  given: readonly Planned<"give up">[],
  { table, deadLetters, order, settledDays, now, count, warn }: ReleaseParts,
): Promise<void> {
  const errors = await sendAll(
    deadLetters,
    given.map(({ row, plan }) =>
      deadLetterOf(row, messageOf(row, plan.target, plan.target.release), order, plan.failure, plan.state.attemptCount),
    ),
  );
  const sent = given.filter((_, index) => isOver(errors[index]));
  const results = await writeAll(
    table,
    sent.map(({ plan }) => failStatement(table.name, plan.target, plan.state, plan.failure, now(), settledDays)),
  );
  const tooLarge = sent.filter((_, index) => results[index]?.kind === "rejected");
  await writeAll(
    table,
    tooLarge.map(({ plan }) => settleBarelyStatement(table.name, plan.target, "FAILED")),
  );
  if (sent.length > 0) count(METRICS.deadLetteredPipeline, sent.length);
  for (const { row, plan } of sent) warn("transaction given up", { ...idsIn(row), ...plan.failure });
}

async function setAside(
  bad: readonly Planned<"set aside">[],
  { table, deadLetters, order, settledDays, now, count, warn }: ReleaseParts,
): Promise<void> {
  const errors = await sendAll(
    deadLetters,
    bad.map(({ row, plan }) => setAsideOf(row, versionOf(row), order, plan.failure)),
  );
  const sent = bad.filter((_, index) => isOver(errors[index]));
  await writeAll(
    table,
    sent.map(({ row, plan }) =>
      setAsideStatement(table.name, row, highestVersionOf(row), plan.failure, now(), settledDays),
    ),
  );
  if (sent.length === 0) return;
  count(METRICS.setAside, sent.length);
  count(METRICS.deadLetteredPipeline, sent.length);
  for (const { row, plan } of sent) warn("row set aside", { ...idsIn(row), ...plan.failure });
}

/** A dead letter that the queue refuses for good must not keep its row from being given up. */
function isOver(error: EntryError): boolean {
  return error === undefined || error.isRefused;
}

/** Put back, its dead letter goes on with the row's trace. */
function messageOf(row: AttributeMap, target: Target, releaseNumber: number): ConfirmationMessage {
  const trace = rowTrace(row);
  const committedAt = rowStateOf(row).committedAt;
  return {
    transactionId: target.transactionId,
    version: target.version,
    release: releaseNumber,
    ...(trace !== undefined && { trace: traceHeader(trace) }),
    ...(committedAt !== undefined && { committedAt }),
  };
}

/** Where a row is looked for while its message is on its way. */
function pendingKeyOf(row: AttributeMap, { dueShards }: ReleaseParts): string {
  const groupId = orderedGroupIdOf(row);
  return groupId === undefined ? dueKeyFor(idOf(row), dueShards) : orderedKeyFor(groupId, dueShards);
}

function idsIn(row: AttributeMap): Readonly<Record<string, unknown>> {
  const merchantId = stringOf(row["merchantId"]);
  return { transactionId: idOf(row), version: versionOf(row), merchantId, traceId: traceIdOf(traceHeaderOf(row)) };
}

function idOf(row: AttributeMap): string {
  return stringOf(row["transactionId"]) ?? "";
}
