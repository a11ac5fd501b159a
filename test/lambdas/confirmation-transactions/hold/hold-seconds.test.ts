import { describe, expect, it } from "@jest/globals";
import {
  holdSeconds,
  holdSecondsInOrder,
  sparingSeconds,
} from "../../../../lambdas/confirmation-transactions/hold/hold-seconds.ts";
import { MAX_RECEIVES } from "../../../../core/transaction/ordering.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Longest that SQS keeps a message. */
const RETENTION = 14 * DAY;
/** `maxReceiveCount` of the queue of what needs no order. */
const RECEIVES = 100;
const SENT_AT = 1_800_000_000_000;

type Received = Parameters<typeof holdSecondsInOrder>[0];
type Wait = (received: Received, now: number) => number;

/** Receives of a message that finds an outage each time, until the outage has lasted for so long. */
function receivesIn(seconds: number, wait: Wait): number {
  let receiveCount = 0;
  for (let age = 0; age < seconds;) {
    receiveCount += 1;
    const received = { receiveCount, sentAt: SENT_AT, messageId: "", receiptHandle: "", body: "", groupId: "" };
    age += wait(received, SENT_AT + age * 1000);
  }
  return receiveCount;
}

describe("a message that waits for an outage to end", () => {
  it.each([
    [1, 11],
    [4, 23],
    [12, 51],
    [24, 57],
    [96, 69],
    [336, 89],
  ])("is received in %d hours %d times", (hours, receives) => {
    expect(receivesIn(hours * HOUR, holdSeconds)).toBe(receives);
  });

  it("never reaches the dead letters, however long it lasts, in either queue", () => {
    expect(receivesIn(RETENTION, holdSeconds)).toBeLessThan(RECEIVES);
    for (const random of [0, 0.999])
      expect(receivesIn(RETENTION, (received, now) => holdSecondsInOrder(received, now, random))).toBeLessThan(
        MAX_RECEIVES,
      );
  });

  it("is there within a quarter of an hour of the end of an outage of ten hours", () => {
    for (let age = 0; age < 10 * HOUR; age += 900) {
      const receiveCount = receivesIn(age, holdSeconds);
      expect(holdSeconds({ receiveCount, sentAt: SENT_AT }, SENT_AT + age * 1000)).toBeLessThanOrEqual(900);
    }
  });

  it("is held for no longer than SQS keeps it out of sight", () => {
    expect(holdSeconds({ receiveCount: 99, sentAt: SENT_AT }, SENT_AT + RETENTION * 1000)).toBeLessThan(43_200);
  });

  it("keeps its own wait while it was received seldom, whatever that is", () => {
    expect(sparingSeconds({ receiveCount: 3, sentAt: SENT_AT }, 7, SENT_AT + DAY * 1000)).toBe(7);
    expect(sparingSeconds({ receiveCount: 60, sentAt: SENT_AT }, 7, SENT_AT + DAY * 1000)).toBe(DAY / 8);
  });
});
