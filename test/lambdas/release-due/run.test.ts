import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { HeldLeases } from "../../../lambdas/release-due/leases/held-leases.ts";
import { OwnJournal } from "../../../lambdas/release-due/leases/own-journal.ts";
import { LOOK_SIZES } from "../../../lambdas/release-due/look/look-scope.ts";
import { releaseDue, type ReleaseParts } from "../../../lambdas/release-due/look/look.ts";
import { restoreClaims } from "../../../lambdas/release-due/leases/restore-claims.ts";
import { run } from "../../../lambdas/release-due/run.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";
import { MemoryMerchantHealth } from "../../support/memory-merchant-health.ts";
import { MemoryLeases } from "../../support/memory-leases.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { MemoryTable } from "../../support/memory-table.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { UNTRACED } from "../../support/untraced.ts";
import { NO_SANDBOX, SANDBOX_LIMITS } from "../../support/no-sandbox.ts";

const LEASE_MS = 900_000;
const EVERY_MS = 5000;
const TIMEOUT_MS = 90_000;
const SHARDS = 8;
const parked = (id: string, changes: Changes = {}): AttributeMap =>
  transactionRow({
    transactionId: text(id),
    confirmationState: text("SCHEDULED"),
    stateVersion: number(1),
    dueKey: text("T#0"),
    dueAt: number(START_MS - 1),
    ...changes,
  });

/**
 * A table, queues and leases, and executions of `release-due` on them, of which one may be ended before any of its
 * calls.
 */
class Bench {
  readonly clock = new FakeClock();
  readonly table = new MemoryTable();
  readonly queue = new MemoryQueue(this.clock.now);
  readonly leases = new MemoryLeases();
  readonly healthTable = new MemoryMerchantHealth();
  readonly published: number[] = [];
  readonly pausesMs: number[] = [];
  pauses = 0;

  constructor(rows: readonly AttributeMap[]) {
    for (const row of rows) this.table.put(row);
  }

  /**
   * @param callsUntilKilled after which it makes no more, and hears nothing.
   * @returns undefined for one that was ended
   */
  async run({
    part = 0,
    parts = 1,
    callsUntilKilled = Number.POSITIVE_INFINITY,
    changes = {},
    restAfterMs = 0,
  }: Options) {
    const { clock } = this;
    const startedAt = clock.now();
    let calls = 0;
    let killed: () => void = () => undefined;
    const kill = new Promise<"killed">((resolve) => {
      killed = () => resolve("killed");
    });
    const mortal = <Port extends object>(port: Port): Port =>
      new Proxy(port, {
        get: (target, property) => {
          const member = Reflect.get(target, property, target) as unknown;
          if (typeof member !== "function") return member;
          return async (...args: unknown[]) => {
            calls += 1;
            if (calls <= callsUntilKilled) return member.apply(target, args) as unknown;
            killed();
            return new Promise(() => undefined);
          };
        },
      });
    const holder = `${part}-${clock.now()}-${Math.random()}`;
    const leases = mortal(this.leases);
    const released: number[] = [];
    const parts_: ReleaseParts = {
      ...mortal({ dueIds: this.table.dueIds, waitingMerchants: () => this.healthTable.waiting() }),
      table: mortal(this.table),
      confirmations: mortal(this.queue),
      ordered: mortal(this.queue),
      deadLetters: mortal(this.queue),
      order: "transaction",
      goneBefore: async () => clock.now(),
      goneBeforeOrdered: async () => clock.now(),
      healthTable: mortal(this.healthTable),
      merchants: { read: async () => ({ rows: new Map(), unread: new Set() }) },
      journal: new OwnJournal(leases, holder),
      dueShards: SHARDS,
      merchantShards: 1,
      sandbox: SANDBOX_LIMITS,
      sandboxMerchants: NO_SANDBOX,
      maxReleaseRate: 6000,
      maxOpenMs: 300_000,
      everyMs: EVERY_MS,
      leaseMs: LEASE_MS,
      maxUnheard: 3,
      settledDays: 90,
      traces: UNTRACED,
      count: () => undefined,
      countReason: () => undefined,
      debug: () => undefined,
      warn: () => undefined,
      now: clock.now,
      ...changes,
    };
    const restore = (lost: string) => restoreClaims(lost, { ...parts_, journal: leases, lanes: LOOK_SIZES.lanes });
    const running = run(
      {
        ...parts_,
        look: async (isFirstLook, scope) => {
          const look = await releaseDue(parts_, isFirstLook, scope);
          released.push(look.released);
          return look;
        },
        leases: new HeldLeases({ ...parts_, leases, part, parts, holder, restore }),
        publish: async () => void this.published.push(clock.now()),
        parts,
        ratePerSecond: 6000,
        restAfterMs,
        remainingMs: () => startedAt + TIMEOUT_MS - clock.now(),
        pause: (ms, signal) => {
          if (signal !== undefined) return new Promise(() => undefined);
          this.pauses += 1;
          this.pausesMs.push(ms);
          return Promise.resolve(clock.advance(ms));
        },
        failed: () => undefined,
      },
      { activeAt: startedAt, looks: 0 },
    );
    const end = await Promise.race([running, kill]);
    return end === "killed" ? undefined : { ...end, looks: released, calls };
  }

