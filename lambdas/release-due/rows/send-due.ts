/**
 * Puts what is due back on its queue. What is to be claimed is noted, then a row is claimed, under the condition that
 * nobody else has touched it, and its message sent last: the other way round could send two messages that are both
 * accepted. A claim whose message was not sent goes back to where it was: at once where the queue does not take
 * messages, by the notes after a kill.
 */
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import type { DebugStep } from "../../../core/aws/logger.ts";
import { type ConfirmationSenders, sendConfirmations } from "../../../core/aws/send-confirmations.ts";
import type { SandboxMerchants } from "../../../core/aws/sandbox-merchants.ts";
import { type Claim, claimStatement, unclaimStatement } from "../../../core/aws/statements/requeue.ts";
import type { TransactionsTable } from "../../../core/aws/transactions-table.ts";
import { writeAll } from "../../../core/aws/write-all.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import { dueKeyFor, orderedKeyFor } from "../../../core/transaction/row/index-keys.ts";
import { METRICS } from "../../../core/settings/names.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import type { HopSender } from "../../../core/telemetry/trace-hop.ts";
import { idOf, messageOf } from "./due-message.ts";
import type { DoubtfulClaims } from "../leases/doubtful-claims.ts";
import { ownClaims } from "../leases/own-claims.ts";
import type { Planned } from "./plan.ts";
import { traceRequeue } from "./requeue-traces.ts";
import type { Log } from "../../../core/telemetry/log-error.ts";

/**
 * `next try`: it was parked for its time. `merchant`: for its merchant's sake. `unheard`: no worker has recorded
 * anything in time.
 */
export type RequeueReason = "next try" | "merchant" | "unheard";

export interface SendDueParts extends ConfirmationSenders {
  readonly table: Pick<TransactionsTable, "name" | "read" | "write">;
  readonly dueShards: number;
  readonly leaseMs: number;
  readonly traces: HopSender;
  readonly sandboxMerchants: Pick<SandboxMerchants, "among">;
  /** @default what may have been claimed waits for its lease */
  readonly doubtful?: Pick<DoubtfulClaims, "add"> | undefined;
  /** Notes what is about to be claimed. It must not reject. @default nothing is noted */
  readonly noteClaims?: (claims: readonly Claim[]) => Promise<void>;
  readonly count: (metric: string, by: number) => void;
  /** Of releases by what brought them about. */
  readonly countReason: (reason: RequeueReason, by: number) => void;
  /** Steps of transactions that are followed. */
  readonly debug: DebugStep;
  readonly warn: Log;
  readonly now: () => number;
}

const REASONS: readonly RequeueReason[] = ["next try", "merchant", "unheard"];
/** Milliseconds that a row that nobody recorded anything for is taken to have waited at most: a week. */
const MAX_GUESSED_MS = 604_800_000;

export async function sendDue(
  due: readonly Planned<"release">[],
  parts: SendDueParts,
): Promise<{ released: number; isQueueUp: boolean }> {
  const { table, leaseMs, now, count, warn, traces } = parts;
  const startedAt = now();
  const dueAt = startedAt + leaseMs;
  const claims = due.map((one) => claimOf(one, dueAt));
  if (claims.length > 0) await parts.noteClaims?.(claims);
  const results = await writeAll(
    table,
    due.map(({ row, plan }) =>
      claimStatement(
        table.name,
        plan.target,
        plan.hasState,
        plan.state.unheardReleases,
        pendingKeyOf(row, parts),
        dueAt,
        plan.dueAt,
      ),
    ),
  );
  const own = await ownClaims(claims, results, parts);
  const isClaimed = (_: unknown, index: number) => own[index] === true;
  const claimed = due.filter(isClaimed);
  const taken = claims.filter(isClaimed);
  const pending = claimed.map(({ row, plan }) => {
    const message = messageOf(row, plan.target, plan.target.release + 1);
    const committed = { ...guessedCommit(plan, leaseMs, now()), ...message };
    return { row, ...traceRequeue(traces, row, committed, startedAt, now) };
  });
  const errors = await sendConfirmations(parts, pending);
  for (const [index, { sent }] of pending.entries()) sent?.(errors[index]?.error);
  // One that is refused stays claimed: it counts as unacknowledged, and is given up when that was often enough.
  const isUnsent = (_: unknown, index: number) => errors[index] !== undefined && !errors[index].isRefused;
  const unsent = taken.filter(isUnsent);
  const sent = claimed.filter((one, index) => !isUnsent(one, index));
  const inSandbox = await parts.sandboxMerchants.among(sent.map(({ row }) => stringOf(row["merchantId"])));
  const live = sent.filter(({ row }) => !inSandbox.has(stringOf(row["merchantId"]) ?? ""));
  count(METRICS.released, live.length);
  for (const reason of REASONS) parts.countReason(reason, live.filter(({ plan }) => reasonOf(plan) === reason).length);
  for (const { plan } of sent)
    parts.debug(plan.target.transactionId, "released", () => ({ ...plan.target, reason: reasonOf(plan) }));
  if (unsent.length > 0) {
    warn("released messages not sent, claims handed back", {
      count: unsent.length,
      error: errors.find((error) => error !== undefined)?.error,
    });
    await writeAll(
      table,
      unsent.map((claim) => unclaimStatement(table.name, claim)),
    );
  }
  return { released: claimed.length - unsent.length, isQueueUp: unsent.length === 0 };
}

function claimOf({ row, plan }: Planned<"release">, dueAt: number): Claim {
  const { state, unheardReleases } = plan.state;
  const isParked = state === "SCHEDULED";
  return {
    target: { ...plan.target, release: plan.target.release + 1 },
    claimed: { dueAt, unheardReleases: unheardReleases + 1 },
    before: {
      ...(plan.hasState && { state: isParked ? "SCHEDULED" : "PENDING" }),
      dueKey: stringOf(row[ATTRIBUTES.dueKey]) ?? "",
      dueAt: plan.dueAt,
      unheardReleases,
    },
  };
}

/**
 * What no worker has ever recorded was due one lease after it was written. What the producer wrote may be anything, so
 * it must be likely.
 */
function guessedCommit(
  { state, dueAt }: Planned<"release">["plan"],
  leaseMs: number,
  now: number,
): { committedAt?: number } {
  const committedAt = dueAt - leaseMs;
  const isLikely = committedAt <= now && committedAt > now - MAX_GUESSED_MS;
  return state.state === "PENDING" && state.unheardReleases === 0 && isLikely ? { committedAt } : {};
}

function reasonOf({ state }: Planned<"release">["plan"]): RequeueReason {
  if (state.state === "PENDING") return "unheard";
  return state.waitedFor === undefined ? "next try" : "merchant";
}

/** Where a row is looked for while its message is on its way. */
function pendingKeyOf(row: AttributeMap, { dueShards }: Pick<SendDueParts, "dueShards">): string {
  const groupId = orderedGroupIdOf(row);
  return groupId === undefined ? dueKeyFor(idOf(row), dueShards) : orderedKeyFor(groupId, dueShards);
}
