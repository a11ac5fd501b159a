import { describe, expect, it } from "@jest/globals";
import { type MerchantHealth, HEALTHY } from "../../../../core/merchant/merchant-health.ts";
import { MerchantHealthDirectory } from "../../../../core/delivery/admission/merchant-health-directory.ts";
import { FakeClock } from "../../../support/fake-clock.ts";

const paused: MerchantHealth = { ...HEALTHY, pausedAt: 1 };
const open: MerchantHealth = { ...HEALTHY, circuitOpenUntil: 2 };

function bench() {
  const clock = new FakeClock();
  const rows = new Map<string, MerchantHealth>();
  const unread = new Set<string>();
  const reads: string[][] = [];
  /** Called before a read answers. */
  const hooks = { answering: (): unknown => undefined };
  const read = async (ids: readonly string[]) => {
    reads.push([...ids]);
    const healthRows = new Map([...rows].filter(([id]) => ids.includes(id)));
    await hooks.answering();
    return { healthRows, unread };
  };
  return { clock, rows, unread, reads, hooks, directory: new MerchantHealthDirectory({ read }, clock.elapsedMs) };
}

describe("the directory of health rows", () => {
  it("counts the circuits that it last saw open, as long as they would be still", async () => {
    const { directory, rows, clock } = bench();
    const until = clock.now() + 60_000;
    rows.set("m-1", { ...HEALTHY, circuitOpenUntil: until });
    rows.set("m-2", paused);
    for (const id of ["m-1", "m-2", "m-3"]) await directory.get(id);
    directory.put("m-4", { ...HEALTHY, circuitOpenUntil: until });
    clock.advance(30_000);
    expect(directory.openCircuits(60_000, clock.now())).toBe(2);
    directory.forget("m-4");
    expect(directory.openCircuits(60_000, clock.now())).toBe(1);
    clock.advance(30_000);
    expect(directory.openCircuits(60_000, clock.now())).toBe(0);
  });

  it("keeps a health row for a second, and that there is none for five", async () => {
    const { directory, rows, reads, clock } = bench();
    rows.set("m-1", paused);
    expect([await directory.get("m-1"), await directory.get("m-2")]).toEqual([paused, HEALTHY]);
    clock.advance(999);
    await Promise.all([directory.get("m-1"), directory.get("m-2")]);
    expect(reads.flat()).toEqual(["m-1", "m-2"]);
    clock.advance(1);
    await Promise.all([directory.get("m-1"), directory.get("m-2")]);
    expect(reads.flat()).toEqual(["m-1", "m-2", "m-1"]);
    clock.advance(4000);
    await directory.get("m-2");
    expect(reads.at(-1)).toEqual(["m-2"]);
  });

  it("reads many health rows at once, each once", async () => {
    const { directory, reads } = bench();
    const ids = Array.from({ length: 60 }, (_, index) => `m-${index % 30}`);
    await Promise.all(ids.map(async (id) => directory.get(id)));
    expect(reads).toHaveLength(1);
    expect(reads[0]).toHaveLength(30);
  });

  it("does not let a read that was in flight undo what this task has written meanwhile", async () => {
    const { directory, hooks, rows } = bench();
    hooks.answering = () => directory.put("m-1", open);
    expect(await directory.get("m-1")).toEqual(open);
    rows.set("m-1", paused);
    expect(await directory.get("m-1")).toEqual(open);
  });

  it("reads again what was forgotten while a read was in flight", async () => {
    const { directory, hooks, rows, reads } = bench();
    hooks.answering = () => {
      if (reads.length > 1) return;
      rows.set("m-1", paused);
      directory.forget("m-1");
    };
    expect(await directory.get("m-1")).toEqual(paused);
  });

  it("fails for the merchants alone whose health rows DynamoDB left unread", async () => {
    const { directory, unread } = bench();
    unread.add("hot");
    const [hot, other] = await Promise.allSettled([directory.get("hot"), directory.get("m-1")]);
    expect(hot).toMatchObject({ status: "rejected", reason: { code: "GATE_UNREAD" } });
    expect(other).toEqual({ status: "fulfilled", value: HEALTHY });
  });

  it("takes what others have read, unless the health row was changed here meanwhile", async () => {
    const { directory, reads, clock } = bench();
    const learn = directory.reading(["m-1", "m-2", "m-3"]);
    directory.put("m-2", open);
    learn("m-1", paused);
    learn("m-2", "none");
    learn("m-3", "none");
    expect([directory.get("m-1"), directory.get("m-2"), directory.get("m-3")]).toEqual([paused, open, HEALTHY]);
    clock.advance(1000);
    expect(["m-1", "m-2", "m-3"].map((id) => directory.isKnown(id))).toEqual([false, false, true]);
    clock.advance(3999);
    directory.reading(["m-3"])("m-3", "none");
    clock.advance(4999);
    expect(directory.isKnown("m-3")).toBe(true);
    clock.advance(1);
    expect(directory.isKnown("m-3")).toBe(false);
    expect(reads).toEqual([]);
  });

  it("remembers so many merchants and no more", async () => {
    const { directory, reads } = bench();
    for (let index = 0; index <= 400_000; index += 1) directory.put(`m-${index}`, HEALTHY);
    await Promise.all([directory.get("m-0"), directory.get("m-400000")]);
    expect(reads).toEqual([["m-0"]]);
  });
});