  get messages(): { transactionId: string; release: number }[] {
    return this.queue.accepted.map(({ body }) => JSON.parse(body) as { transactionId: string; release: number });
  }
}

interface Options {
  readonly part?: number;
  readonly parts?: number;
  readonly callsUntilKilled?: number;
  readonly changes?: Partial<ReleaseParts>;
  readonly restAfterMs?: number;
}

describe("a run that is ended", () => {
  const rows = () => [parked("a"), parked("b", { dueKey: text("T#3"), dueAt: number(START_MS - 7) })];

  it("before any of its calls leaves nothing that the next run does not release at once", async () => {
    const whole = await new Bench(rows()).run({});
    let restored = 0;
    for (let calls = 0; calls < (whole?.calls ?? 0); calls += 1) {
      const bench = new Bench(rows());
      expect(await bench.run({ callsUntilKilled: calls })).toBeUndefined();
      const sent = bench.messages.length;
      const claimed = [...bench.table.rows.values()].filter((row) => row["releaseNumber"] !== undefined).length;
      bench.clock.advance(25_000);
      await bench.run({});
      for (const id of ["a", "b"]) {
        const row = bench.table.row(id);
        expect(row).toMatchObject({ confirmationState: text("PENDING"), unheardReleases: number(1) });
        // The message that a worker hears is there.
        const heard = bench.messages.filter(({ transactionId }) => transactionId === id).map(({ release }) => release);
        expect(heard).toContain(Number(row["releaseNumber"]?.N));
      }
      expect(bench.leases.journals.size).toBe(0);
      if (claimed > 0 && sent === 0) restored += 1;
    }
    expect(restored).toBeGreaterThan(0);
  });

  it("between claim and send leaves rows that go back to exactly where they were", async () => {
    const bench = new Bench(rows());
    const changes = { confirmations: { send: () => new Promise<never>(() => undefined) } };
    void bench.run({ changes });
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(bench.table.row("a")).toMatchObject({ confirmationState: text("PENDING"), releaseNumber: number(1) });
    const [holder = ""] = bench.leases.journals.keys();
    await restoreClaims(holder, {
      table: bench.table,
      journal: bench.leases,
      lanes: LOOK_SIZES.lanes,
      warn: () => undefined,
    });
    const [a, b] = rows();
    const since = { releaseNumber: number(1), unheardReleases: number(0) };
    expect(bench.table.row("a")).toEqual({ ...a, ...since });
    expect(bench.table.row("b")).toEqual({ ...b, ...since });
  });

  it("leaves alone what a worker has recorded since", async () => {
    const bench = new Bench(rows());
    const changes = { confirmations: { send: () => new Promise<never>(() => undefined) } };
    void bench.run({ changes });
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    const [holder = ""] = bench.leases.journals.keys();
    const confirmed = { ...bench.table.row("a"), confirmationState: text("CONFIRMED") };
    bench.table.put(confirmed);
    await restoreClaims(holder, {
      table: bench.table,
      journal: bench.leases,
      lanes: LOOK_SIZES.lanes,
      warn: () => undefined,
    });
    expect(bench.table.row("a")).toEqual(confirmed);
  });
});

describe("runs beside each other", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => parked(`t-${index}`, { dueKey: text(`T#${index % SHARDS}`) }));

  it("release each row once, whatever they hold: two of the same part, others, one without a lease", async () => {
    const bench = new Bench(many(400));
    await Promise.all([
      bench.run({ parts: 2 }),
      bench.run({ parts: 2 }),
      bench.run({ part: 1, parts: 2 }),
      bench.run({ changes: {} }),
    ]);
    const ids = bench.messages.map(({ transactionId }) => transactionId);
    expect(ids).toHaveLength(400);
    expect(new Set(ids).size).toBe(400);
    expect(bench.leases.leases.size).toBe(0);
  });

  it("look after the groups of a part that gives no sign, and leave those of one that does", async () => {
    const bench = new Bench(many(400));
    bench.leases.signs.set(1, START_MS);
    await bench.run({ parts: 2 });
    expect(bench.messages).toHaveLength(200);
    bench.clock.advance(180_000);
    await bench.run({ parts: 2 });
    expect(bench.messages).toHaveLength(400);
  });

  it("release all of it though leases cannot be read or taken", async () => {
    const bench = new Bench(many(40));
    bench.leases.isDown = true;
    await bench.run({});
    expect(bench.messages).toHaveLength(40);
  });
});

