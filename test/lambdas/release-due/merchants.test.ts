import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../core/attribute-value.ts";
import type { Gate } from "../../../core/gate.ts";
import { grantMerchants, type MerchantReleaseParts } from "../../../lambdas/release-due/merchants.ts";
import { START_MS } from "../../faults/fake-clock.ts";
import { MemoryGates } from "../../faults/memory-gates.ts";
import { MemoryTable } from "../../faults/memory-table.ts";
import { merchantRow, number, text, transactionRow } from "../../faults/rows.ts";

const EVERY_MS = 5000;
const URL_TEXT = "https://merchant.example/in";

function bench(waiting: number, gate: Partial<Gate> = {}, merchant: AttributeMap = {}) {
  const gates = new MemoryGates();
  const table = new MemoryTable();
  for (let index = 0; index < waiting; index += 1) {
    const dueAt = number(START_MS + 100_000 + index);
    const dueKey = text(`M#m-1#${index % 2}`);
    table.put(transactionRow({ transactionId: text(`t-${index}`), dueKey, dueAt }));
  }
  const parts: MerchantReleaseParts = {
    gates,
    waitingGates: () => gates.waiting(),
    merchants: {
      read: async () => ({
        rows: new Map([["m-1", merchantRow({ confirmationUrl: text(URL_TEXT), ...merchant })]]),
        unread: new Set(),
      }),
    },
    dueIds: table.dueIds,
    merchantShards: 2,
    maxReleaseRate: 2000,
    maxOpenMs: 300_000,
    everyMs: EVERY_MS,
  };
  const marked = gates.markWaiting("m-1", false, START_MS);
  gates.put("m-1", gate);
  const grant = async (now = START_MS, isFirstLook = true) => {
    await marked;
    return grantMerchants(parts, now, isFirstLook);
  };
  return { gates, table, parts, grant };
}

describe("what waits for a merchant", () => {
  it.each<[string, Partial<Gate>]>([
    ["it is paused", { pausedAt: START_MS - 1 }],
    ["its URL is disabled", { disabledUrls: [URL_TEXT] }],
    ["its circuit is open", { circuitOpenUntil: START_MS + 1 }],
  ])("stays while %s", async (_, gate) => {
    const { grant } = bench(10, gate);
    expect(await grant()).toEqual([]);
  });

  it("goes out past its time whatever the gate says, so that it can be given up", async () => {
    const { grant } = bench(3, { pausedAt: START_MS - 1 });
    expect(await grant(START_MS + 100_001)).toHaveLength(2);
  });

  it("is one for the probe of a half-open circuit", async () => {
    const { grant } = bench(10, { circuitOpenUntil: START_MS - 1 });
    expect(await grant()).toEqual(["t-0"]);
  });

  it("goes out at a rate that doubles look by look while it is taken", async () => {
    const { grant, gates } = bench(5000, { releaseRate: 10, releasedAt: START_MS - EVERY_MS });
    const released: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      const ids = await grant(START_MS + look * EVERY_MS);
      released.push(ids.length);
    }
    expect(released).toEqual([100, 200, 400, 800]);
    expect(gates.gate("m-1").releaseRate).toBe(160);
  });

  it("goes out half as fast once some of it was turned away, and never stops", async () => {
    const { grant, gates } = bench(5000, { releaseRate: 0.8, releasedAt: START_MS - EVERY_MS });
    const released: number[] = [];
    for (let now = START_MS; now <= START_MS + 6 * EVERY_MS; now += EVERY_MS) {
      gates.put("m-1", { turnedAwayAt: now });
      released.push((await grant(now)).length);
    }
    expect(released).toEqual([2, 1, 0, 1, 0, 1, 0]);
    expect(gates.gate("m-1").releaseRate).toBe(0.1);
  });

  it("goes out inside the merchant's rate limit", async () => {
    const limit = { rateLimitPerSecond: number(7) };
    const { grant } = bench(5000, { releaseRate: 1000, releasedAt: START_MS - EVERY_MS }, limit);
    expect(await grant()).toHaveLength(35);
  });

  it("goes out the oldest first, from every shard", async () => {
    const { grant } = bench(100, { releaseRate: 1, releasedAt: START_MS - 2000 });
    expect(await grant()).toEqual(["t-0", "t-1", "t-2", "t-3"]);
  });

  it("is released by one of two runs at the same time", async () => {
    const { grant } = bench(100, { releaseRate: 10, releasedAt: START_MS - 1000 });
    const [one, other] = await Promise.all([grant(), grant()]);
    expect([one.length, other.length].toSorted((a, b) => a - b)).toEqual([0, 20]);
  });

  it("does not gather credits over the time in which nothing was released", async () => {
    const { grant } = bench(5000, { releaseRate: 10, releasedAt: START_MS - 60_000 });
    expect(await grant()).toHaveLength(200);
  });

  it("starts slowly again when the last release is so long ago that its rate says nothing", async () => {
    const { grant, gates } = bench(5000, { releaseRate: 2000, releasedAt: START_MS - 60_001 });
    expect(await grant()).toHaveLength(100);
    expect(gates.gate("m-1").releaseRate).toBe(10);
  });

  it("does not go out faster and faster while there is too little of it to try the rate", async () => {
    const { grant, gates } = bench(30, { releaseRate: 40, releasedAt: START_MS - EVERY_MS });
    expect(await grant()).toHaveLength(30);
    expect(gates.gate("m-1").releaseRate).toBe(40);
  });

  it("is forgotten when nothing was there for longer than a task can hold a message, and not before", async () => {
    const { grant, gates } = bench(0);
    await grant(START_MS + 46_800_000);
    expect((await gates.waiting()).size).toBe(1);
    await grant(START_MS + 46_800_001);
    expect((await gates.waiting()).size).toBe(0);
  });

  it("goes out, for all merchants together, no faster than the pipeline is sized for, each merchant in turn", async () => {
    const { grant, gates, table } = bench(8000, { releaseRate: 1000, releasedAt: START_MS - EVERY_MS });
    for (let index = 0; index < 8000; index += 1) {
      const row = { dueKey: text("M#m-2#0"), dueAt: number(START_MS + 100_000 + index) };
      table.put(transactionRow({ transactionId: text(`u-${index}`), ...row }));
    }
    await gates.markWaiting("m-2", false, START_MS);
    gates.put("m-2", { releaseRate: 1000, releasedAt: START_MS - EVERY_MS });
    const ids = await grant();
    expect(ids).toHaveLength(2000 * (EVERY_MS / 1000));
    expect(ids.filter((id) => id.startsWith("u-"))).toHaveLength(ids.length / 2);
  });

  it("is come to look by look where very many merchants wait", async () => {
    const { grant, gates, table } = bench(1);
    for (let index = 2; index <= 2500; index += 1) {
      const row = { dueKey: text(`M#m-${index}#0`), dueAt: number(START_MS + 100_000) };
      table.put(transactionRow({ transactionId: text(`t-${index}`), ...row }));
      await gates.markWaiting(`m-${index}`, false, START_MS);
    }
    const ids = new Set<string>();
    for (let look = 0; look < 3; look += 1) {
      const now = await grant(START_MS + look * EVERY_MS);
      expect(now.length).toBeLessThanOrEqual(1000);
      for (const id of now) ids.add(id);
    }
    expect(ids.size).toBe(2500);
  });

  it("is looked for in a run's first look only, once it has been quiet", async () => {
    const { grant } = bench(10);
    expect(await grant(START_MS + 300_000, false)).toEqual([]);
    expect(await grant(START_MS + 300_000, true)).not.toEqual([]);
  });
});
