import { stat } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { type Gate, OPEN_GATE } from "../../../core/merchant/gate.ts";
import { parseMasterKeys } from "../../../core/signing/signature.ts";
import { GateDirectory } from "../../../core/delivery/gate/gate-directory.ts";
import { MerchantDirectory } from "../../../core/delivery/merchant-directory.ts";
import { MerchantsAhead } from "../../../core/delivery/merchants-ahead.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { type Changes, merchantRow, number, text, transactionRow } from "../../support/rows.ts";

const masterKeys = parseMasterKeys(JSON.stringify({ 1: "k".repeat(32) }));
const paused: Gate = { ...OPEN_GATE, pausedAt: 1 };
const rowOf = (merchantId: string) => transactionRow({ merchantId: text(merchantId) });

function bench() {
  const clock = new FakeClock();
  const gateRows = new Map<string, Gate>();
  const unread = { merchants: new Set<string>(), gates: new Set<string>() };
  /** Ids of merchants and of gates, by call; and what was read one by one. */
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
  const gatesOf = (ids: readonly string[]) => new Map([...gateRows].filter(([id]) => ids.includes(id)));
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
  const gates = new GateDirectory(
    {
      read: async (ids) => {
        singly.push(...ids);
        return { gates: gatesOf(ids), unread: new Set<string>() };
      },
    },
    clock.now,
  );
  const ahead = new MerchantsAhead({
    table: {
      read: async (merchantIds, gateIds) => {
        together.push([merchantIds, gateIds]);
        const found = { rows: rowsOf(merchantIds), unread: unread.merchants };
        const foundGates = gatesOf(gateIds.filter((id) => !unread.gates.has(id)));
        await hooks.answering();
        return { merchants: found, gates: { gates: foundGates, unread: unread.gates } };
      },
    },
    merchants,
    gates,
    now: clock.now,
  });
  return { clock, gateRows, shape, unread, together, singly, hooks, merchants, gates, ahead };
}

