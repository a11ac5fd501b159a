/**
 * Where a trace starts. The stream carries none, so here it is taken up from the row, or begun for a row that brought
 * none, and whoever is at the next hop is told what was decided. A message that is not traced carries nothing, unless
 * its producer had decided so: then it says that.
 */
import type { AttributeMap } from "../../core/transaction/attribute-value.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../../core/transaction/message.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Sampler } from "../../core/telemetry/sampler.ts";
import { parseTrace, rootOfVersion, type Trace, traceHeader } from "../../core/telemetry/trace.ts";
import { beginHop, type HopSender } from "../../core/telemetry/trace-hop.ts";

export interface TraceStartOptions {
  readonly sampler: Pick<Sampler, "isSampled">;
  readonly sender: HopSender;
  /** Trace header of the invocation under way, so that a person finds from a transaction to it. */
  readonly invocation: () => string | undefined;
  readonly now: () => number;
}

export interface TracedMessage {
  readonly message: ConfirmationMessage;
  /** Told once it was sent, with what went wrong, if anything did; undefined for one that is not traced. */
  readonly sent?: (error: string | undefined) => void;
}

export class TraceStart {
  readonly #options: TraceStartOptions;

  constructor(options: TraceStartOptions) {
    this.#options = options;
  }

  /** @param message as the row asks for it, with the header that the row carries @param writtenAt epoch milliseconds */
  begin(message: ConfirmationMessage, row: AttributeMap, writtenAt: number): TracedMessage {
    const trace = this.#decided(message, writtenAt);
    if (trace === undefined) return { message };
    if (trace.isSampled !== true) return { message: { ...message, trace: traceHeader(trace) } };
    const { sender, invocation, now } = this.#options;
    const hop = beginHop(sender, trace, FUNCTION_NAMES.streamTransactions);
    const startedAt = now();
    const wroteAt = Math.min(writtenAt, startedAt);
    const root = parseTrace(invocation())?.root;
    return {
      message: { ...message, trace: hop.header },
      sent: (error) => {
        const flags = error === undefined ? [] : (["fault"] as const);
        const endedAt = now();
        hop.end({
          startedAt: wroteAt,
          endedAt,
          flags,
          annotations: { transaction: message.transactionId, merchant: stringOf(row["merchantId"]) ?? "" },
          metadata: {
            version: message.version,
            ...(root !== undefined && { invocation: root }),
            ...(error !== undefined && { error }),
          },
          steps: [
            { name: "stream", startedAt: wroteAt, endedAt: startedAt },
            { name: "SQS", namespace: "aws", aws: { operation: "SendMessageBatch" }, startedAt, endedAt, flags },
          ],
        });
      },
    };
  }

  #decided({ trace: header, transactionId, version }: ConfirmationMessage, writtenAt: number): Trace | undefined {
    const { sampler } = this.#options;
    const given = parseTrace(header);
    if (given !== undefined) return { ...given, isSampled: given.isSampled ?? sampler.isSampled(given.root) };
    const root = rootOfVersion(transactionId, version, writtenAt);
    return sampler.isSampled(root) ? { root, isSampled: true } : undefined;
  }
}
