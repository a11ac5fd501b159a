import { describe, expect, it } from "@jest/globals";
import type { AttributeMap } from "../../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../../core/settings/names.ts";
import { DoubtfulClaims } from "../../../../lambdas/release-due/leases/doubtful-claims.ts";
import { EVERYTHING, type Scope } from "../../../../lambdas/release-due/look/look-scope.ts";
import { releaseDue, type ReleaseParts } from "../../../../lambdas/release-due/look/look.ts";
import type { TraceHop } from "../../../../core/telemetry/trace-hop.ts";
import { UNTRACED } from "../../../support/untraced.ts";
import { FakeClock, START_MS } from "../../../support/fake-clock.ts";
import { MemoryMerchantHealth } from "../../../support/memory-merchant-health.ts";
import { MemoryQueue } from "../../../support/memory-queue.ts";
import { MemoryTable } from "../../../support/memory-table.ts";
import { type Changes, number, text, transactionRow } from "../../../support/rows.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { NO_SANDBOX, SANDBOX_LIMITS } from "../../../support/no-sandbox.ts";

const LEASE_MS = 900_000;
const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793";
const due = (id: string, changes: Changes = {}): AttributeMap =>
  transactionRow({ transactionId: text(id), dueKey: text("T#0"), dueAt: number(START_MS - 1), ...changes });
const state = (name: string): Changes => ({ confirmationState: text(name), stateVersion: number(1) });

function bench(rows: readonly AttributeMap[], changes: Partial<ReleaseParts> = {}) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const confirmations = new MemoryQueue(clock.now);
  const ordered = new MemoryQueue(clock.now);
  const deadLetters = new MemoryQueue(clock.now);
  const healthTable = new MemoryMerchantHealth();
  const metrics: Record<string, number> = {};
  const reasons: Record<string, number> = {};
  const lines: Readonly<Record<string, unknown>>[] = [];
  for (const row of rows) table.rows.set(row["transactionId"]?.S ?? "", row);
  const parts: ReleaseParts = {
    table,
    confirmations,
    ordered,
    deadLetters,
    dueIds: table.dueIds,
    goneBefore: async () => START_MS,
    goneBeforeOrdered: async () => START_MS,
    order: "transaction",
    healthTable,
    waitingMerchants: () => healthTable.waiting(),
    merchants: { read: async () => ({ rows: new Map(), unread: new Set() }) },
    dueShards: 1,
    merchantShards: 1,
    sandbox: SANDBOX_LIMITS,
    sandboxMerchants: NO_SANDBOX,
    maxReleaseRate: 2000,
    maxOpenMs: 300_000,
    everyMs: 5000,
    leaseMs: LEASE_MS,
    maxUnheard: 3,
    settledDays: 90,
    traces: UNTRACED,
    count: (metric, by) => {
      metrics[metric] = (metrics[metric] ?? 0) + by;
    },
    countReason: (reason, by) => {
      reasons[reason] = (reasons[reason] ?? 0) + by;
    },
    debug: () => undefined,
    warn: (message, details) => void lines.push({ message, ...details }),
    now: clock.now,
    ...changes,
  };
  return {
    clock,
    table,
    confirmations,
    ordered,
    deadLetters,
    healthTable,
    metrics,
    reasons,
    lines,
    parts,
    look: (scope: Partial<Scope> = {}) => releaseDue(parts, true, { ...EVERYTHING, ...scope }),
  };
}

/** As the program has it. */
function withDoubts(rows: readonly AttributeMap[]) {
  const world = bench(rows);
  const doubtful = new DoubtfulClaims(world.parts);
  const parts = { ...world.parts, doubtful };
  return { ...world, look: (scope: Partial<Scope> = {}) => releaseDue(parts, true, { ...EVERYTHING, ...scope }) };
}

