/** Versions that cannot be delivered, whatever is done: each goes to the dead letters, and its row says why. */
import { quarantineMessageOf } from "../../core/aws/outgoing-messages.ts";
import { countGivenUp, sendDeadLetters } from "../../core/aws/send-dead-letters.ts";
import { rememberHighestStatement } from "../../core/aws/statements/repair.ts";
import { quarantineRowStatement } from "../../core/aws/statements/complete.ts";
import { writeAll } from "../../core/aws/write-all.ts";
import { METRICS } from "../../core/settings/names.ts";
import { traceIdOf } from "../../core/telemetry/trace.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import { failedListing, failingMerchantOf } from "../../core/transaction/row/failed-listing.ts";
import { traceHeaderOf } from "../../core/transaction/transaction.ts";
import { type PendingChange, unreadableOf } from "./coalesce.ts";
import type { ProcessParts } from "./process-parts.ts";
import { failures, passing, unavailable } from "./retried-changes.ts";

/** Dead letter first, then the record. @returns the sequence numbers of changes to retry */
export async function quarantine(pending: readonly PendingChange[], parts: ProcessParts): Promise<string[]> {
  const { table, order, settledDays, warn, now } = parts;
  const bad = pending.flatMap(({ sequenceNumber, image, decisions }) => {
    const decision = unreadableOf(decisions);
    return decision === undefined ? [] : [{ sequenceNumber, image, decision, reason: decision.quarantined }];
  });
  if (bad.length === 0) return [];
  const { errors, isSandbox } = await sendDeadLetters(
    bad.map(({ image, decision, reason }) => ({
      row: image,
      message: quarantineMessageOf(image, decision.version, order, reason),
    })),
    parts,
  );
  const unsent = passing(errors, bad, warn);
  const sent = bad.filter((_, index) => unsent[index] === undefined);
  const results = await writeAll(
    table,
    sent.map(({ image, decision: { transactionId, highest }, reason }) => {
      const at = now();
      const { merchantShards } = parts.decide;
      const listing = failedListing(failingMerchantOf(image), transactionId, reason, at, merchantShards);
      return quarantineRowStatement(table.name, image, highest, reason, at, settledDays, listing);
    }),
  );
  // A newer write came in between: it must know all the same what it may not follow.
  const overtaken = sent.filter(({ decision }, index) => results[index]?.kind !== "written" && decision.highest > 0);
  const remembered = await writeAll(
    table,
    overtaken.map(({ decision }) => rememberHighestStatement(table.name, decision.transactionId, decision.highest)),
  );
  const givenUp = sent.map(({ image, reason }) => ({ row: image, failure: reason }));
  countGivenUp(givenUp, isSandbox, parts, METRICS.setAside);
  for (const { image, decision, reason } of sent)
    warn("row set aside", {
      transactionId: decision.transactionId,
      version: decision.version,
      merchantId: stringOf(image["merchantId"]),
      traceId: traceIdOf(traceHeaderOf(image)),
      code: reason.code,
      reason: reason.reason,
    });
  const unrecorded = unavailable(results);
  return [
    ...failures(unsent, bad, "dead letter not sent", warn),
    ...failures(unrecorded, sent, "row not set aside", warn),
    ...failures(unavailable(remembered), overtaken, "highest version not remembered", warn),
  ];
}
