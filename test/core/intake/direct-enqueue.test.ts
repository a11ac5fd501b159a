/**
 * A row's message goes onto the queue twice, by the API and by the stream: in whichever order, and however long after
 * the other, its merchant is called once.
 */
import { describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { Intake } from "../../../core/intake/intake.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { processChanges } from "../../../lambdas/stream-transactions/process.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { UNTRACED_STREAM } from "../../support/untraced.ts";
import { VISIBILITY_SECONDS, type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";
import { NO_SANDBOX } from "../../support/no-sandbox.ts";

const MINUTE_MS = 60_000;
const ROW_KEYS = { dueShards: 1, merchantShards: 1, leaseMs: 900_000 };
const merchant = { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: "https://merchant.example/" };
const submission = {
  transactionId: "t-1",
  merchantId: "m-1",
  outcome: "APPROVED",
  amount: "12.50",
  currency: "EUR",
  occurredAt: "2026-11-22T10:00:00Z",
};

interface World extends WorkerHarness {
  /** What the API does after its write. */
  readonly direct: () => Promise<unknown>;
  /** What the stream does with the write, whenever that is. */
  readonly stream: () => Promise<string[]>;
  /** Handles all that the queue gives. */
  readonly work: () => Promise<void>;
  readonly calls: () => number;
}

function world(): World {
  const harness = workerHarness();
  const { queue, ordered, table, clock } = harness;
  table.rows.clear();
  const intake = new Intake({
    table,
    merchants: { get: async () => new Map([["m-1", { merchant, keys: undefined }]]) },
    guard: new AddressGuard([]),
    maxBodyBytes: 100_000,
    rowKeys: ROW_KEYS,
    nowMs: clock.now,
    direct: {
      confirmations: queue,
      order: "transaction",
      within: async (sent) => {
        await sent;
      },
    },
  });
  const merchants = new Map([["m-1", { merchant, keys: undefined }]]);
  const made = intake.rowOf({ submission }, merchants, "tests", clock.now());
  if ("errors" in made) throw new Error(JSON.stringify(made.errors));
  table.put(made.row);
  const written = table.changes.length;
  return {
    ...harness,
    direct: () => intake.enqueueRaised(made.row, 1),
    stream: () =>
      processChanges(
        table.changes.slice(written - 1, written).map((change) => ({ ...change, sequenceNumber: "1" })),
        {
          table,
          confirmations: queue,
          ordered,
          deadLetters: new MemoryQueue(clock.now),
          sandboxMerchants: NO_SANDBOX,
          order: "transaction",
          settledDays: 90,
          decide: ROW_KEYS,
          count: () => undefined,
          debug: () => undefined,
          warn: () => undefined,
          now: clock.now,
          traces: UNTRACED_STREAM,
        },
      ),
    work: async () => {
      for (let batch = await queue.receive(VISIBILITY_SECONDS); batch.length > 0;) {
        for (const received of batch)
          await harness.confirmation.handle(new InFlightMessage(received, clock.elapsedMs(), VISIBILITY_SECONDS));
        batch = await queue.receive(VISIBILITY_SECONDS);
      }
    },
    calls: () => harness.journal.filter((step) => step === "call").length,
  };
}

const rowOf = ({ table }: World): AttributeMap => table.rows.get("t-1") ?? {};

describe("a message that the API sends itself", () => {
  it("is the one that the stream would send: the stream's is swallowed within five minutes", async () => {
    const one = world();
    await one.direct();
    expect(await one.stream()).toEqual([]);
    expect(one.queue.accepted).toHaveLength(1);
    await one.work();
    expect({ calls: one.calls(), state: stateOf(rowOf(one)) }).toEqual({ calls: 1, state: "CONFIRMED" });
  });

  it("is swallowed itself where the stream was first", async () => {
    const one = world();
    await one.stream();
    await one.direct();
    expect(one.queue.accepted).toHaveLength(1);
    await one.work();
    expect(one.calls()).toBe(1);
  });

  it("costs no second call when the stream comes after five minutes and the worker was done", async () => {
    const one = world();
    await one.direct();
    await one.work();
    one.clock.advance(6 * MINUTE_MS);
    await one.stream();
    expect(one.queue.accepted).toHaveLength(2);
    await one.work();
    expect({ calls: one.calls(), left: one.queue.messages }).toEqual({ calls: 1, left: [] });
  });

  it("costs none when the stream comes after five minutes and nobody has worked yet", async () => {
    const one = world();
    await one.direct();
    one.clock.advance(6 * MINUTE_MS);
    await one.stream();
    expect(one.queue.messages).toHaveLength(2);
    await one.work();
    expect({ calls: one.calls(), left: one.queue.messages }).toEqual({ calls: 1, left: [] });
  });

  it("is not needed: without it, and with a stream that comes late, the row is confirmed all the same", async () => {
    const one = world();
    one.queue.isDown = true;
    await expect(one.direct()).resolves.toBeUndefined();
    one.queue.isDown = false;
    one.clock.advance(60 * MINUTE_MS);
    await one.stream();
    await one.work();
    expect({ calls: one.calls(), state: stateOf(rowOf(one)) }).toEqual({ calls: 1, state: "CONFIRMED" });
  });
});
