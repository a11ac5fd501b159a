/** The message of a row that is due. */
import type { Target } from "../../../core/aws/statements/statement.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stringOf } from "../../../core/transaction/attribute-value.ts";
import type { ConfirmationMessage } from "../../../core/transaction/message.ts";
import { rowTrace } from "../../../core/telemetry/row-trace.ts";
import { rowStateOf } from "../../../core/transaction/row/row-state.ts";
import { traceHeader } from "../../../core/telemetry/trace.ts";

/** Put back, its dead letter goes on with the row's trace. */
export function messageOf(row: AttributeMap, target: Target, releaseNumber: number): ConfirmationMessage {
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

export function idOf(row: AttributeMap): string {
  return stringOf(row["transactionId"]) ?? "";
}
