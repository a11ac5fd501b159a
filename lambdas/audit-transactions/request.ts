/** What the function is asked to do: by its schedule, by a person, or by the queue of parts. */
import { KINDS, type Kind, type PartMessage } from "../../core/audit/audit-run.ts";
import { parsePart } from "../../core/aws/part-queue.ts";
import { isPastDay } from "./runs/due-looks.ts";
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export type AuditRequest =
  | { readonly kind: "parts"; readonly messages: readonly PartMessage[] }
  /** Of the schedule. */
  | { readonly kind: "due" }
  | { readonly kind: "now"; readonly audit: Kind; readonly day?: string }
  | { readonly kind: "status" };

/** The event cannot be used; the message says what can. */
export class AuditRequestError extends PipelineError {
  override readonly name = "AuditRequestError";
  readonly code = "AUDIT_REQUEST_INVALID";
}

/** @throws AuditRequestError, PartMessageError */
export function parseRequest(event: unknown, now: number): AuditRequest {
  const { Records, audit, day } = (typeof event === "object" && event !== null ? event : {}) as Record<string, unknown>;
  if (Array.isArray(Records))
    return { kind: "parts", messages: (Records as { body?: unknown }[]).map(({ body }) => parsePart(String(body))) };
  if (audit === "due" || audit === "status") return { kind: audit };
  const kind = KINDS.find((one) => one === audit);
  if (kind === undefined || (day !== undefined && kind !== "manifests")) throw invalid(event);
  if (day === undefined) return { kind: "now", audit: kind };
  if (typeof day !== "string" || !isPastDay(day, now)) throw invalid(event);
  return { kind: "now", audit: kind, day };
}

function invalid(event: unknown): AuditRequestError {
  return new AuditRequestError(
    `This event cannot be used, got ${JSON.stringify(event)}. Expected {"audit":"index"}, ` +
      `{"audit":"table"}, {"audit":"manifests"}, the same with "day" and a UTC day that is over, for ` +
      `example {"audit":"manifests","day":"2026-11-21"}, or {"audit":"status"}.`,
  );
}
