/**
 * With which trace a row goes on: the one that the worker noted when it parked this version, else the one that its
 * producer gave it.
 */
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { isStateCurrent } from "../transaction/row/row-state.ts";
import { parseTrace, type Trace } from "./trace.ts";
import { traceHeaderIn, traceHeaderOf } from "../transaction/transaction.ts";

export function rowTrace(row: AttributeMap): Trace | undefined {
  const noted = isStateCurrent(row) ? traceHeaderIn(row[ATTRIBUTES.sampledTrace]) : undefined;
  return parseTrace(noted ?? traceHeaderOf(row));
}
