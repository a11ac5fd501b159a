/**
 * One batch of an event source mapping: its groups side by side, the messages of a group one after the other. Behind
 * one that is not completed the rest of its group is given back untried. All that is not completed is named in the
 * response, those behind a failed one too (Lambda Developer Guide, "Implementing partial batch responses": of a FIFO
 * queue all that come after the first failure), or Lambda would delete it.
 */
import { confirmInOrder } from "../../../core/confirmation/order/ordered-group.ts";
import type { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import type { Ending } from "../../../core/confirmation/job.ts";
import type { BatchAcknowledger } from "./batch-acknowledger.ts";

export interface BatchParts {
  /** Must not reject. */
  readonly confirm: (message: InFlightMessage) => Promise<Ending>;
  readonly acknowledger: BatchAcknowledger;
  /** Told how many were held back. */
  readonly onHeldBack: (messages: number) => void;
  readonly elapsedMs: () => number;
}

/** Milliseconds after which an invocation is one that lasts. */
const LASTS_AFTER_MS = 250;

/** @returns those that come again, in the order of the batch */
export async function handleBatch(
  messages: readonly InFlightMessage[],
  { confirm, acknowledger, onHeldBack, elapsedMs }: BatchParts,
): Promise<readonly InFlightMessage[]> {
  const groups = Map.groupBy(messages, ({ received }) => received.groupId);
  const giveBack = (message: InFlightMessage, seconds: number) => acknowledger.giveBack(message, seconds);
  const lasting = setTimeout(() => acknowledger.lasts(), LASTS_AFTER_MS);
  await Promise.all(
    [...groups.values()].map((group) => confirmInOrder(group, { confirm, giveBack, onHeldBack, elapsedMs })),
  );
  clearTimeout(lasting);
  return leaveRest(messages, acknowledger);
}

/** What was not begun, or had no time, is there for the next at once. */
async function leaveRest(
  messages: readonly InFlightMessage[],
  acknowledger: BatchAcknowledger,
): Promise<readonly InFlightMessage[]> {
  const left = messages.filter((message) => !acknowledger.isCompleted(message));
  const untouched = left.filter((message) => !acknowledger.isGivenBack(message));
  await Promise.all(untouched.toReversed().map((message) => acknowledger.giveBack(message, 0)));
  await acknowledger.end();
  return left;
}
