import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { parseBenchOptions } from "../../../../tools/bench/cost/options.ts";
import { median } from "../../../../tools/bench/cost/variant.ts";
import { httpServer } from "../../../../tools/bench/cost/world/http-responses.ts";
import { Lane, type LaneOptions } from "../../../../tools/bench/cost/world/lane.ts";
import { transactionIdOf } from "../../../../tools/bench/cost/world/transaction.ts";
import { parseMessage } from "../../../../core/transaction/message.ts";
import { parseMerchant } from "../../../../core/merchant/merchant.ts";
import { parseTransaction } from "../../../../core/transaction/parse-transaction.ts";

const lane = (options: Partial<LaneOptions> = {}) =>
  new Lane({
    name: "a",
    messages: "ids",
    signatures: ["v1"],
    merchants: 10,
    origins: ["http://127.0.0.1:1", "http://127.0.0.1:2"],
    ...options,
  });

describe("a lane", () => {
  it("gives out messages, rows and merchants that the pipeline takes for real ones", () => {
    const one = lane();
    one.open(undefined, 0);
    for (const number of one.take(10)) {
      expect(parseMessage(one.bodyOf(number))).toMatchObject({ kind: "message" });
      const parsed = parseTransaction(one.rowOf(transactionIdOf(number)) as never);
      if ("faults" in parsed) throw new Error(parsed.faults.join());
      expect(parseMerchant(one.merchantOf(parsed.transaction.merchantId) as never)).toMatchObject({
        merchant: { confirmationUrl: `http://127.0.0.1:${1 + (number % 2)}/a/confirmations` },
      });
    }
  });

  it("gives out nothing while it is closed, and no message twice", () => {
    const one = lane();
    expect(one.take(10)).toEqual([]);
    one.open(undefined, 0);
    expect(new Set([...one.take(10), ...one.take(10)]).size).toBe(20);
    expect(one.counts.received).toBe(20);
  });
});

describe("a lane with a million queued, or fewer", () => {
  it("gives out the messages that were there first, and is never shorter", () => {
    const one = lane({ queued: 3 });
    one.open(undefined, 0);
    const given = one.take(10).map((number) => one.messageOf(number));
    expect(given.map(({ body }) => parseMessage(body))).toMatchObject(
      given.map((_, number) => ({ message: { transactionId: transactionIdOf(number) } })),
    );
    const times = given.map(({ sentAt }) => sentAt);
    expect(times).toEqual(times.toSorted((earlier, later) => earlier - later));
  });
});

describe("a lane for a single merchant", () => {
  it("gives out no more than its bulkhead allows at first, and ever more as messages are deleted", () => {
    const one = lane({ merchants: 1, maxInHand: 20 });
    one.open(undefined, 0);
    expect([one.take(100).length, one.take(100).length]).toEqual([16, 0]);
    one.deleted(16);
    expect([one.take(100).length, one.take(100).length]).toEqual([20, 0]);
  });
});

it("a merchant of the world answers whole on a connection that it closes, where it is told to", async () => {
  const server = httpServer((_, respond) => respond(), "closes").listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/confirmations`, { method: "POST", body: "{}" });
  expect([response.headers.get("connection"), await response.json()]).toEqual(["close", { status: "ok" }]);
  server.close();
  await once(server, "close");
});

it("the median of an even number is between the middle two", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
});

describe("the command line", () => {
  it.each([
    [["--rounds", "0"]],
    [["--seconds", "x"]],
    [["--what"]],
    [["--growth", "--part", "x"]],
    [["--growth", "--end-to-end"]],
    [["--release", "--growth"]],
    [["--release", "--rows", "0"]],
  ])("refuses %j and says what it takes", (args) => {
    expect(() => parseBenchOptions(args)).toThrow(/See: npm run bench -- --help/);
  });
});
