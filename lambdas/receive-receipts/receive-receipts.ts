/**
 * Takes a batch of events: each is recorded, or refused with a line of the log. What cannot be recorded just now comes
 * again, and what came before is of no effect; so events may come twice and in any order.
 */
import type { CountedReceipt } from "./count-receipts.ts";
import type { RecordedReceipt } from "../../core/aws/record-receipt.ts";
import { errorFields } from "../../core/errors/error-fields.ts";
import { METRICS } from "../../core/settings/names.ts";
import type { ReceiptedKind } from "../../core/settings/groups/channels.ts";
import { type Receipt, targetOf } from "../../core/transaction/row/told-step.ts";
import { readEvent } from "./read-event.ts";

export interface ReceiveReceiptsParts {
  readonly record: (receipt: Receipt) => Promise<RecordedReceipt>;
  readonly count: (metric: string) => void;
  /** Told of each that was recorded. */
  readonly counted: (receipt: CountedReceipt) => Promise<void>;
  readonly info: Log;
  readonly warn: Log;
  readonly nowMs: () => number;
}

type Log = (message: string, details: Readonly<Record<string, unknown>>) => void;

export interface ReceivedEvent {
  readonly messageId: string;
  readonly body: string;
}

/** @returns ids of the messages that are to come again */
export async function receiveReceipts(
  events: readonly ReceivedEvent[],
  parts: ReceiveReceiptsParts,
): Promise<string[]> {
  const done = await Promise.all(events.map((event) => receiveOne(event, parts)));
  return events.flatMap(({ messageId }, index) => (done[index] === true ? [] : [messageId]));
}

/** @returns whether the message is done with */
async function receiveOne({ messageId, body }: ReceivedEvent, parts: ReceiveReceiptsParts): Promise<boolean> {
  const event = readEvent(body, parts.nowMs());
  switch (event.kind) {
    case "ignored":
      return true;
    case "foreign":
      // Others of the account send too; their mails are none of ours.
      parts.info("receipt of no message of ours", { type: event.type, messageId });
      return true;
    case "unreadable":
      refuse(parts, { why: event.why, messageId });
      return true;
    default:
      if (event.isComplaint) complain(parts, event.receipts);
      return (await Promise.all(event.receipts.map((receipt) => recordOne(receipt, event.channel, parts)))).every(
        Boolean,
      );
  }
}

async function recordOne(receipt: Receipt, channel: ReceiptedKind, parts: ReceiveReceiptsParts): Promise<boolean> {
  const { result } = receipt;
  const told = result.kind === "failed" ? { result: result.class, reason: result.error } : { result: result.kind };
  const facts = { ...targetOf(receipt), ...told };
  try {
    const recorded = await parts.record(receipt);
    if (recorded.kind === "recorded") {
      await parts.counted({ channel, isDelivered: result.kind === "delivered", recorded });
      parts.info("receipt recorded", { ...facts, isConfirmed: recorded.isConfirmed });
    } else if (recorded.kind === "known") parts.info("receipt known already", facts);
    else refuse(parts, { ...facts, why: recorded.kind });
    return true;
  } catch (error) {
    parts.warn("receipt not recorded", { ...facts, error: errorFields(error) });
    return false;
  }
}

function refuse({ count, warn }: ReceiveReceiptsParts, facts: Readonly<Record<string, unknown>>): void {
  count(METRICS.receiptsRefused);
  warn("receipt refused", facts);
}

function complain({ count, warn }: ReceiveReceiptsParts, receipts: readonly Receipt[]): void {
  for (const receipt of receipts) {
    count(METRICS.complaints);
    warn("recipient complained", { ...targetOf(receipt) });
  }
}
