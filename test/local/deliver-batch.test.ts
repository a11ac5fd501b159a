import { describe, expect, it } from "@jest/globals";
import { deliverBatch, type DeliveryTools } from "../../local/stream/deliver-batch.ts";
import type { StreamRecord } from "../../local/stream/stream-event.ts";
import { itemsOf, streamRecords } from "./stream-records.ts";

interface Seen {
  readonly invoked: string[];
  readonly quarantined: string[];
  readonly progress: number[];
  readonly waits: number[];
}

function deliver(
  items: string,
  respond: (records: readonly StreamRecord[], nth: number) => unknown,
  rules: Partial<DeliveryTools["rules"]> = {},
) {
  const seen: Seen = { invoked: [], quarantined: [], progress: [], waits: [] };
  const stopping = new AbortController();
  const tools: DeliveryTools = {
    rules: { reportsItemFailures: true, bisectsOnError: true, maxRetryAttempts: -1, maxRecordAgeSeconds: -1, ...rules },
    invoke: (records) => {
      seen.invoked.push(itemsOf(records));
      return new Promise((resolve) => {
        resolve(respond(records, seen.invoked.length));
      });
    },
    quarantine: (records) => Promise.resolve(void seen.quarantined.push(itemsOf(records))),
    progress: (sequenceNumber) => seen.progress.push(Number(sequenceNumber)),
    now: () => 0,
    wait: (ms) => Promise.resolve(void seen.waits.push(ms)),
    onFailure: () => undefined,
  };
  return { seen, stopping, delivered: deliverBatch(streamRecords(items), tools, stopping.signal) };
}

const poisoned = (records: readonly StreamRecord[]): unknown => {
  if (itemsOf(records).includes("x")) throw new Error("poison");
  return null;
};

describe("a batch of a stream", () => {
  it("that is handled is done", async () => {
    const { seen, delivered } = deliver("abc", () => ({ batchItemFailures: [] }));
    expect(await delivered).toBe(true);
    expect(seen).toEqual({ invoked: ["abc"], quarantined: [], progress: [3], waits: [] });
  });

  it("with a poisonous record is bisected until that record is alone, in order, and then quarantined", async () => {
    const { seen, delivered } = deliver("abxd", poisoned, { maxRetryAttempts: 1 });
    expect(await delivered).toBe(true);
    expect(seen.invoked).toEqual(["abxd", "ab", "xd", "x", "x", "d"]);
    expect(seen.quarantined).toEqual(["x"]);
    expect(seen.progress).toEqual([2, 2, 2, 3, 4]);
  });

  it("waits longer after each failure of the same records", async () => {
    const { seen, delivered } = deliver("a", (records, nth) =>
      nth < 4 ? { batchItemFailures: [{ itemIdentifier: records[0]?.sequenceNumber }] } : null,
    );
    expect(await delivered).toBe(true);
    expect(seen.waits).toEqual([100, 200, 400]);
  });

  it("is not handled when the stack stops meanwhile, and no further progress is told", async () => {
    const { seen, stopping, delivered } = deliver("ab", () => {
      stopping.abort();
      throw new Error("ended with the stack");
    });
    expect(await delivered).toBe(false);
    expect(seen.progress).toEqual([]);
  });
});