describe("rows with an ordering key", () => {
  const ordered = (id: string, changes: Changes = {}) =>
    due(id, { orderingKey: text("k"), dueKey: text("O#0"), ...changes });
  const ids = (messages: readonly { readonly body: string }[]) =>
    messages.map(({ body }) => JSON.parse(body) as { transactionId: string; release: number });

  it("are repeated in the order in which they became due, at their own generation", async () => {
    const rows = Array.from({ length: 130 }, (_, index) =>
      ordered(`k-${index}`, { dueAt: number(1000 + ((index * 37) % 130)) }),
    );
    const { look, ordered: queue, table, confirmations, metrics } = bench(rows);
    expect(await look()).toMatchObject({ released: 130, isMoreDue: false });
    const expected = rows
      .toSorted((one, other) => Number(one["dueAt"]?.N) - Number(other["dueAt"]?.N))
      .map((row) => ({ schema: 1, transactionId: row["transactionId"]?.S, version: 1, release: 0 }));
    expect(ids(queue.messages)).toEqual(expected);
    expect(confirmations.messages).toEqual([]);
    expect(table.row("k-0")).toMatchObject({ unheardReleases: number(1), dueAt: number(START_MS + LEASE_MS) });
    expect(table.row("k-0")).not.toHaveProperty("releaseNumber");
    expect(metrics).toMatchObject({ [METRICS.repeatedInOrder]: 130 });
  });

  it("that a cooperative producer put among the others are moved and repeated with those of their key", async () => {
    const rows = [ordered("k-2"), ordered("k-1", { dueKey: text("P#0"), dueAt: number(5) })];
    const { look, ordered: queue, table } = bench(rows);
    await look();
    expect(ids(queue.messages).map(({ transactionId }) => transactionId)).toEqual(["k-1", "k-2"]);
    expect(table.row("k-1")["dueKey"]).toEqual(text("O#0"));
  });

  it("are left alone while their queue is behind, and hold up nobody else", async () => {
    const waiting = Array.from({ length: 600 }, (_, index) => ordered(`k-${index}`));
    const {
      look,
      confirmations,
      ordered: queue,
      metrics,
    } = bench([...waiting, due("p", { dueKey: text("P#0") })], {
      goneBeforeOrdered: async () => START_MS - LEASE_MS,
    });
    expect(await look()).toMatchObject({ released: 1 });
    expect(queue.messages).toEqual([]);
    expect(confirmations.messages).toHaveLength(1);
    expect(metrics[METRICS.releasePostponed]).toBe(500);
  });

  it("are repeated once a day even then, as one of them may be lost", async () => {
    const rows = [ordered("k-1", { dueAt: number(START_MS - 86_400_000) }), ordered("k-2")];
    const { look, ordered: queue } = bench(rows, { goneBeforeOrdered: async () => Number.NEGATIVE_INFINITY });
    await look();
    expect(ids(queue.messages)).toMatchObject([{ transactionId: "k-1" }]);
  });

  it("that cannot be sent are where they were, in their order, and not counted as unacknowledged", async () => {
    const { look, ordered: queue, table } = bench([ordered("k-1"), ordered("k-2")]);
    queue.isDown = true;
    expect(await look()).toMatchObject({ released: 0, isMoreDue: false });
    expect(table.row("k-1")).toEqual({ ...ordered("k-1"), unheardReleases: number(0) });
    queue.isDown = false;
    await look();
    expect(ids(queue.messages).map(({ transactionId }) => transactionId)).toEqual(["k-1", "k-2"]);
  });

  it("that are written down by a call that was heard of late are sent all the same", async () => {
    const { look, ordered: queue, table } = bench([ordered("k-1")]);
    const write = table.write.bind(table);
    table.write = async (statements) => {
      await write(statements);
      return write(statements);
    };
    expect(await look()).toMatchObject({ released: 1 });
    expect(ids(queue.messages)).toMatchObject([{ transactionId: "k-1", release: 0 }]);
  });

  it("that were parked before they got their key are claimed and go to the ordered queue", async () => {
    const parked = ordered("k-1", { ...state("SCHEDULED"), dueKey: text("T#0") });
    const { look, ordered: queue, table } = bench([parked]);
    await look();
    expect(ids(queue.messages)).toMatchObject([{ transactionId: "k-1", release: 1 }]);
    expect(table.row("k-1")).toMatchObject({ releaseNumber: number(1), dueKey: text("O#0") });
  });
});

