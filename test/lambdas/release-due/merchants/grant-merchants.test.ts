import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import type { MerchantHealth } from "../../../../core/merchant/merchant-health.ts";
import { grantMerchants } from "../../../../lambdas/release-due/merchants/grant-merchants.ts";
import type { MerchantReleaseParts } from "../../../../lambdas/release-due/merchants/merchant-release-parts.ts";
import { demandOf } from "../../../../lambdas/release-due/merchants/release-rate.ts";
import { START_MS } from "../../../support/fake-clock.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";
import { MemoryTable } from "../../../support/memory-table.ts";
import { merchantRow, number, text, transactionRow } from "../../../support/rows.ts";
import { NO_SANDBOX, SANDBOX_LIMITS } from "../../../support/no-sandbox.ts";

const EVERY_MS = 5000;
const URL_TEXT = "https://merchant.example/in";

function bench(waiting: number, health: Partial<MerchantHealth> = {}, merchant: AttributeMap = {}) {
  const healthTable = new MemoryMerchantHealth();
  const table = new MemoryTable();
  for (let index = 0; index < waiting; index += 1) {
    const dueAt = number(START_MS + 100_000 + index);
    const dueKey = text(`M#m-1#${index % 2}`);
    table.put(transactionRow({ transactionId: text(`t-${index}`), dueKey, dueAt }));
  }
  const reads = { queries: 0, ids: 0 };
  const warnings: string[] = [];
  const parts = {
    healthTable,
    waitingMerchants: () => healthTable.waiting(),
    merchants: {
      read: async (_ids: readonly string[]) => ({
        rows: new Map([["m-1", merchantRow({ confirmationUrl: text(URL_TEXT), ...merchant })]]),
        unread: new Set<string>(),
      }),
    },
    dueIds: async (dueKey: string, dueUntil: number, limit: number, isLastFirst = false) => {
      const all = isLastFirst ? (await table.dueIds(dueKey, dueUntil, Number.MAX_SAFE_INTEGER)).toReversed() : [];
      const ids = isLastFirst ? all.slice(0, limit) : await table.dueIds(dueKey, dueUntil, limit);
      reads.queries += 1;
      reads.ids += ids.length;
      return ids;
    },
    merchantShards: 2,
    sandbox: SANDBOX_LIMITS,
    sandboxMerchants: NO_SANDBOX,
    maxReleaseRate: 2000,
    maxOpenMs: 300_000,
    everyMs: EVERY_MS,
    warn: (message: string) => void warnings.push(message),
    random: () => 0,
  } satisfies MerchantReleaseParts;
  const marked = healthTable.markWaiting("m-1", false, START_MS);
  healthTable.put("m-1", health);
  const grant = async (now = START_MS, isFirstLook = true) => {
    await marked;
    return grantMerchants(parts, now, isFirstLook);
  };
  return { healthTable, table, parts, grant, reads, warnings };
}

