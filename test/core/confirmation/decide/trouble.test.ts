import { describe, expect, it } from "@jest/globals";
import { troubleSeconds } from "../../../../core/confirmation/decide/trouble.ts";

const SQS_QUARANTINES_AFTER = 100;

/** Seconds until SQS quarantines a message that is never handled. */
function secondsUntilQuarantine(isOutage: boolean, hasRoom: boolean): number {
  let seconds = 0;
  for (let receiveCount = 1; receiveCount < SQS_QUARANTINES_AFTER; receiveCount += 1)
    seconds += troubleSeconds({ receiveCount, isOutage, hasRoom });
  return seconds;
}

describe("the wait of a message that could not be handled", () => {
  it("grows with its receives, up to a quarter of an hour", () => {
    const waits = [1, 2, 3, 4, 9, 90].map((receiveCount) =>
      troubleSeconds({ receiveCount, isOutage: false, hasRoom: true }),
    );
    expect(waits).toEqual([5, 10, 20, 40, 900, 900]);
  });

  it("is a minute at most where too many wait long already, until it has come fifty times", () => {
    const waits = [1, 4, 5, 50, 51].map((receiveCount) =>
      troubleSeconds({ receiveCount, isOutage: false, hasRoom: false }),
    );
    expect(waits).toEqual([5, 40, 60, 60, 900]);
  });

  it("is short during an outage, in which nothing is received", () => {
    const waits = [1, 10, 11, 14, 15].map((receiveCount) =>
      troubleSeconds({ receiveCount, isOutage: true, hasRoom: true }),
    );
    expect(waits).toEqual([5, 5, 10, 60, 60]);
  });

  it("leaves hours until SQS quarantines the message, whatever it was", () => {
    for (const isOutage of [true, false])
      for (const hasRoom of [true, false]) expect(secondsUntilQuarantine(isOutage, hasRoom)).toBeGreaterThan(12 * 3600);
  });
});
