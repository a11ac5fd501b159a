/**
 * What must be completed before a row, as each names the one before it by `orderingAfter`: handled first, in its place,
 * wherever their messages are. The stream hands on changes of different rows in any order, so that those may be behind
 * the row's own in the queue, or not in it yet.
 */
import { METRICS } from "../settings/names.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";
import { orderedGroupIdOf, orderingAfterOf } from "../transaction/ordering.ts";
import { isTerminal, rowStateOf } from "../transaction/row/row-state.ts";
import { traceHeaderOf, versionOf } from "../transaction/transaction.ts";
import type { Apply } from "./apply/apply.ts";
import { traceAttempt } from "./attempt-trace.ts";
import { decide } from "./decide/decide.ts";
import { QUARANTINED } from "./decide/on-predecessor.ts";
import { type Ending, type Job, redeliveryIn } from "./job.ts";
import type { MerchantAttempts } from "./merchant-attempts.ts";
import type { Ports, TablePort } from "./ports.ts";
import { traced } from "./traced.ts";

/** Far more than a stream mixes up; each is read. */
const MAX_CHAIN = 1000;

export class Predecessors {
  readonly #ports: Ports;
  readonly #apply: Apply;
  readonly #attempts: MerchantAttempts;

  constructor(ports: Ports, apply: Apply, attempts: MerchantAttempts) {
    this.#ports = ports;
    this.#apply = apply;
    this.#attempts = attempts;
  }

  /**
   * @param row of the one behind them
   * @param handled rows that were handled for its message already, as they were then; those of this call are added
   * @returns `none` where none is pending, `busy` where somebody else writes to one
   */
  async complete(job: Job, row: AttributeMap, handled: Map<string, AttributeMap>): Promise<Ending | "none" | "busy"> {
    const before = await predecessorsOf(this.#ports.table, row, job.orderedGroupId ?? "");
    if (before.length === 0) return "none";
    for (const transactionId of before) {
      const ending = await this.#completeOne(transactionId, job, handled);
      if (ending !== "completed") return ending;
    }
    return "completed";
  }

  async #completeOne(transactionId: string, behind: Job, handled: Map<string, AttributeMap>): Promise<Ending | "busy"> {
    const { inFlight, orderedGroupId = "" } = behind;
    const row = await this.#ports.table.read(transactionId);
    const step = decide.predecessor(row, orderedGroupId, handled.get(transactionId));
    if (row === undefined || step === "over") return "completed";
    if (step === "busy") return "busy";
    handled.set(transactionId, step === "attempt" ? row : QUARANTINED);
    return step === "attempt" ? this.#attempt(transactionId, row, behind) : this.#apply.toMessage(step, inFlight);
  }

  /**
   * What the stream decided about its trace is in its own message, which comes later: without a header on its row it is
   * traced with the one behind.
   */
  #attempt(transactionId: string, row: AttributeMap, behind: Job): Promise<Ending> | "busy" {
    const { telemetry, clock } = this.#ports;
    const { inFlight, orderedGroupId } = behind;
    const state = rowStateOf(row);
    const version = versionOf(row);
    // It is requeued or quarantined by others.
    if (version === undefined || state.state === "SCHEDULED") return "busy";
    const header = traceHeaderOf(row) ?? behind.trace?.header ?? behind.message.trace;
    const message = { transactionId, version, release: state.release, ...(header !== undefined && { trace: header }) };
    telemetry.count(METRICS.broughtForward);
    // Its own message is still in the queue: how long that waited is not known.
    const trace = traceAttempt(message, undefined, {
      sender: telemetry.hops,
      now: clock.now,
      program: telemetry.program,
    });
    trace?.read(row);
    const redelivery = redeliveryIn(row, false);
    const campaign = telemetry.campaigns?.labelOf(row);
    const merchantId = stringOf(row["merchantId"]);
    const own = { message, target: message, state, trace, merchantId, redelivery, campaign };
    const job = {
      ...own,
      isSandbox: false,
      isPinned: false,
      inFlight,
      orderedGroupId,
      isReopened: false,
      isPredecessor: true,
    };
    return trace === undefined ? this.#attempts.make(job, row) : traced(trace, () => this.#attempts.make(job, row));
  }
}

/**
 * @param groupId of the row; one that is gone, or of another group, is not waited for
 * @returns ids, the one to be completed first at the front. @throws when a row cannot be read, or there is no end to
 * them
 */
async function predecessorsOf(table: Pick<TablePort, "read">, row: AttributeMap, groupId: string): Promise<string[]> {
  const before: string[] = [];
  const known = new Set([stringOf(row["transactionId"])]);
  let next = orderingAfterOf(row);
  while (next !== undefined && !known.has(next)) {
    const found = await table.read(next);
    if (found === undefined || orderedGroupIdOf(found) !== groupId || isTerminal(found)) break;
    if (before.length === MAX_CHAIN)
      throw new Error(`more than ${MAX_CHAIN} transactions without an outcome come before it`);
    before.unshift(next);
    known.add(next);
    next = orderingAfterOf(found);
  }
  return before;
}