describe("what waits for a merchant", () => {
  it.each<[string, Partial<MerchantHealth>]>([
    ["it is paused", { pausedAt: START_MS - 1 }],
    ["its URL is disabled", { disabledUrls: [URL_TEXT] }],
    ["its circuit is open", { circuitOpenUntil: START_MS + 1 }],
  ])("stays while %s", async (_, health) => {
    const { grant } = bench(10, health);
    expect(await grant()).toEqual([]);
  });

  it.each([
    ["challenged", 0],
    ["failed", 0],
    ["verified", 100],
    ["vouched", 100],
  ])("stays, or goes on, with its address: %s", async (name, count) => {
    const entry = { M: { state: text(name), at: number(1) } };
    const { grant } = bench(100, {}, { origins: { M: { "https://merchant.example": entry } } });
    expect(await grant()).toHaveLength(count);
  });

  describe("with channels, while its URL may not be called", () => {
    const own = { M: { id: text("web"), kind: text("webhook") } };
    const mail = { M: { id: text("mail"), kind: text("email"), to: text("a@b.example"), template: text("paid") } };
    const phone = { M: { id: text("sms"), kind: text("sms"), to: text("+525512345678"), template: text("paid") } };
    const other = { M: { ...own.M, id: text("other"), url: text("https://other.example/in") } };
    const unverified = { "https://merchant.example": { M: { state: text("challenged"), at: number(1) } } };

    it.each([
      ["goes out, as a mail needs none", [mail], 100],
      ["goes out, as a mail may come after it", [own, mail], 100],
      ["goes out, as a webhook has another", [other], 100],
      ["stays, as each of them needs it", [own], 0],
      ["stays, as nothing else may be sent: consent is missing", [own, phone], 0],
    ])("%s", async (_, channels, count) => {
      const row = { channels: { L: channels } };
      const { grant } = bench(100, {}, { ...row, origins: { M: unverified } });
      expect(await grant()).toHaveLength(count);
      const disabled = bench(100, { disabledUrls: [URL_TEXT] }, row);
      expect(await disabled.grant()).toHaveLength(count);
    });
  });

  it("goes out past its time whatever the health row says, so that it can be given up", async () => {
    const { grant } = bench(3, { pausedAt: START_MS - 1 });
    expect(await grant(START_MS + 100_001)).toHaveLength(2);
  });

  it("is one for the probe of a half-open circuit", async () => {
    const { grant } = bench(10, { circuitOpenUntil: START_MS - 1 });
    expect(await grant()).toEqual(["t-8"]);
  });

  it("is not always the same one for the probe: it would use up its attempts for all the others", async () => {
    const { parts } = bench(500, { circuitOpenUntil: START_MS - 1 });
    const probes = [0.25, 0.5, 0.999].map((random) =>
      grantMerchants({ ...parts, random: () => random }, START_MS, false),
    );
    expect(await Promise.all(probes)).toEqual([["t-475"], ["t-448"], ["t-401"]]);
  });

  it("goes out no faster than the sandbox allows, where its merchant is of it", async () => {
    const health = { releaseRate: 100, releasedAt: START_MS - EVERY_MS };
    const { grant } = bench(5000, health, { environment: text("sandbox"), rateLimitPerSecond: number(500) });
    expect(await grant()).toHaveLength((10 * EVERY_MS) / 1000);
  });

  it("is the sandbox's own share of the rate, which takes nothing from live merchants", async () => {
    const health = { releaseRate: 1000, releasedAt: START_MS - EVERY_MS };
    const { parts, grant, healthTable } = bench(5000, health);
    parts.maxReleaseRate = 40;
    for (let merchant = 0; merchant < 20; merchant += 1) {
      await healthTable.markWaiting(`dev-${merchant}`, false, START_MS);
      healthTable.put(`dev-${merchant}`, { ...health });
    }
    expect((await grant()).length).toBeLessThanOrEqual(10);
    healthTable.put("m-1", { ...health });
    const all = new Set(Array.from({ length: 20 }, (_, merchant) => `dev-${merchant}`));
    parts.sandboxMerchants = { among: async () => all };
    expect(await grant()).toHaveLength((40 * EVERY_MS) / 1000);
  });

  it("goes out at a rate that doubles look by look while it is taken", async () => {
    const { grant, healthTable } = bench(5000, { releaseRate: 10, releasedAt: START_MS - EVERY_MS });
    const released: number[] = [];
    for (let look = 0; look < 4; look += 1) {
      const ids = await grant(START_MS + look * EVERY_MS);
      released.push(ids.length);
    }
    expect(released).toEqual([100, 200, 400, 800]);
    expect(healthTable.health("m-1").releaseRate).toBe(160);
  });

  it("goes out half as fast once some of it was turned away, and never stops", async () => {
    const { grant, healthTable } = bench(5000, { releaseRate: 0.8, releasedAt: START_MS - EVERY_MS });
    const released: number[] = [];
    for (let now = START_MS; now <= START_MS + 6 * EVERY_MS; now += EVERY_MS) {
      healthTable.put("m-1", { turnedAwayAt: now });
      released.push((await grant(now)).length);
    }
    expect(released).toEqual([2, 1, 0, 1, 0, 1, 0]);
    expect(healthTable.health("m-1").releaseRate).toBe(0.1);
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

  it("is requeued by one of two runs at the same time", async () => {
    const { grant } = bench(100, { releaseRate: 10, releasedAt: START_MS - 1000 });
    const [one, other] = await Promise.all([grant(), grant()]);
    expect([one.length, other.length].toSorted((a, b) => a - b)).toEqual([0, 20]);
  });

  it("does not gather credits over the time in which nothing was requeued", async () => {
    const { grant } = bench(5000, { releaseRate: 10, releasedAt: START_MS - 60_000 });
    expect(await grant()).toHaveLength(200);
  });

  it("starts slowly again when the last release is so long ago that its rate says nothing", async () => {
    const { grant, healthTable } = bench(5000, { releaseRate: 2000, releasedAt: START_MS - 60_001 });
    expect(await grant()).toHaveLength(100);
    expect(healthTable.health("m-1").releaseRate).toBe(10);
  });

  it("keeps of its rate what it takes, so that what is left of it is the other merchants'", async () => {
    const { grant, healthTable } = bench(30, { releaseRate: 20, releasedAt: START_MS - EVERY_MS });
    expect(await grant()).toHaveLength(30);
    expect(healthTable.health("m-1").releaseRate).toBe(6);
  });

  it("takes nothing of what there is for all once nothing is left, until something waits again", async () => {
    const { grant, healthTable, parts } = bench(0, { releaseRate: 40, releasedAt: START_MS - EVERY_MS });
    expect(await grant()).toEqual([]);
    expect(demandOf(healthTable.health("m-1"), parts, START_MS + EVERY_MS)).toBe(0);
    await healthTable.markWaiting("m-1", false, START_MS + 1);
    expect(demandOf(healthTable.health("m-1"), parts, START_MS + EVERY_MS)).toBe(10);
  });

  it("is forgotten when nothing was there for longer than a task can hold a message, and not before", async () => {
    const [before, after] = [bench(0), bench(0)];
    await before.grant(START_MS + 46_800_000);
    expect((await before.healthTable.waiting()).size).toBe(1);
    await after.grant(START_MS + 46_800_001);
    expect((await after.healthTable.waiting()).size).toBe(0);
  });

  it("goes out, for all merchants, no faster than the pipeline is sized for, each merchant in turn", async () => {
    const { grant, healthTable, table } = bench(8000, { releaseRate: 1000, releasedAt: START_MS - EVERY_MS });
    for (let index = 0; index < 8000; index += 1) {
      const row = { dueKey: text("M#m-2#0"), dueAt: number(START_MS + 100_000 + index) };
      table.put(transactionRow({ transactionId: text(`u-${index}`), ...row }));
    }
    await healthTable.markWaiting("m-2", false, START_MS);
    healthTable.put("m-2", { releaseRate: 1000, releasedAt: START_MS - EVERY_MS });
    const ids = await grant();
    expect(ids).toHaveLength(2000 * (EVERY_MS / 1000));
    expect(ids.filter((id) => id.startsWith("u-"))).toHaveLength(ids.length / 2);
  });

  it("comes to every merchant in the same look where very many wait, each of them as much", async () => {
    const { grant, healthTable, table, parts, reads } = bench(1);
    parts.maxReleaseRate = 160;
    for (let index = 2; index <= 200; index += 1) {
      for (let row = 0; row < 10; row += 1)
        table.put(
          transactionRow({
            transactionId: text(`t-${index}-${row}`),
            dueKey: text(`M#m-${index}#0`),
            dueAt: number(START_MS + 100_000),
          }),
        );
      await healthTable.markWaiting(`m-${index}`, false, START_MS);
    }
    const ids = await grant();
    const each = Map.groupBy(ids, (id) => id.split("-")[1]);
    expect(each.size).toBe(200);
    // 160 a second, for the five seconds of a look, among 200.
    expect(new Set([...each.values()].map((some) => some.length))).toEqual(new Set([1, 4]));
    expect(reads.ids).toBeLessThanOrEqual(2 * ids.length);
  });

  it("costs a look what it gives out, not what waits", async () => {
    const { grant, reads } = bench(5000, { releaseRate: 10, releasedAt: START_MS - EVERY_MS });
    const ids = await grant();
    expect(ids).toHaveLength(100);
    expect(reads.ids).toBe(100);
  });

  it("costs nothing in a look that is not the first while its merchant is paused", async () => {
    const { grant, reads } = bench(5000, { pausedAt: START_MS - 1, releasedAt: START_MS - 1000 });
    expect(await grant(START_MS, false)).toEqual([]);
    expect(reads.queries).toBe(0);
  });

  it("goes out for all others when the health row of one merchant is throttled, or its row", async () => {
    const { grant, healthTable, table, parts, warnings } = bench(10);
    for (let index = 2; index <= 20; index += 1) {
      const row = { dueKey: text(`M#m-${index}#0`), dueAt: number(START_MS + 100_000) };
      table.put(transactionRow({ transactionId: text(`u-${index}`), ...row }));
      await healthTable.markWaiting(`m-${index}`, false, START_MS);
    }
    await grant(START_MS - EVERY_MS, false);
    healthTable.throttles = (id, access) => id === "m-7" && access === "write";
    const { read } = parts.merchants;
    parts.merchants.read = async (ids) => ({ ...(await read(ids)), unread: new Set(["m-9"]) });
    const ids = await grant();
    expect(ids.filter((id) => id.startsWith("u-"))).toHaveLength(17);
    expect(ids).not.toContain("u-7");
    expect(ids).not.toContain("u-9");
    expect(warnings).toEqual(["what waits for a merchant waits on"]);
  });

  it("is looked for in a run's first look only, once it has been quiet", async () => {
    const { grant } = bench(10);
    expect(await grant(START_MS + 300_000, false)).toEqual([]);
    expect(await grant(START_MS + 300_000, true)).not.toEqual([]);
  });
});

describe("what waits for a merchant, with two executions that each look after one of its shards", () => {
  const FAST = { releaseRate: 50, releasedAt: START_MS - EVERY_MS };

  function executions(waiting: number, health: Partial<MerchantHealth>) {
    const { parts, healthTable, table } = bench(waiting, health);
    const of = (shard: number) => {
      const own = { ...parts, isMine: (_: string, one: number) => one === shard, followed: new Map<string, number>() };
      return (now: number) => grantMerchants(own, now, false);
    };
    return { first: of(0), second: of(1), healthTable, table };
  }

  it("is requeued by both of them at a rate that is worth it, each its part", async () => {
    const { first, second, healthTable } = executions(5000, FAST);
    const ids = await first(START_MS);
    expect(ids).toHaveLength(250);
    expect(ids.every((id) => Number(id.slice(2)) % 2 === 0)).toBe(true);
    expect(healthTable.health("m-1").releaseRate).toBe(100);
    const others = await second(START_MS + 10);
    expect(others).toHaveLength(250);
    expect(others.every((id) => Number(id.slice(2)) % 2 === 1)).toBe(true);
  });

  it("goes out once for each rate that was noted", async () => {
    const { second, first } = executions(5000, FAST);
    await first(START_MS);
    await second(START_MS + 10);
    expect(await second(START_MS + EVERY_MS)).toEqual([]);
    await first(START_MS + EVERY_MS);
    expect(await second(START_MS + EVERY_MS + 10)).toHaveLength(500);
  });

  it("is requeued by the first one alone, from both shards, at a small rate", async () => {
    const { first, second } = executions(100, { releaseRate: 1, releasedAt: START_MS - 2000 });
    expect(await first(START_MS)).toEqual(["t-0", "t-1", "t-2", "t-3"]);
    expect(await second(START_MS + 10)).toEqual([]);
  });

  it("keeps its rate while only the other one's shard has some left", async () => {
    const { first, second, healthTable, table } = executions(1000, FAST);
    for (let index = 0; index < 1000; index += 2) table.remove(`t-${index}`);
    expect(await first(START_MS)).toEqual([]);
    expect(healthTable.health("m-1").releaseRate).toBe(100);
    expect(await second(START_MS + 10)).toHaveLength(250);
  });

  it("has one probe, whichever shard it is in", async () => {
    const { first, second, table } = executions(4, { circuitOpenUntil: START_MS - 1 });
    for (const id of ["t-0", "t-2"]) table.remove(id);
    expect(await first(START_MS)).toEqual(["t-3"]);
    expect(await second(START_MS)).toEqual([]);
  });
});