describe("merchants ahead", () => {
  it("are read together with their gates, in one call, and then are there at once", async () => {
    const { ahead, together, singly, merchants, gates, gateRows } = bench();
    gateRows.set("m-2", paused);
    await ahead.look([rowOf("m-1"), rowOf("m-2"), rowOf("m-1")]);
    expect(together).toEqual([
      [
        ["m-1", "m-2"],
        ["m-1", "m-2"],
      ],
    ]);
    expect(merchants.get("m-1")).toMatchObject({ merchant: { merchantId: "m-1" } });
    expect([gates.get("m-1"), gates.get("m-2")]).toEqual([OPEN_GATE, paused]);
    expect(singly).toEqual([]);
  });

  it("are read again as seldom as without, each by its own time", async () => {
    const { ahead, together, clock, gateRows } = bench();
    gateRows.set("m-2", paused);
    const rows = [rowOf("m-1"), rowOf("m-2")];
    await ahead.look(rows);
    expect(ahead.look(rows)).toBeUndefined();
    clock.advance(1000);
    await ahead.look(rows);
    clock.advance(4000);
    await ahead.look(rows);
    clock.advance(5000);
    await ahead.look(rows);
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
    const { ahead, together } = bench();
    const rows = [transactionRow({ merchantId: undefined }), transactionRow({ merchantId: number(1) }), rowOf("")];
    expect(ahead.look(rows)).toBeUndefined();
    expect(together).toEqual([]);
  });

  it("asks for no more than a hundred at once", async () => {
    const { ahead, together } = bench();
    await ahead.look(Array.from({ length: 100 }, (_, index) => rowOf(`m-${index}`)));
    expect(together.flat(2)).toHaveLength(100);
  });

  it("does not overrule what this task did to a gate meanwhile", async () => {
    const { ahead, gates, hooks } = bench();
    hooks.answering = async () => gates.put("m-1", paused);
    await ahead.look([rowOf("m-1")]);
    expect(gates.get("m-1")).toEqual(paused);
  });

  it("leaves to whoever needs it what is unknown or was left unread", async () => {
    const { ahead, merchants, gates, unread, singly } = bench();
    unread.merchants.add("m-1");
    unread.gates.add("m-1");
    await ahead.look([rowOf("m-1"), rowOf("unknown")]);
    unread.merchants.clear();
    expect(await merchants.get("m-1")).toMatchObject({ merchant: { merchantId: "m-1" } });
    expect(await gates.get("m-1")).toEqual(OPEN_GATE);
    expect(await merchants.get("unknown")).toMatchObject({ code: "merchant_unknown" });
    expect(singly).toEqual(["m-1", "m-1", "unknown"]);
  });

  it("says nothing of a failure, and rests for a second", async () => {
    const { ahead, together, hooks, clock, merchants } = bench();
    hooks.answering = async () => {
      throw new Error("the table is throttled");
    };
    await ahead.look([rowOf("m-1")]);
    expect(ahead.look([rowOf("m-1")])).toBeUndefined();
    expect(await merchants.get("m-1")).toMatchObject({ merchant: { merchantId: "m-1" } });
    clock.advance(1000);
    await ahead.look([rowOf("m-2")]);
    expect(together).toHaveLength(2);
  });

  it("reads a merchant whose secret is still to be opened like any other: KMS is not asked", async () => {
    const { ahead, together, shape, merchants } = bench();
    shape.sealed = "m-1";
    await ahead.look([rowOf("m-1"), rowOf("m-2")]);
    expect(together).toHaveLength(1);
    expect(["m-1", "m-2"].map((id) => merchants.isKnown(id))).toEqual([true, true]);
  });

  it("does not bring back what was so before another read, when it answers late", async () => {
    const { ahead, hooks, shape, clock, gateRows, merchants, gates } = bench();
    const answer = Promise.withResolvers<void>();
    hooks.answering = () => answer.promise;
    const looked = ahead.look([rowOf("m-1")]);
    clock.advance(200);
    shape.changes = { confirmationUrl: text("https://merchant.example/new") };
    await merchants.get("m-1");
    await gates.get("m-1");
    gateRows.set("m-1", paused);
    clock.advance(4000);
    answer.resolve();
    await looked;
    expect(merchants.get("m-1")).toMatchObject({ merchant: { confirmationUrl: "https://merchant.example/new" } });
    clock.advance(999);
    expect(gates.get("m-1")).toEqual(OPEN_GATE);
    clock.advance(1);
    expect(await gates.get("m-1")).toEqual(paused);
  });

  it("has four reads under way at most", async () => {
    const { ahead, hooks, together } = bench();
    const answer = Promise.withResolvers<void>();
    hooks.answering = () => answer.promise;
    const looks = Array.from({ length: 6 }, (_, index) => ahead.look([rowOf(`m-${index}`)]));
    expect(looks.map((look) => look !== undefined)).toEqual([true, true, true, true, false, false]);
    answer.resolve();
    for (const look of looks) await look;
    await ahead.look([rowOf("m-5")]);
    expect(together).toHaveLength(5);
  });

  it("heeds an answer that came in time while this process stood still", async () => {
    const { ahead, hooks, gates } = bench();
    hooks.answering = () => stat(import.meta.dirname);
    const looked = ahead.look([rowOf("m-1")]);
    for (const until = Date.now() + 150; Date.now() < until;);
    await looked;
    expect(gates.isKnown("m-1")).toBe(true);
    expect(ahead.look([rowOf("m-2")])).toBeDefined();
  });

  it("is not waited for when it takes long", async () => {
    const { ahead, hooks, gates } = bench();
    const answer = Promise.withResolvers<void>();
    hooks.answering = () => answer.promise;
    await ahead.look([rowOf("m-1")]);
    expect(gates.isKnown("m-1")).toBe(false);
    expect(ahead.look([rowOf("m-1")])).toBeUndefined();
    answer.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(gates.isKnown("m-1")).toBe(true);
  });
});