describe("a run", () => {
  it("tells after each look what it did, and ends by itself before its time is over", async () => {
    const bench = new Bench([parked("late", { dueAt: number(START_MS + 200_000) })]);
    const end = await bench.run({ restAfterMs: 3_600_000 });
    expect(end?.looks).toHaveLength(12);
    expect(bench.published).toHaveLength(12);
    expect(bench.clock.now()).toBeLessThanOrEqual(START_MS + 60_000);
  });

  it("rests no longer than between two looks, though the clock is put back while it looks", async () => {
    const bench = new Bench([parked("a")]);
    let isPutBack = false;
    const dueIds: ReleaseParts["dueIds"] = (...asked) => {
      if (!isPutBack) bench.clock.step(-600_000);
      isPutBack = true;
      return bench.table.dueIds(asked[0], asked[1], asked[2]);
    };
    await bench.run({ changes: { dueIds }, restAfterMs: 60_000 });
    expect(isPutBack).toBe(true);
    expect(bench.pausesMs.length).toBeGreaterThan(0);
    expect(Math.max(...bench.pausesMs)).toBeLessThanOrEqual(EVERY_MS);
  });

  it("ends at once when nothing falls due within the minute and nothing is on its way", async () => {
    const bench = new Bench([parked("late", { dueAt: number(START_MS + 200_000) })]);
    expect((await bench.run({}))?.looks).toEqual([0]);
    expect(bench.pauses).toBe(0);
  });

  it("ends at once though a little is on its way, which the next run finds where it is parked for less", async () => {
    const bench = new Bench([parked("p", { ...pending(), dueKey: text("P#1") })]);
    expect((await bench.run({}))?.looks).toEqual([0]);
  });

  const onItsWay = Array.from({ length: SHARDS }, (_, shard) =>
    parked(`p-${shard}`, { ...pending(), dueKey: text(`P#${shard}`) }),
  );
  it.each<[string, AttributeMap[], number]>([
    ["something falls due", [parked("soon", { dueAt: number(START_MS + 12_000) })], 1],
    ["much is on its way, some of which may be parked for less", onItsWay, 0],
  ])("stays while %s", async (_, rows, sent) => {
    const bench = new Bench(rows);
    const end = await bench.run({});
    expect(end?.looks.length).toBeGreaterThan(3);
    expect(bench.messages).toHaveLength(sent);
  });
});

function pending(): Changes {
  return { confirmationState: text("PENDING"), dueAt: number(START_MS + LEASE_MS) };
}

describe("a look that is short of time or rate", () => {
  const shards = ["T", "P", "O"].flatMap((kind) =>
    Array.from({ length: 64 }, (_, shard) => ({ kind, dueKey: `${kind}#${shard}` })),
  );

  it("gives each kind and each of 64 shards its part, however much the first has", async () => {
    const rows = shards.flatMap(({ kind, dueKey }) =>
      Array.from({ length: dueKey === "T#0" ? 2000 : 20 }, (_, index) =>
        parked(`${dueKey}-${index}`, {
          dueKey: text(dueKey),
          ...(kind !== "T" && { confirmationState: text("PENDING") }),
          ...(kind === "O" && { orderingKey: text(`${dueKey}-${index}`) }),
        }),
      ),
    );
    const bench = new Bench(rows);
    await bench.healthTable.markWaiting("m-1", false, START_MS);
    for (let index = 0; index < 100; index += 1)
      bench.table.put(parked(`M-${index}`, { dueKey: text("M#m-1#0"), dueAt: number(START_MS + LEASE_MS) }));
    // A quarter of a second for each turn: of the ten seconds of a look there are some forty.
    let calls = 0;
    const now = () => START_MS + calls * 250;
    const table = new Proxy(bench.table, {
      get: (target, property) => {
        if (property === "read") calls += 1;
        if (calls > 60) return () => new Promise(() => undefined);
        const member = Reflect.get(target, property, target) as unknown;
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
    void bench.run({ changes: { dueShards: 64, table, now } });
    for (let turns = 0; turns < 500; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    const shardsSeen = new Set(bench.messages.map(({ transactionId }) => transactionId.replace(/-\d+$/, "")));
    const missing = shards.filter(({ dueKey, kind }) => kind !== "O" && !shardsSeen.has(dueKey));
    expect(missing).toEqual([]);
    expect(bench.messages.filter(({ transactionId }) => transactionId.startsWith("M-")).length).toBeGreaterThan(50);
    expect([...shardsSeen].filter((key) => key.startsWith("O#")).length).toBeGreaterThan(0);
  });

  it("releases what is parked while the health rows, and what is known of the queue, never answer", async () => {
    const bench = new Bench([parked("a"), parked("p", { confirmationState: text("PENDING"), dueKey: text("P#1") })]);
    const never = () => new Promise<never>(() => undefined);
    void bench.run({ changes: { waitingMerchants: never, goneBefore: never } });
    for (let turns = 0; turns < 50; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(bench.messages.map(({ transactionId }) => transactionId)).toEqual(["a"]);
  });
});
