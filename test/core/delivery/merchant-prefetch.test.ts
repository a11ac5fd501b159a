import { stat } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { type MerchantHealth, HEALTHY } from "../../../core/merchant/merchant-health.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import { MerchantHealthDirectory } from "../../../core/delivery/admission/merchant-health-directory.ts";
import { MerchantDirectory } from "../../../core/delivery/merchant-directory.ts";
import { MerchantPrefetch } from "../../../core/delivery/merchant-prefetch.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { type Changes, merchantRow, number, text, transactionRow } from "../../support/rows.ts";

const masterKeys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));
const paused: MerchantHealth = { ...HEALTHY, pausedAt: 1 };
const rowOf = (merchantId: string) => transactionRow({ merchantId: text(merchantId) });

function bench() {
  const clock = new FakeClock();
  const healthRows = new Map<string, MerchantHealth>();
  const unread = { merchants: new Set<string>(), gates: new Set<string>() };
  /** Ids of merchants and of health rows, by call; and what was read one by one. */
  const together: (readonly (readonly string[])[])[] = [];
  const singly: string[] = [];
  const hooks = { answering: async (): Promise<unknown> => undefined };
  /** Attributes that the rows of merchants have just now, and those that only a broken KMS can open. */
  const shape = { changes: {} as Changes, sealed: "" };
  const rowsOf = (ids: readonly string[]) =>
    new Map(
      ids
        .filter((id) => !unread.merchants.has(id) && !id.startsWith("unknown"))
        .map((id) => [
          id,
          merchantRow({
            merchantId: text(id),
            ...shape.changes,
            ...(id === shape.sealed && { encryptedSecret: { B: Buffer.from("sealed") } }),
          }),
        ]),
    );
  const gatesOf = (ids: readonly string[]) => new Map([...healthRows].filter(([id]) => ids.includes(id)));
  const merchants = new MerchantDirectory(
    {
      read: async (ids) => {
        singly.push(...ids);
        return { rows: rowsOf(ids), unread: new Set<string>() };
      },
    },
    masterKeys,
    clock.now,
  );
  const healthDirectory = new MerchantHealthDirectory(
    {
      read: async (ids) => {
        singly.push(...ids);
        return { healthRows: gatesOf(ids), unread: new Set<string>() };
      },
    },
    clock.now,
  );
  const prefetch = new MerchantPrefetch({
    table: {
      read: async (merchantIds, healthIds) => {
        together.push([merchantIds, healthIds]);
        const found = { rows: rowsOf(merchantIds), unread: unread.merchants };
        const foundHealth = gatesOf(healthIds.filter((id) => !unread.gates.has(id)));
        await hooks.answering();
        return { merchants: found, health: { healthRows: foundHealth, unread: unread.gates } };
      },
    },
    merchants,
    healthDirectory,
    now: clock.now,
  });
  return { clock, healthRows, shape, unread, together, singly, hooks, merchants, healthDirectory, prefetch };
}

