/**
 * A requeued row goes on with the trace that it waited with: the release is a hop between the attempt before and the
 * one that comes.
 */
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../../../core/transaction/message.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { rowTrace } from "../../../core/telemetry/row-trace.ts";
import { traceHeader } from "../../../core/telemetry/trace.ts";
import { beginHop, type HopSender } from "../../../core/telemetry/trace-hop.ts";

export interface TracedRequeue {
  readonly message: ConfirmationMessage;
  /** Told once it was sent, with what went wrong, if anything did; undefined for one that is not traced. */
  readonly sent?: (error: string | undefined) => void;
}

/** @param message without a trace @param startedAt when the row was taken, epoch milliseconds */
export function traceRequeue(
  sender: HopSender,
  row: AttributeMap,
  message: ConfirmationMessage,
  startedAt: number,
  now: () => number,
): TracedRequeue {
  const trace = rowTrace(row);
  if (trace === undefined) return { message };
  if (trace.isSampled !== true) return { message: { ...message, trace: traceHeader(trace) } };
  const hop = beginHop(sender, trace, FUNCTION_NAMES.releaseDue);
  const sendingAt = now();
  return {
    message: { ...message, trace: hop.header },
    sent: (error) => {
      const flags = error === undefined ? [] : (["fault"] as const);
      const endedAt = now();
      hop.end({
        startedAt,
        endedAt,
        flags,
        annotations: { transaction: message.transactionId, merchant: stringOf(row["merchantId"]) ?? "" },
        metadata: {
          version: message.version,
          release: message.release,
          ...(error !== undefined && { error }),
        },
        steps: [
          {
            name: "DynamoDB",
            namespace: "aws",
            aws: { operation: "BatchExecuteStatement" },
            startedAt,
            endedAt: sendingAt,
          },
          {
            name: "SQS",
            namespace: "aws",
            aws: { operation: "SendMessageBatch" },
            startedAt: sendingAt,
            endedAt,
            flags,
          },
        ],
      });
    },
  };
}
