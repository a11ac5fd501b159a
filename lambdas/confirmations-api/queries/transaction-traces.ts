/**
 * The traces that a transaction is in. Its row names one where its producer gave it one or it was parked; else, and
 * where another of its group may have had it delivered in its own trace, X-Ray is asked for hops that are annotated
 * with it, around the last that is known of it: X-Ray bills what it scans for that.
 */
import type { XRayClient } from "@aws-sdk/client-xray";
import { findTraces, type ReadTrace, readTraces } from "../../../core/aws/read-traces.ts";
import { rowTrace } from "../../../core/telemetry/row-trace.ts";
import { type AttributeMap, numberOf, stringOf } from "../../../core/transaction/attribute-value.ts";
import { intakeOf } from "../../../core/intake/intake-record.ts";
import { ATTRIBUTES } from "../../../core/transaction/row/attributes.ts";
import { rowStateOf } from "../../../core/transaction/row/row-state.ts";

/** Characters of an annotation that X-Ray keeps. */
const MAX_ANNOTATION_LENGTH = 1000;
const AROUND_MS = 5 * 60_000;
const SOONEST = 0;
/** Years that a time in X-Ray's requests may have. */
const LATEST = 4_102_444_800_000;

export interface TracesParts {
  readonly xray: Pick<XRayClient, "send">;
  readonly nowMs: () => number;
}

/** @returns oldest first */
export async function tracesOfTransaction(row: AttributeMap, { xray, nowMs }: TracesParts): Promise<ReadTrace[]> {
  const trace = rowTrace(row);
  if (trace?.isSampled === false) return [];
  const isOfGroup = stringOf(row["orderingKey"]) !== undefined;
  const around = lastKnownAt(row) ?? nowMs();
  const found =
    trace === undefined || isOfGroup
      ? await findTraces(xray, {
          annotation: "transaction",
          value: (stringOf(row["transactionId"]) ?? "").slice(0, MAX_ANNOTATION_LENGTH),
          fromMs: Math.max(SOONEST, around - AROUND_MS),
          toMs: Math.min(LATEST, around + AROUND_MS),
        })
      : [];
  const traceIds = new Set([...(trace === undefined ? [] : [trace.root]), ...found]);
  const read = await readTraces(xray, [...traceIds]);
  return read.toSorted((one, other) => (one.traceId < other.traceId ? -1 : 1));
}

/** Epoch milliseconds. */
function lastKnownAt(row: AttributeMap): number | undefined {
  return [rowStateOf(row).attempts.at(-1)?.at, numberOf(row[ATTRIBUTES.settledAt]), intakeOf(row)?.at].find(
    (at) => at !== undefined && at > SOONEST && at < LATEST,
  );
}