describe("merchants ahead", () => {
  it("are read together with their health rows, in one call, and then are there at once", async () => {
    const { prefetch, together, singly, merchants, healthDirectory, healthRows } = bench();
    healthRows.set("m-2", paused);
    await prefetch.look([rowOf("m-1"), rowOf("m-2"), rowOf("m-1")]);
    expect(together).toEqual([
      [
        ["m-1", "m-2"],
        ["m-1", "m-2"],
      ],
    ]);
    expect(merchants.get("m-1")).toMatchObject({ merchant: { merchantId: "m-1" } });
    expect([healthDirectory.get("m-1"), healthDirectory.get("m-2")]).toEqual([HEALTHY, paused]);
    expect(singly).toEqual([]);
  });

  it("are read again as seldom as without, each by its own time", async () => {
    const { prefetch, together, clock, healthRows } = bench();
    healthRows.set("m-2", paused);
    const rows = [rowOf("m-1"), rowOf("m-2")];
    await prefetch.look(rows);
    expect(prefetch.look(rows)).toBeUndefined();
    clock.advance(1000);
    await prefetch.look(rows);
    clock.advance(4000);
    await prefetch.look(rows);
    clock.advance(5000);
    await prefetch.look(rows);
    expect(together.slice(1)).toEqual([
      [[], ["m-2"]],
      [[], ["m-1", "m-2"]],
      [
        ["m-1", "m-2"],
        ["m-1", "m-2"],
      ],
    ]);
  });

  it("leaves alone what is no merchant's id", async () => {
    const { prefetch, together } = bench();
    const rows = [transactionRow({ merchantId: undefined }), transactionRow({ merchantId: number(1) }), rowOf("")];
    expect(prefetch.look(rows)).toBeUndefined();
    expect(together).toEqual([]);
  });

  it("asks for no more than a hundred at once", async () => {
    const { prefetch, together } = bench();
    await prefetch.look(Array.from({ length: 100 }, (_, index) => rowOf(`m-${index}`)));
    expect(together.flat(2)).toHaveLength(100);
  });

  it("does not overrule what this task did to a health row meanwhile", async () => {
    const { prefetch, healthDirectory, hooks } = bench();
    hooks.answering = async () => healthDirectory.put("m-1", paused);
    await prefetch.look([rowOf("m-1")]);
    expect(healthDirectory.get("m-1")).toEqual(paused);
  });

  it("leaves to whoever needs it what is unknown or was left unread", async () => {
    const { prefetch, merchants, healthDirectory, unread, singly } = bench();
    unread.merchants.add("m-1");
    unread.gates.add("m-1");
    await prefetch.look([rowOf("m-1"), rowOf("unknown")]);
    unread.merchants.clear();
    expect(await merchants.get("m-1")).toMatchObject({ merchant: { merchantId: "m-1" } });
    expect(await healthDirectory.get("m-1")).toEqual(HEALTHY);
    expect(await merchants.get("unknown")).toMatchObject({ code: "merchant_unknown" });
    expect(singly).toEqual(["m-1", "m-1", "unknown"]);
  });

  it("says nothing of a failure, and rests for a second", async () => {
    const { prefetch, together, hooks, clock, merchants } = bench();
    hooks.answering = async () => {
      throw new Error("the table is throttled");
    };
    await prefetch.look([rowOf("m-1")]);
    expect(prefetch.look([rowOf("m-1")])).toBeUndefined();
    expect(await merchants.get("m-1")).toMatchObject({ merchant: { merchantId: "m-1" } });
    clock.advance(1000);
    await prefetch.look([rowOf("m-2")]);
    expect(together).toHaveLength(2);
  });

  it("reads a merchant whose secret is still to be opened like any other: KMS is not asked", async () => {
    const { prefetch, together, shape, merchants } = bench();
    shape.sealed = "m-1";
    await prefetch.look([rowOf("m-1"), rowOf("m-2")]);
    expect(together).toHaveLength(1);
    expect(["m-1", "m-2"].map((id) => merchants.isKnown(id))).toEqual([true, true]);
  });

  it("does not bring back what was so before another read, when it answers late", async () => {
    const { prefetch, hooks, shape, clock, healthRows, merchants, healthDirectory } = bench();
    const response = Promise.withResolvers<void>();
    hooks.answering = () => response.promise;
    const looked = prefetch.look([rowOf("m-1")]);
    clock.advance(200);
    shape.changes = { confirmationUrl: text("https://merchant.example/new") };
    await merchants.get("m-1");
    await healthDirectory.get("m-1");
    healthRows.set("m-1", paused);
    clock.advance(4000);
    response.resolve();
    await looked;
    expect(merchants.get("m-1")).toMatchObject({ merchant: { confirmationUrl: "https://merchant.example/new" } });
    clock.advance(999);
    expect(healthDirectory.get("m-1")).toEqual(HEALTHY);
    clock.advance(1);
    expect(await healthDirectory.get("m-1")).toEqual(paused);
  });

  it("has four reads in flight at most", async () => {
    const { prefetch, hooks, together } = bench();
    const response = Promise.withResolvers<void>();
    hooks.answering = () => response.promise;
    const looks = Array.from({ length: 6 }, (_, index) => prefetch.look([rowOf(`m-${index}`)]));
    expect(looks.map((look) => look !== undefined)).toEqual([true, true, true, true, false, false]);
    response.resolve();
    for (const look of looks) await look;
    await prefetch.look([rowOf("m-5")]);
    expect(together).toHaveLength(5);
  });

  it("heeds a response that came in time while this process stood still", async () => {
    const { prefetch, hooks, healthDirectory } = bench();
    hooks.answering = () => stat(import.meta.dirname);
    const looked = prefetch.look([rowOf("m-1")]);
    for (const until = Date.now() + 150; Date.now() < until;);
    await looked;
    expect(healthDirectory.isKnown("m-1")).toBe(true);
    expect(prefetch.look([rowOf("m-2")])).toBeDefined();
  });

  it("is not waited for when it takes long", async () => {
    const { prefetch, hooks, healthDirectory } = bench();
    const response = Promise.withResolvers<void>();
    hooks.answering = () => response.promise;
    await prefetch.look([rowOf("m-1")]);
    expect(healthDirectory.isKnown("m-1")).toBe(false);
    expect(prefetch.look([rowOf("m-1")])).toBeUndefined();
    response.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(healthDirectory.isKnown("m-1")).toBe(true);
  });
});
