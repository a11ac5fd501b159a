import { describe, expect, it } from "@jest/globals";
import { noteElsewhere } from "../../../core/aws/note-elsewhere.ts";
import type { Accepted } from "../../../core/transaction/accepted.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { transactionRow } from "../../support/rows.ts";
import { type BenchChanges, type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

interface Recorded {
  readonly transactionId: string;
  readonly version: number;
  readonly merchantId: string | undefined;
}

function journaled(row = transactionRow(), changes: BenchChanges = {}): [WorkerHarness, Recorded[]] {
  const recorded: Recorded[] = [];
  const journal = {
    recorded: (transactionId: string, version: number, accepted: Accepted | undefined) =>
      void recorded.push({ transactionId, version, merchantId: accepted?.merchantId }),
  };
  return [workerHarness(row, { ...changes, journal }), recorded];
}

describe("the journal", () => {
  it("has what was recorded as confirmed, with what its merchant accepted", async () => {
    const [harness, recorded] = journaled();
    await harness.handle();
    expect(recorded).toEqual([{ transactionId: "t-1", version: 1, merchantId: "m-1" }]);
  });

  it("has nothing of what failed", async () => {
    const [harness, recorded] = journaled();
    harness.answer = () => ({ kind: "failed", class: "status_5xx", status: 500 }) as never;
    await harness.handle();
    expect(recorded).toEqual([]);
  });

  it("has nothing before the table has it", async () => {
    const record = new Promise<never>(() => undefined);
    const [harness, recorded] = journaled(transactionRow(), { table: { record: () => record } });
    void harness.handle();
    await new Promise((resolve) => setImmediate(resolve));
    expect(recorded).toEqual([]);
  });

  it("has nothing of what another system confirms, as that is no call from here", async () => {
    const [harness, recorded] = journaled();
    harness.merchant = { switches: [{ mode: "shadow" }] };
    await harness.handle();
    expect(harness.table.row("t-1")).toHaveProperty("confirmedBy");
    expect(recorded).toEqual([]);
  });

  it("has what was delivered from here too, while the other system said that it confirmed it", async () => {
    const [harness, recorded] = journaled();
    const { table } = harness;
    harness.answer = async () => {
      const said = [{ transactionId: "t-1", version: 1, at: START_MS }];
      await noteElsewhere(said, "cron", { table, settledDays: 90, nowMs: harness.clock.now, warn: () => undefined });
      return { kind: "delivered", status: 200 } as const;
    };
    await harness.handle();
    expect(recorded).toEqual([{ transactionId: "t-1", version: 1, merchantId: "m-1" }]);
  });
});
