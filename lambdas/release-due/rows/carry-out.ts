/**
 * One turn of a look: its rows are read, consistently, planned, and carried out: sent, given up, put in their place.
 */
import type { ClaimJournal } from "../../../core/aws/claim-journal.ts";
import { type Claim, moveStatement } from "../../../core/aws/statements/requeue.ts";
import { leaveDueIndexStatement } from "../../../core/aws/statements/repair.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { idOf, messageOf } from "./due-message.ts";
import { giveUp, type GiveUpParts, quarantine } from "./give-up.ts";
import { type Plan, type Planned, type PlanOptions, planFor } from "./plan.ts";
import { repeatInOrder } from "./repeat-in-order.ts";
import { sendDue, type SendDueParts } from "./send-due.ts";
import { logError } from "../../../core/telemetry/log-error.ts";

export interface TurnParts extends Omit<SendDueParts, "noteClaims">, GiveUpParts {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly goneBefore: () => Promise<number>;
  readonly goneBeforeOrdered: () => Promise<number>;
  readonly maxUnheard: number;
  /** Of this execution. @default nothing is noted */
  readonly journal?: {
    readonly note: (lane: number, claims: readonly Claim[]) => ReturnType<ClaimJournal["note"]>;
    readonly clear: (lane: number) => ReturnType<ClaimJournal["clear"]>;
  };
}

export interface TurnResult {
  readonly released: number;
  readonly isQueueUp: boolean;
  readonly isAnyMoved: boolean;
}

/** @param ids at most 100, each once. @param isGranted by its merchant. @param lane that no other turn is in */
export async function carryOutTurn(
  ids: readonly string[],
  isGranted: boolean,
  lane: number,
  parts: TurnParts,
): Promise<TurnResult> {
  const rows = await parts.table.read(ids);
  const options = { ...parts, ...(await goneFor(rows, parts)), now: parts.now(), isGranted };
  const planned = ids.flatMap((transactionId) => {
    const row = rows.get(transactionId);
    return row === undefined ? [] : [{ row, plan: planFor(row, options) }];
  });
  return carryOut(planned, { ...parts, noteClaims: (claims) => note(lane, claims, parts) });
}

/** Without the note a kill costs a lease; without the release it would cost more. */
async function note(lane: number, claims: readonly Claim[], { journal, warn }: TurnParts): Promise<void> {
  try {
    await journal?.note(lane, claims);
  } catch (error) {
    logError(warn, "claims not noted", error, { claims: claims.length });
  }
}

/** What is parked does not wait for what is known of the queues. */
async function goneFor(
  rows: ReadonlyMap<string, AttributeMap>,
  { goneBefore, goneBeforeOrdered }: TurnParts,
): Promise<Pick<PlanOptions, "goneBefore" | "goneBeforeOrdered">> {
  const pending = [...rows.values()].filter((row) => stateOf(row) === "PENDING");
  const isAnyOrdered = pending.some((row) => orderedGroupIdOf(row) !== undefined);
  const isAnyOther = pending.some((row) => orderedGroupIdOf(row) === undefined);
  return {
    goneBefore: isAnyOther ? await goneBefore() : Number.NEGATIVE_INFINITY,
    goneBeforeOrdered: isAnyOrdered ? await goneBeforeOrdered() : Number.NEGATIVE_INFINITY,
  };
}

async function carryOut(
  planned: readonly { row: AttributeMap; plan: Plan }[],
  parts: TurnParts & SendDueParts,
): Promise<TurnResult> {
  const of = <Kind extends Plan["kind"]>(kind: Kind) =>
    planned.filter((one): one is Planned<Kind> => one.plan.kind === kind);
  const postponed = of("leave").filter(({ plan }) => plan.isPostponed).length;
  if (postponed > 0) parts.count(METRICS.releasePostponed, postponed);
  await writeAll(
    parts.table,
    of("leave index").map(({ row, plan }) => leaveDueIndexStatement(parts.table.name, idOf(row), plan.version)),
  );
  const moves = of("move");
  await writeAll(
    parts.table,
    moves.map(({ plan }) => moveStatement(parts.table.name, plan.target, plan.dueKey, plan.dueAt)),
  );
  await giveUp(of("give up"), parts);
  await quarantine(of("set aside"), parts);
  const repeated = await repeatInOrder(
    of("repeat").map(({ row, plan }) => ({ row, plan, message: messageOf(row, plan.target, plan.target.release) })),
    parts,
  );
  const released = await sendDue(of("release"), parts);
  return {
    released: repeated.released + released.released,
    isQueueUp: repeated.isQueueUp && released.isQueueUp,
    isAnyMoved: moves.length > 0,
  };
}