describe("while the queue is behind", () => {
  it("parked rows go out, however many pending ones are left alone beside them", async () => {
    const pending = Array.from({ length: 600 }, (_, index) =>
      due(`p-${index}`, { dueKey: text("P#0"), dueAt: number(START_MS - 2) }),
    );
    const { look, confirmations, metrics } = bench([...pending, due("parked", state("SCHEDULED"))], {
      goneBefore: async () => START_MS - 2 * LEASE_MS,
    });

    expect(await look()).toMatchObject({ released: 1 });

    expect(
      confirmations.messages.map(({ body }) => (JSON.parse(body) as { transactionId: string }).transactionId),
    ).toEqual(["parked"]);
    expect(metrics[METRICS.releasePostponed]).toBeGreaterThan(0);
  });
});

describe("a due row", () => {
  it("is claimed first and sent second, at its next generation", async () => {
    const { look, table, confirmations, metrics } = bench([
      due("a", { ...state("SCHEDULED"), traceHeader: text(TRACE) }),
    ]);
    const send = confirmations.send.bind(confirmations);
    confirmations.send = async (messages) => {
      expect(table.row("a")).toMatchObject({ releaseNumber: number(1), ...state("PENDING") });
      return send(messages);
    };
    expect(await look()).toMatchObject({ released: 1, isMoreDue: false });
    expect(table.row("a")).toMatchObject({ unheardReleases: number(1), dueAt: number(START_MS + LEASE_MS) });
    expect(JSON.parse(confirmations.messages[0]?.body ?? "")).toEqual({
      schema: 1,
      transactionId: "a",
      version: 1,
      release: 1,
      trace: TRACE,
    });
    expect(confirmations.messages[0]).toMatchObject({ groupId: "a", trace: TRACE });
    expect(metrics[METRICS.released]).toBe(1);
  });

  it("goes on with the trace that it waited with, and its release is a hop of that", async () => {
    const hops: TraceHop[] = [];
    const header = `${TRACE};Parent=53995c3f42cd8ad8;Sampled=1`;
    const { look, confirmations } = bench(
      [
        due("a", { ...state("SCHEDULED"), traceHeader: text(TRACE), sampledTrace: text(header) }),
        due("b", { version: number(2), sampledTrace: text(header) }),
      ],
      { traces: { send: (hop) => void hops.push(hop) } },
    );
    await look();
    expect(hops).toEqual([
      expect.objectContaining({
        name: "release-due",
        trace: expect.objectContaining({ parent: "53995c3f42cd8ad8" }),
        annotations: { transaction: "a", merchant: "m-1" },
        metadata: { version: 1, release: 1 },
        flags: [],
      }),
    ]);
    const traces = confirmations.messages.map(({ body }) => (JSON.parse(body) as { trace?: string }).trace);
    expect(traces).toEqual([`${TRACE};Parent=${hops[0]?.id};Sampled=1`, undefined]);
  });

  it("is counted by its cause: its next attempt, its merchant, or that nobody acknowledged it", async () => {
    const { look, reasons } = bench([
      due("a", state("SCHEDULED")),
      due("b", state("SCHEDULED")),
      due("c", { ...state("SCHEDULED"), waitingFor: text("url disabled") }),
      due("d"),
    ]);
    await look();
    expect(reasons).toEqual({ "next try": 2, merchant: 1, unheard: 1 });
  });

  it("hands on when its version was written; where nothing was recorded, one lease before it was due", async () => {
    const { look, confirmations } = bench([
      due("a", { ...state("SCHEDULED"), committedAt: number(START_MS - 77) }),
      due("b", { dueAt: number(START_MS - 5) }),
      due("c", { dueAt: number(1) }),
    ]);
    await look();
    const committed = confirmations.messages.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(Object.fromEntries(committed.map(({ transactionId, committedAt }) => [transactionId, committedAt]))).toEqual(
      {
        a: START_MS - 77,
        b: START_MS - 5 - LEASE_MS,
        c: undefined,
      },
    );
  });

  it("that another look took first is not sent a second time", async () => {
    const { look, table, confirmations } = bench([due("a")]);
    table.fault = () => {
      table.rows.set("a", due("a", { releaseNumber: number(1) }));
      return undefined;
    };
    expect(await look()).toMatchObject({ released: 0, isMoreDue: false });
    expect(confirmations.accepted).toEqual([]);
  });

  it("whose claim was made by a call that was heard of late, or never, is sent at that generation", async () => {
    const rows = ["late", "never"].map((id) => due(id, state("SCHEDULED")));
    const { look, table, confirmations, metrics } = bench(rows);
    const write = table.write.bind(table);
    table.write = async (statements) => {
      await write(statements);
      const again = await write(statements);
      return again.map((result, index) =>
        statements[index]?.transactionId === "never" ? { kind: "unavailable", error: "no whole answer" } : result,
      );
    };
    expect(await look()).toMatchObject({ released: 2 });
    const sent = confirmations.messages.map(({ body }) => JSON.parse(body) as { transactionId: string });
    expect(sent).toMatchObject([
      { transactionId: "late", release: 1 },
      { transactionId: "never", release: 1 },
    ]);
    expect(table.row("late")).toMatchObject({ releaseNumber: number(1), unheardReleases: number(1) });
    expect(metrics[METRICS.released]).toBe(2);
  });

  it("whose claim got no response and cannot be read is handed back, and goes out with the next look", async () => {
    const { look, table, confirmations, lines } = withDoubts([due("a", state("SCHEDULED"))]);
    const write = table.write.bind(table);
    table.write = async (statements) => {
      await write(statements);
      table.isDown = true;
      return statements.map(() => ({ kind: "unavailable", error: "no whole answer" }));
    };
    expect(await look()).toMatchObject({ released: 0, isActive: true });
    expect(confirmations.messages).toEqual([]);
    expect(lines).toEqual([expect.objectContaining({ message: "claims without an answer not read", count: 1 })]);
    table.isDown = false;
    table.write = write;
    expect(await look()).toMatchObject({ released: 1 });
    expect(confirmations.messages).toHaveLength(1);
    expect(table.row("a")).toMatchObject({ releaseNumber: number(2), unheardReleases: number(1) });
  });

  it("whose claim is carried out after its row was read is handed back as soon as it was", async () => {
    const { look, table, confirmations, clock } = withDoubts([due("a", state("SCHEDULED"))]);
    const write = table.write.bind(table);
    let slow: (() => Promise<unknown>) | undefined;
    table.write = async (statements) => {
      slow = () => write(statements);
      return statements.map(() => ({ kind: "unavailable", error: "no whole answer" }));
    };
    expect(await look()).toMatchObject({ released: 0 });
    await slow?.();
    table.write = write;
    clock.advance(5000);
    expect(await look()).toMatchObject({ released: 1 });
    expect(confirmations.messages).toHaveLength(1);
    for (let looks = 0; looks < 20; looks += 1) {
      clock.advance(5000);
      await look();
    }
    // What was sent since is nobody's to hand back.
    expect(confirmations.messages).toHaveLength(1);
    expect(table.row("a")).toMatchObject({ confirmationState: text("PENDING"), releaseNumber: number(2) });
  });

  it("in order, whose repetition got no response, is repeated by the next look", async () => {
    const row = due("a", { orderingKey: text("k"), dueKey: text("O#0"), ...state("PENDING") });
    const { look, table, ordered } = withDoubts([row]);
    const write = table.write.bind(table);
    table.write = async (statements) => {
      await write(statements);
      table.isDown = true;
      return statements.map(() => ({ kind: "unavailable", error: "no whole answer" }));
    };
    await look();
    table.isDown = false;
    table.write = write;
    await look();
    expect(ordered.messages).toHaveLength(1);
    expect(table.row("a")).toMatchObject({ unheardReleases: number(1) });
  });

  it("that became terminal while it was looked at is left alone", async () => {
    const { look, table, confirmations } = bench([due("a")]);
    table.fault = () => {
      table.rows.set("a", due("a", state("CONFIRMED")));
      return undefined;
    };
    await look();
    expect(confirmations.accepted).toEqual([]);
    expect(table.row("a")).toEqual(due("a", state("CONFIRMED")));
  });

  it("is not sent while the table does not take its claim", async () => {
    const { look, table, confirmations } = bench([due("a")]);
    table.fault = () => ({ kind: "unavailable", error: "throttled" });
    expect(await look()).toMatchObject({ released: 0, isMoreDue: false });
    expect(confirmations.accepted).toEqual([]);
  });

  it("is found in every shard, and many are requeued in batches", async () => {
    const shard = (index: number): Changes => ({ dueKey: text(`T#${index % 3}`) });
    const rows = Array.from({ length: 260 }, (_, index) => due(`t-${index}`, shard(index)));
    const { look, confirmations } = bench(rows, { dueShards: 3 });
    expect(await look()).toMatchObject({ released: 260, isMoreDue: false });
    expect(new Set(confirmations.messages.map(({ groupId }) => groupId)).size).toBe(260);
  });

  it("says that more may be due when a shard gave as many as it may", async () => {
    const rows = Array.from({ length: 510 }, (_, index) => due(`t-${index}`));
    const { look } = bench(rows);
    expect(await look()).toMatchObject({ released: 500, isMoreDue: true });
    expect(await look()).toMatchObject({ released: 10, isMoreDue: false });
  });

  it("costs no other call while nothing is due", async () => {
    const { look } = bench([due("a", { dueAt: number(START_MS + 1) })], {
      goneBefore: neverCalled("goneBefore"),
    });
    expect(await look()).toMatchObject({ released: 0, isMoreDue: false });
  });
});

