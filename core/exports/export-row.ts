/**
 * A row of the Transactions table as an export has it: the members that the importer takes, each as it stands, and
 * beside them what became of the transaction. A row may hold anything; what is no text where one is expected is left
 * out. Amounts are texts and numbers of payloads keep their digits, so that nothing is ever rounded.
 */
import { ROW_COLUMNS } from "../imports/columns.ts";
import { attributeJson, type AttributeMap, numberOf, stringOf } from "../transaction/attribute-value.ts";
import { readFailure } from "../transaction/failure.ts";
import { ATTRIBUTES } from "../transaction/row/attributes.ts";
import { type ConfirmedByWhom, confirmedByOf } from "../transaction/row/confirmed-by.ts";
import { erasedAtOf } from "../transaction/row/erased.ts";
import { isTerminal, rowStateOf, type State } from "../transaction/row/row-state.ts";
import { versionOf } from "../transaction/transaction.ts";

const PAYLOAD = "payload";

export interface ExportedRow {
  /** By name, as they are: the payload as JSON, all others as text. */
  readonly members: Readonly<Record<string, string>>;
  readonly facts: ExportedFacts;
}

/** What became of it; what does not apply is missing. */
export interface ExportedFacts {
  /** Missing where the row has none that can be read. */
  readonly version?: number;
  readonly state: State;
  readonly attemptCount: number;
  /** When it was confirmed or given up, ISO 8601 in UTC. */
  readonly recordedAt?: string;
  /** Code of its failure. */
  readonly failure?: string;
  /** Who confirmed it, where that was another system. */
  readonly confirmedBy?: ConfirmedByWhom;
  /** When what was personal in it was erased, ISO 8601 in UTC. */
  readonly erasedAt?: string;
}

export function exportedRow(row: AttributeMap): ExportedRow {
  const members: Record<string, string> = {};
  for (const name of ROW_COLUMNS) {
    const text = name === PAYLOAD ? payloadJson(row) : stringOf(row[name]);
    if (text !== undefined) members[name] = text;
  }
  return { members, facts: factsOf(row) };
}

function payloadJson(row: AttributeMap): string | undefined {
  const payload = row[PAYLOAD];
  return payload?.M === undefined ? undefined : attributeJson(payload);
}

function factsOf(row: AttributeMap): ExportedFacts {
  const { state, attemptCount } = rowStateOf(row);
  const version = versionOf(row);
  const recordedAt = isTerminal(row) ? instantOf(numberOf(row[ATTRIBUTES.settledAt])) : undefined;
  const erasedAt = instantOf(erasedAtOf(row));
  const failure = state === "FAILED" ? readFailure(row[ATTRIBUTES.failure])?.code : undefined;
  const confirmedBy = confirmedByOf(row)?.by;
  return {
    ...(version !== undefined && { version }),
    state,
    attemptCount,
    ...(recordedAt !== undefined && { recordedAt }),
    ...(failure !== undefined && { failure }),
    ...(confirmedBy !== undefined && { confirmedBy }),
    ...(erasedAt !== undefined && { erasedAt }),
  };
}

/** Anybody may have written to the row. @param ms epoch milliseconds */
function instantOf(ms: number | undefined): string | undefined {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
