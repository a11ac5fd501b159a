import { describe, expect, test } from "@jest/globals";
import type { TerminalRow } from "../../../local/demo/evidence.ts";
import { resentDeliveries } from "../../../local/demo/resent-deliveries.ts";
import { delivery } from "../../tools/chaos/deliveries.ts";

const row = (transactionId: string, resends?: number): TerminalRow => ({
  transactionId,
  version: 1,
  state: "CONFIRMED",
  ...(resends !== undefined && { resends }),
});

test("each request that was sent once more allows one more delivery of its own webhook-id", () => {
  const deliveries = [1, 2, 3].map((number) =>
    delivery(number, { transactionId: `t-${number}`, webhookId: `msg_${number}` }),
  );
  expect(resentDeliveries([row("t-1"), row("t-2", 1), row("t-3", 2)], deliveries)).toEqual(["msg_2", "msg_3", "msg_3"]);
});

test("what no merchant ever got allows nothing", () => {
  expect(resentDeliveries([row("t-1", 1)], [])).toEqual([]);
});

describe("an attempt that timed out", () => {
  const accepted = (...respondedAtMs: readonly number[]) =>
    respondedAtMs.map((at, index) =>
      delivery(index + 1, { transactionId: "t-1", webhookId: "msg_1", respondedAtMs: at, responseStatus: 200 }),
    );
  const allowed = (timedOutAtMs: readonly number[], ...respondedAtMs: readonly number[]) =>
    resentDeliveries([{ ...row("t-1"), timedOutAtMs }], accepted(...respondedAtMs));

  test("allows one more delivery where its merchant accepted it all the same, too late for the worker", () => {
    expect(allowed([10_000], 10_100, 15_000)).toEqual(["msg_1"]);
    expect(allowed([10_000, 20_000], 10_100, 20_100, 30_000)).toEqual(["msg_1", "msg_1"]);
  });

  test("allows nothing where the merchant accepted it in time", () => {
    expect(allowed([10_000], 9000, 15_000)).toEqual([]);
  });

  test("allows one only, and nothing where it was accepted once", () => {
    expect(allowed([10_000], 10_100, 12_000, 15_000)).toEqual(["msg_1"]);
    expect(allowed([10_000, 12_000, 14_000], 15_000)).toEqual([]);
  });
});