describe("while the queue is down", () => {
  it("claims go back to exactly where they were: state, key, time, and not counted as unacknowledged", async () => {
    const parked = due("a", { ...state("SCHEDULED"), unheardReleases: number(2) });
    const waiting = due("b", { ...state("SCHEDULED"), dueKey: text("M#m-1#0"), unheardReleases: number(0) });
    const rows = [parked, waiting, due("c", { unheardReleases: number(1) })];
    const { look, table, confirmations, healthTable, clock } = bench(rows);
    await healthTable.markWaiting("m-1", false, START_MS);
    confirmations.isDown = true;
    expect(await look()).toMatchObject({ released: 0, isMoreDue: false, isQueueUp: false });
    expect(table.row("a")).toEqual({ ...parked, releaseNumber: number(1) });
    expect(table.row("b")).toEqual({ ...waiting, releaseNumber: number(1) });
    expect(table.row("c")).toEqual({ ...due("c"), unheardReleases: number(1), releaseNumber: number(1) });
    confirmations.isDown = false;
    clock.advance(5000);
    expect(await look()).toMatchObject({ released: 3 });
    expect(JSON.parse(confirmations.messages[0]?.body ?? "")).toMatchObject({ release: 2 });
  });

  it("no more is claimed than what was in flight when that showed, and the next look tries with a few", async () => {
    const rows = Array.from({ length: 2000 }, (_, index) =>
      due(`t-${index}`, { ...state("SCHEDULED"), dueKey: text(`T#${index % 8}`) }),
    );
    const { look, table, confirmations } = bench(rows, { dueShards: 8 });
    confirmations.isDown = true;
    await look();
    const claimed = () => [...table.rows.values()].filter((row) => row["releaseNumber"] !== undefined).length;
    expect(claimed()).toBeLessThanOrEqual(800);
    const before = table.written.length;
    await look({ isQueueDegraded: true });
    // Ten claims, and ten taken back.
    expect(table.written.length - before).toBe(20);
  });
});

