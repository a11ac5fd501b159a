/**
 * Writes of a redelivery: the mark of a job, and what came of the one attempt at a confirmed row. Neither touches the
 * row's state, its attempts, its place in an index or when it became terminal.
 */
import { ATTRIBUTES } from "../../transaction/row/attributes.ts";
import type { AttributeMap } from "../../transaction/attribute-value.ts";
import { numberOf, stringOf } from "../../transaction/attribute-value.ts";
import {
  markOf,
  type Redelivery,
  type RedeliveryMark,
  type RedeliveryResult,
  writeRedelivery,
} from "../../transaction/row/redelivery.ts";
import { rowStateOf } from "../../transaction/row/row-state.ts";
import { purgeAtOf } from "./complete.ts";
import { atGeneration } from "./conditions.ts";
import { number, type Statement, type Target, text, Update } from "./statement.ts";

const { redelivery, confirmationState, stateVersion } = ATTRIBUTES;
/** Days for which a row that is sent again is kept at least, so that whoever asked for it sees what came of it. */
const KEPT_DAYS = 7;
/** What decides whether a row may be marked; quoted, as some are words of the language. */
const DECIDING = ["jobId", "generation", "result"] as const;

/**
 * A job marks a row, before it sends its message. Taken only where the row is as it was read.
 *
 * @param row as it was read, one that may be marked (`whyNotMarkable`)
 */
export function markStatement(table: string, row: AttributeMap, mark: RedeliveryMark): Statement {
  const marked = markOf(row, mark);
  const { state, release } = rowStateOf(row);
  const { version } = marked;
  const transactionId = stringOf(row["transactionId"]) ?? "";
  const update = new Update(table).set(redelivery, writeRedelivery(marked));
  const keptUntil = purgeAtOf(mark.markedAt, KEPT_DAYS);
  const purgeAt = numberOf(row[ATTRIBUTES.purgeAt]);
  if (purgeAt !== undefined && purgeAt < keptUntil) update.set(ATTRIBUTES.purgeAt, number(keptUntil));
  if (state === "FAILED") atGeneration(update, { transactionId, version, release });
  else update.where("version=?", number(version));
  update.where(`${confirmationState}=? AND ${stateVersion}=?`, text(state), number(version));
  for (const name of DECIDING) {
    const seen = row[redelivery]?.M?.[name];
    if (seen === undefined) update.where(`${redelivery}."${name}" IS MISSING`);
    else update.where(`${redelivery}."${name}"=?`, seen);
  }
  return update.build(transactionId);
}

/**
 * What came of the one attempt at a confirmed row. Taken once for a generation.
 * @param redelivery as the row had it when its message was accepted
 */
export function redeliveredStatement(
  table: string,
  { transactionId, version }: Pick<Target, "transactionId" | "version">,
  owed: Redelivery,
  ended: RedeliveryResult,
): Statement {
  return endedStatement(table, transactionId, version, owed, writeRedelivery({ ...owed, ended }));
}

/** The same in no more room than the mark takes, for a row that DynamoDB does not let grow. */
export function redeliveredBarelyStatement(
  table: string,
  { transactionId, version }: Pick<Target, "transactionId" | "version">,
  owed: Redelivery,
  isDelivered: boolean,
): Statement {
  const { markedAt: _, ...rest } = writeRedelivery({ ...owed, ended: { result: isDelivered ? "delivered" : "failed" } })
    .M ?? { markedAt: {} };
  return endedStatement(table, transactionId, version, owed, { M: rest });
}

function endedStatement(
  table: string,
  transactionId: string,
  version: number,
  { jobId, generation }: Redelivery,
  value: ReturnType<typeof writeRedelivery>,
): Statement {
  return new Update(table)
    .set(redelivery, value)
    .where("version=?", number(version))
    .where(`${confirmationState}='CONFIRMED' AND ${stateVersion}=?`, number(version))
    .where(`${redelivery}."jobId"=? AND ${redelivery}."generation"=?`, text(jobId), number(generation))
    .where(`${redelivery}."version"=? AND ${redelivery}."result" IS MISSING`, number(version))
    .build(transactionId);
}
