/** The message of a row that is due. */
import type { Target } from "../../aws/statements/statement.ts";
import type { AttributeMap } from "../../core/attribute-value.ts";
import { stringOf } from "../../core/attribute-value.ts";
import type { ConfirmationMessage } from "../../core/message.ts";
import { rowTrace } from "../../core/row-trace.ts";
import { rowStateOf } from "../../core/state.ts";
import { traceHeader } from "../../core/trace.ts";

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
