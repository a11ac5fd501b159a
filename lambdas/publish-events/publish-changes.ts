/**
 * Publishes what changes tell of. A step of a transaction has its event, each; changes of a merchant's health count
 * from the first to the last of the batch. What was not published is retried with everything after it, without limit of
 * count, so that events come at least once; what SNS takes in no form is told and passed over, as it would block all
 * that follow.
 */
import type { EventsTopic } from "../../core/aws/events-topic.ts";
import { merchantEvent, type OutgoingEvent, transactionEvent } from "../../core/events/envelope.ts";
import { merchantSteps } from "../../core/events/merchant-events.ts";
import { transactionStep } from "../../core/events/transaction-events.ts";
import { METRICS } from "../../core/settings/names.ts";
import type { Log } from "../../core/telemetry/log-error.ts";
import { stringOf } from "../../core/transaction/attribute-value.ts";
import type { PlacedChange } from "./stream-changes.ts";

export interface PublishParts {
  readonly topic: Pick<EventsTopic, "publish">;
  /** Which pipeline it is. */
  readonly source: string;
  readonly count: (metric: string, by: number) => void;
  readonly warn: Log;
}

interface Placed {
  /** Where a retry begins. */
  readonly sequenceNumber: string;
  readonly outgoing: OutgoingEvent;
}

/** @returns the sequence numbers of changes to retry; the lowest one is where the stream goes on */
export async function publishChanges(changes: readonly PlacedChange[], parts: PublishParts): Promise<string[]> {
  const { topic, source, count, warn } = parts;
  const placed = [...ofTransactions(changes, source), ...ofMerchants(changes, source)];
  if (placed.length === 0) return [];
  const errors = await topic.publish(placed.map(({ outgoing }) => outgoing));
  const retried = new Set<string>();
  for (const [index, { sequenceNumber, outgoing }] of placed.entries()) {
    const error = errors[index];
    if (error === undefined) continue;
    const { id: eventId, type, subject } = outgoing.event;
    warn(error.isRefused ? "event refused" : "event not published", { eventId, type, subject, error: error.error });
    if (error.isRefused) count(METRICS.eventsRefused, 1);
    else retried.add(sequenceNumber);
  }
  count(METRICS.eventsPublished, errors.filter((error) => error === undefined).length);
  return [...retried];
}

function ofTransactions(changes: readonly PlacedChange[], source: string): Placed[] {
  return changes.flatMap((change) => {
    const step = change.of === "transaction" ? transactionStep(change) : undefined;
    if (step === undefined) return [];
    const { place } = change;
    return [{ sequenceNumber: place.sequenceNumber, outgoing: transactionEvent(step, place, source) }];
  });
}

function ofMerchants(changes: readonly PlacedChange[], source: string): Placed[] {
  const byMerchant = Map.groupBy(
    changes.filter((change) => change.of === "merchant"),
    ({ newImage, oldImage }) => stringOf((newImage ?? oldImage)?.["merchantId"]) ?? "",
  );
  return [...byMerchant.values()].flatMap((ofOne) => {
    const [first, last] = [ofOne[0], ofOne.at(-1)];
    if (first === undefined || last === undefined) return [];
    const steps = merchantSteps({ oldImage: first.oldImage, newImage: last.newImage });
    return steps.map((step, index) => ({
      sequenceNumber: first.place.sequenceNumber,
      outgoing: merchantEvent(step, last.place, index, source),
    }));
  });
}
