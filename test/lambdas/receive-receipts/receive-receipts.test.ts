import { beforeEach, describe, expect, it } from "@jest/globals";
import { ReceiptUnrecordedError, type RecordedReceipt } from "../../../core/aws/record-receipt.ts";
import { intentIdFor } from "../../../core/channels/intent-id.ts";
import type { Receipt } from "../../../core/transaction/row/told-step.ts";
import { type CountedReceipt } from "../../../lambdas/receive-receipts/count-receipts.ts";
import { receiveReceipts } from "../../../lambdas/receive-receipts/receive-receipts.ts";

const NOW = 1_800_000_000_000;
const intentId = intentIdFor({ transactionId: "t-1", version: 3 }, NOW, 0.5);
const lines: string[] = [];
const counted: string[] = [];
const recorded: Receipt[] = [];
const told: CountedReceipt[] = [];
beforeEach(() => {
  for (const list of [lines, counted, recorded, told]) list.length = 0;
});

const body = (eventType: string, tags: object = { "confirmation-intent": [intentId] }) =>
  JSON.stringify({ eventType, mail: { messageId: "m-1", tags } });
const receive = (bodies: readonly string[], record: () => Promise<RecordedReceipt>) =>
  receiveReceipts(
    bodies.map((one, index) => ({ messageId: `q-${index}`, body: one })),
    {
      record: (receipt) => {
        recorded.push(receipt);
        return record();
      },
      count: (metric) => counted.push(metric),
      counted: async (receipt) => void told.push(receipt),
      info: (line, details) => lines.push(`info ${line} ${JSON.stringify(details)}`),
      warn: (line, details) => lines.push(`warn ${line} ${JSON.stringify(details)}`),
      nowMs: () => NOW,
    },
  );
const done = () => Promise.resolve({ kind: "recorded", isConfirmed: true, merchantId: "acme" } as const);

describe("receipts", () => {
  it("are recorded, counted, and told by transaction", async () => {
    expect(await receive([body("Delivery")], done)).toEqual([]);
    expect(recorded).toEqual([{ intentId, result: { kind: "delivered", messageId: "m-1" }, at: NOW }]);
    expect(told).toEqual([{ channel: "email", isDelivered: true, recorded: await done() }]);
    expect(lines).toEqual([
      'info receipt recorded {"transactionId":"t-1","version":3,"result":"delivered","isConfirmed":true}',
    ]);
  });

  it.each(["unknown", "superseded", "changed"] as const)("are refused with a line where they are %s", async (kind) => {
    expect(await receive([body("Delivery")], () => Promise.resolve({ kind }))).toEqual([]);
    expect(counted).toEqual(["ReceiptsRefused"]);
    expect(lines).toEqual([expect.stringContaining(`warn receipt refused`)]);
    expect(lines[0]).toContain(`"why":"${kind}"`);
  });

  it("are of no effect where they are known already, and nobody has to look", async () => {
    expect(await receive([body("Delivery")], () => Promise.resolve({ kind: "known" }))).toEqual([]);
    expect([counted, told]).toEqual([[], []]);
    expect(lines).toEqual([expect.stringContaining("info receipt known already")]);
  });

  it("come again where they cannot be recorded, each by itself", async () => {
    let calls = 0;
    const again = await receive([body("Delivery"), body("Delivery"), "nothing"], () => {
      calls += 1;
      return calls === 1 ? done() : Promise.reject(new ReceiptUnrecordedError("throttled"));
    });
    expect(again).toEqual(["q-1"]);
    expect(lines.filter((line) => line.startsWith("warn receipt not recorded"))).toHaveLength(1);
  });

  it("are refused where nobody can read them, and do not come again", async () => {
    expect(await receive(["nothing"], done)).toEqual([]);
    expect(counted).toEqual(["ReceiptsRefused"]);
    expect(recorded).toEqual([]);
  });

  it("of others' messages, and what nothing waits for, are left alone", async () => {
    expect(await receive([body("Delivery", {}), body("Send")], done)).toEqual([]);
    expect([recorded, counted]).toEqual([[], []]);
  });

  it("that are complaints are counted beside that it arrived", async () => {
    await receive([body("Complaint")], done);
    expect([counted, told.length]).toEqual([["Complaints"], 1]);
    expect(lines[0]).toBe('warn recipient complained {"transactionId":"t-1","version":3}');
  });
});