describe("while the queue is behind", () => {
  it("pending rows are postponed and counted, parked ones released", async () => {
    const { look, table, metrics } = bench([due("pending"), due("parked", state("SCHEDULED"))], {
      goneBefore: async () => START_MS - 2 * LEASE_MS,
    });
    expect(await look()).toMatchObject({ released: 1 });
    expect(table.row("pending")).toEqual(due("pending"));
    expect(table.row("parked")).toMatchObject({ releaseNumber: number(1) });
    expect(metrics[METRICS.releasePostponed]).toBe(1);
  });
});

describe("a row that is not to be requeued", () => {
  it("leaves the index when it is terminal", async () => {
    const { look, table, confirmations } = bench([due("a", state("CONFIRMED"))]);
    await look();
    expect(table.row("a")).toEqual(due("a", { ...state("CONFIRMED"), dueKey: undefined, dueAt: undefined }));
    expect(confirmations.accepted).toEqual([]);
  });

  it("is given up when it was never acknowledged: dead letter first, then the record", async () => {
    const { look, table, deadLetters, confirmations, metrics } = bench([
      due("a", { unheardReleases: number(3), releaseNumber: number(3) }),
    ]);
    const send = deadLetters.send.bind(deadLetters);
    deadLetters.send = async (messages) => {
      expect(table.row("a")).not.toHaveProperty("confirmationState");
      return send(messages);
    };
    await look();
    expect(table.row("a")).toMatchObject({ ...state("FAILED"), failure: { M: { code: text("release_unheard") } } });
    expect(JSON.parse(deadLetters.messages[0]?.body ?? "")).toMatchObject({ release: 3, deadLettered: true });
    expect(confirmations.accepted).toEqual([]);
    expect(metrics[METRICS.deadLetteredPipeline]).toBe(1);
  });

  it("is given up without a dead letter where its merchant is of the sandbox, and counts there alone", async () => {
    const sandboxMerchants = { among: async () => new Set(["m-1"]) };
    const unheard = due("a", { unheardReleases: number(3), releaseNumber: number(3) });
    const { look, table, deadLetters, metrics, reasons } = bench([unheard, due("b")], { sandboxMerchants });
    await look();
    expect(table.row("a")).toMatchObject({ ...state("FAILED"), failure: { M: { code: text("release_unheard") } } });
    expect(deadLetters.accepted).toEqual([]);
    expect(table.row("b")).toMatchObject({ releaseNumber: number(1) });
    const { sandboxGivenUp, deadLetteredPipeline, released } = METRICS;
    expect([sandboxGivenUp, deadLetteredPipeline, released].map((name) => metrics[name] ?? 0)).toEqual([1, 0, 0]);
    expect(Object.values(reasons).every((by) => by === 0)).toBe(true);
  });

  it("stays pending while its dead letter cannot be sent", async () => {
    const { look, table, deadLetters } = bench([due("a", { unheardReleases: number(3) })]);
    deadLetters.isDown = true;
    await look();
    expect(table.row("a")).toEqual(due("a", { unheardReleases: number(3) }));
  });

  it("is quarantined when its version cannot be delivered", async () => {
    const { look, table, deadLetters, metrics } = bench([due("a", { version: text("one") })]);
    await look();
    expect(metrics).toMatchObject({ [METRICS.setAside]: 1, [METRICS.deadLetteredProducer]: 1 });
    expect(table.row("a")).toMatchObject({ confirmationState: text("FAILED"), version: text("one") });
    expect(table.row("a")).not.toHaveProperty("dueKey");
    expect(JSON.parse(deadLetters.messages[0]?.body ?? "")).toMatchObject({
      transactionId: "a",
      failure: { code: "version_invalid" },
    });
  });
});
