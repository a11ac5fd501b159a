import { expect, test } from "@jest/globals";
import type { OrderedArrival } from "../../../tools/chaos/proxy/ordered-arrivals.ts";
import { OrderedArrivals } from "../../../tools/chaos/proxy/ordered-arrivals.ts";
import { type OrderFacts, orderByArrivals, type WrittenOrder } from "../../../tools/chaos/run/order-by-arrivals.ts";

const order = (changes: Partial<WrittenOrder> = {}): WrittenOrder => ({
  merchantId: "m",
  orderingKey: "k",
  beganAtMs: { 1: 0 },
  ...changes,
});
const arrival = (transactionId: string, place: number, version = 1): OrderedArrival => ({
  transactionId,
  version,
  place: BigInt(place),
  atMs: place,
});

function pairs(facts: Partial<OrderFacts>): readonly string[] {
  return orderByArrivals({ written: [], arrivals: [], purges: [], ...facts }).map(
    ({ before, after }) => `${before.transactionId} ${before.version} < ${after.transactionId}`,
  );
}

test("one that names another is owed after it, at the version that it had", () => {
  const written = [
    { transactionId: "a", order: order() },
    { transactionId: "b", order: order({ after: { transactionId: "a", version: 2 } }) },
    { transactionId: "c" },
  ];
  expect(pairs({ written, arrivals: [arrival("b", 1), arrival("a", 2)] })).toEqual(["a 2 < b"]);
});

test("those of a key that name nobody are owed in the order in which they came into the queue", () => {
  const written = ["a", "b", "c", "d"].map((transactionId) => ({
    transactionId,
    order: order(transactionId === "d" ? { merchantId: "another" } : {}),
  }));
  const arrivals = [arrival("b", 1), arrival("c", 2), arrival("d", 3), arrival("a", 4), arrival("unordered", 5)];
  expect(pairs({ written, arrivals })).toEqual(["b 1 < c", "b 1 < a", "c 1 < a"]);
});

test("versions of one transaction are not owed an order by the queue, and a newer one takes another place", () => {
  const written = [
    { transactionId: "a", order: order({ beganAtMs: { 1: 0, 2: 7 } }) },
    { transactionId: "b", order: order() },
  ];
  const expected = orderByArrivals({
    written,
    arrivals: [arrival("a", 1), arrival("b", 2), arrival("a", 3, 2)],
    purges: [],
  });
  expect(expected.map(({ before }) => before)).toEqual([
    { transactionId: "a", version: 1, supersededAtMs: 7 },
    { transactionId: "b", version: 1 },
  ]);
});

test("a purge excuses what came into the queue before it and was overtaken after it", () => {
  const written = ["a", "b"].map((transactionId) => ({ transactionId, order: order() }));
  const arrivals = [arrival("a", 10), arrival("b", 20)];
  const [expected] = orderByArrivals({ written, arrivals, purges: [{ fromMs: 30, toMs: 31 }] });
  expect([expected?.isExcused?.(40), expected?.isExcused?.(29)]).toEqual([true, false]);
  const [later] = orderByArrivals({ written, arrivals, purges: [{ fromMs: 5, toMs: 6 }] });
  expect(later?.isExcused?.(40)).toBe(false);
});

test("the place of a message is read off what the ordered queue took, at its first time", () => {
  let now = 0;
  const arrivals = new OrderedArrivals(() => (now += 1));
  const send = (queue: string, transactionId: string, SequenceNumber: string | undefined) => {
    const MessageBody = JSON.stringify({ transactionId, version: 1, release: 0 });
    arrivals.observe(
      { operation: "SendMessageBatch", body: { QueueUrl: `http://x/${queue}`, Entries: [{ Id: "0", MessageBody }] } },
      { Successful: SequenceNumber === undefined ? [] : [{ Id: "0", SequenceNumber }] },
    );
  };
  send("confirmations.fifo", "elsewhere", "1");
  send("confirmations-ordered.fifo", "refused", undefined);
  send("confirmations-ordered.fifo", "a", "00000000000000000007");
  send("confirmations-ordered.fifo", "a", "00000000000000000009");
  expect(arrivals.first).toEqual([{ transactionId: "a", version: 1, place: 7n, atMs: 1 }]);
});
