import { expect, test } from "@jest/globals";
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

test("an attempt that timed out allows one more delivery only where its merchant accepted it all the same", () => {
  const deliveries = [1, 2, 2, 2].map((number, index) =>
    delivery(index + 1, { transactionId: `t-${number}`, webhookId: `msg_${number}` }),
  );
  const rows = [
    { ...row("t-1"), timeouts: 3 },
    { ...row("t-2"), timeouts: 1 },
    { ...row("t-3"), timeouts: 1 },
  ];
  expect(resentDeliveries(rows, deliveries)).toEqual(["msg_2"]);
});
