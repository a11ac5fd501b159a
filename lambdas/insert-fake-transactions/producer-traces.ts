/**
 * A producer begins the trace: one for each transaction, whatever the invocation that inserts thousands of them is
 * traced as. What was decided goes onto the row, also a no, so that nobody decides again.
 */
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Sampler } from "../../core/telemetry/sampler.ts";
import { newRoot, parseTrace, traceHeader } from "../../core/telemetry/trace.ts";
import { beginHop, type HopSender } from "../../core/telemetry/trace-hop.ts";
import type { FakeTransaction } from "../../core/transaction/fake-transaction.ts";

export interface ProducerTracesOptions {
  readonly sampler: Pick<Sampler, "isSampled">;
  readonly sender: HopSender;
  /** Trace header of the invocation under way. */
  readonly invocation: () => string | undefined;
  readonly now: () => number;
}

export interface TracedPut {
  /** For the row. */
  readonly header: string;
  /** Told once it is written. */
  readonly put: () => void;
}

export class ProducerTraces {
  readonly #options: ProducerTracesOptions;

  constructor(options: ProducerTracesOptions) {
    this.#options = options;
  }

  /** @param before header of the version before, whose trace this one goes on with */
  begin({ transactionId, merchantId, version }: FakeTransaction, before: string | undefined): TracedPut {
    const { sampler, sender, invocation, now } = this.#options;
    const startedAt = now();
    const root = newRoot(startedAt);
    const trace = parseTrace(before) ?? { root, isSampled: sampler.isSampled(root) };
    if (trace.isSampled !== true) return { header: traceHeader(trace), put: () => undefined };
    const hop = beginHop(sender, trace, FUNCTION_NAMES.insertFakeTransactions);
    const invoked = parseTrace(invocation())?.root;
    return {
      header: hop.header,
      put: () => {
        const endedAt = now();
        hop.end({
          startedAt,
          endedAt,
          annotations: { transaction: transactionId, merchant: merchantId },
          metadata: { version, ...(invoked !== undefined && { invocation: invoked }) },
          steps: [{ name: "DynamoDB", namespace: "aws", aws: { operation: "PutItem" }, startedAt, endedAt }],
        });
      },
    };
  }
}
