import { describe, expect, it } from "@jest/globals";
import type { DeadLetter, ExpectedOrder } from "../../../local/demo/evidence.ts";
import type { Delivery } from "../../../local/demo/fleet/ledger.ts";
import { oneAtATime } from "../../../local/demo/order-by-calls.ts";
import { judgeOrder, type OrderEvidence } from "../../../local/demo/judge-order.ts";
import { delivery } from "../../tools/chaos/deliveries.ts";

const failed = { responseStatus: 503 } as const;
const of = (sequence: number, transactionId: string, changes: Partial<Delivery> = {}) =>
  delivery(sequence, { transactionId, webhookId: `msg_${transactionId}`, ...changes });
const letter = (transactionId: string, sentAtMs: number): DeadLetter => ({
  transactionId,
  version: 1,
  code: "attempts_exhausted",
  reason: "it failed",
  sentAtMs,
});
const AB: ExpectedOrder = {
  before: { transactionId: "a", version: 1 },
  after: { transactionId: "b" },
  because: "it names it",
};

function findings(evidence: Partial<OrderEvidence>) {
  return judgeOrder({ expected: [AB], deliveries: [], deadLetters: [], ...evidence });
}

describe("one that comes after another", () => {
  it.each<[string, Partial<OrderEvidence>]>([
    ["was not called at all", { deliveries: [of(1, "a", failed)] }],
    ["was called when the other was accepted", { deliveries: [of(1, "a", failed), of(2, "a"), of(3, "b")] }],
    [
      "was called when the other was given up",
      { deliveries: [of(1, "a", failed), of(3, "b")], deadLetters: [letter("a", 2)] },
    ],
    ["was called when the other was given up uncalled", { deliveries: [of(3, "b")], deadLetters: [letter("a", 2)] }],
    [
      "was called when a newer version of the other was accepted",
      { deliveries: [of(1, "a", { version: 2 }), of(2, "b")] },
    ],
    [
      "was called when a newer version of the other had its own place",
      {
        expected: [{ ...AB, before: { ...AB.before, supersededAtMs: 2 } }],
        deliveries: [of(1, "a", failed), of(3, "b")],
      },
    ],
    [
      "was called before the other was put back",
      {
        deliveries: [of(1, "a", failed), of(3, "b"), of(4, "a")],
        deadLetters: [letter("a", 2)],
        reopened: new Set(["a"]),
      },
    ],
    [
      "was called early, which is excused",
      { expected: [{ ...AB, isExcused: (calledAtMs) => calledAtMs === 1 }], deliveries: [of(1, "b"), of(2, "a")] },
    ],
  ])("is in order if it %s", (_, evidence) => {
    expect(findings(evidence)).toEqual([]);
  });

  it.each<[string, Partial<OrderEvidence>]>([
    ["was called first", { deliveries: [of(1, "b"), of(2, "a")] }],
    ["was called between two tries of the other", { deliveries: [of(1, "a", failed), of(2, "b"), of(3, "a")] }],
    ["was called while the other was answered", { deliveries: [of(1, "a", { respondedAtMs: 3 }), of(2, "b")] }],
    ["was called though the other was never over", { deliveries: [of(1, "b")] }],
    ["was called before the other was given up", { deliveries: [of(1, "b")], deadLetters: [letter("a", 2)] }],
    ["was called, and then the other once more", { deliveries: [of(1, "a"), of(2, "b"), of(3, "a")] }],
    [
      "was called after an older version of the other only",
      {
        expected: [{ ...AB, before: { transactionId: "a", version: 2 } }],
        deliveries: [of(1, "a"), of(2, "b"), of(3, "a", { version: 2 })],
      },
    ],
  ])("is out of order if it %s", (_, evidence) => {
    expect(findings(evidence)).toMatchObject([{ kind: "out of order", transactionId: "b" }]);
  });
});

describe("transactions of one key", () => {
  const inTurn = (deliveries: readonly Delivery[], keys: Readonly<Record<string, string>> = {}) =>
    findings({ deliveries, expected: oneAtATime(deliveries, (id) => keys[id] ?? "key") });

  it("are in order one after the other, whichever comes first", () => {
    expect(inTurn([of(1, "b", failed), of(2, "b"), of(3, "a"), of(4, "c")])).toEqual([]);
  });

  it("are out of order where one is called before the end of another", () => {
    expect(inTurn([of(1, "b", failed), of(2, "a"), of(3, "b")])).toHaveLength(1);
  });

  it("have nothing to do with those of other keys", () => {
    expect(inTurn([of(1, "b", failed), of(2, "a"), of(3, "b")], { a: "other key" })).toEqual([]);
  });
});
