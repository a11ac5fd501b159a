import { describe, expect, it } from "@jest/globals";
import type { OutgoingMessage } from "../../../core/aws/queue-requests.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { StreamChange } from "../../../lambdas/stream-transactions/coalesce.ts";
import { processChanges } from "../../../lambdas/stream-transactions/process.ts";
import { FakeClock, START_MS } from "../../support/fake-clock.ts";
import { MemoryQueue } from "../../support/memory-queue.ts";
import { MemoryTable } from "../../support/memory-table.ts";
import { UNTRACED_STREAM } from "../../support/untraced.ts";
import { changed, type Changes, number, text, transactionRow } from "../../support/rows.ts";
import type { ProcessParts } from "../../../lambdas/stream-transactions/process-parts.ts";
import { NO_SANDBOX } from "../../support/no-sandbox.ts";

const cooperative: Changes = {
  dueKey: text("P#0"),
  dueAt: number(START_MS + 900_000),
  merchantKey: text("m-1#2026-11-22#0"),
};
const row = (id: string, version: number, changes: Changes = {}): AttributeMap =>
  transactionRow({ ...cooperative, transactionId: text(id), version: number(version), ...changes });

function bench(changes: Partial<ProcessParts> = {}) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const confirmations = new MemoryQueue(clock.now);
  const ordered = new MemoryQueue(clock.now);
  const deadLetters = new MemoryQueue(clock.now);
  const metrics: Record<string, number> = {};
  const steps: string[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const parts: ProcessParts = {
    table,
    confirmations,
    ordered,
    deadLetters,
    sandboxMerchants: NO_SANDBOX,
    order: "transaction",
    settledDays: 90,
    decide: { dueShards: 1, merchantShards: 1, leaseMs: 900_000 },
    count: (metric, by) => {
      metrics[metric] = (metrics[metric] ?? 0) + by;
    },
    debug: (transactionId, step) => void steps.push(`${transactionId} ${step}`),
    warn: (message, details) => void lines.push({ message, ...details }),
    now: clock.now,
    traces: UNTRACED_STREAM,
    ...changes,
  };
  let sequence = 0;
  /** Puts rows one after the other, and gives the changes that the stream would have of them. */
  const streamed = (...rows: AttributeMap[]): StreamChange[] => {
    const before = table.changes.length;
    for (const one of rows) table.put(one);
    return table.changes.slice(before).map((change) => ({
      ...change,
      sequenceNumber: String((sequence += 1)),
    }));
  };
  return {
    table,
    confirmations,
    ordered,
    deadLetters,
    metrics,
    steps,
    lines,
    streamed,
    run: (batch: StreamChange[]) => processChanges(batch, parts),
  };
}

const sent = (messages: readonly OutgoingMessage[]): unknown[] =>
  messages.map(({ body }) => JSON.parse(body) as unknown);

describe("rows with an ordering key", () => {
  const keyed = (id: string, version = 1): AttributeMap => row(id, version, { orderingKey: text("k") });
  const names = (messages: readonly OutgoingMessage[]) =>
    messages.map(({ body }) => (JSON.parse(body) as { transactionId: string }).transactionId);

  it("go to the ordered queue in the order in which they changed, the others to the other", async () => {
    const { run, streamed, confirmations, ordered } = bench();
    expect(await run(streamed(keyed("k-2"), row("a", 1), keyed("k-1"), keyed("k-3")))).toEqual([]);
    expect(names(ordered.messages)).toEqual(["k-2", "k-1", "k-3"]);
    expect(names(confirmations.messages)).toEqual(["a"]);
  });

  it("behind one that could not be sent are retried with it, so that none comes before it", async () => {
    const clock = new FakeClock();
    const queue = new MemoryQueue(clock.now);
    let isFirst = true;
    const ordered = {
      send: async (messages: readonly OutgoingMessage[]) => {
        const isLost = isFirst;
        isFirst = false;
        return isLost ? messages.map(() => ({ error: "throttled", isRefused: false })) : queue.send(messages);
      },
    };
    const { run, streamed } = bench({ ordered });
    const changes = streamed(keyed("k-1"), keyed("k-2"));
    expect(await run(changes)).toEqual(["1", "2"]);
    expect(queue.messages).toEqual([]);
    expect(await run(changes)).toEqual([]);
    expect(names(queue.messages)).toEqual(["k-1", "k-2"]);
  });

  it("go where the version belongs that is owed, whatever the one before had", async () => {
    const { run, streamed, confirmations, ordered } = bench();
    await run(streamed(row("t", 1)));
    await run(streamed(keyed("t", 2)));
    await run(streamed(row("t", 3)));
    const versions = (queue: MemoryQueue) =>
      queue.messages.map(({ body }) => (JSON.parse(body) as { version: number }).version);
    expect([versions(confirmations), versions(ordered)]).toEqual([[1, 3], [2]]);
  });
});

describe("a version below one that the row had before", () => {
  const code = (version: number) => ({ version: number(version), failure: { M: { code: text("version_lowered") } } });

  it("is quarantined in the batch of the lowering", async () => {
    const { run, streamed, table, confirmations } = bench();
    expect(await run(streamed(row("a", 5), row("a", 3), row("a", 4)))).toEqual([]);
    expect(table.row("a")).toMatchObject({ ...code(4), highestVersion: number(5) });
    expect(confirmations.messages).toEqual([]);
  });

  it("is quarantined after a put that followed the lowering", async () => {
    const { run, streamed, table, confirmations } = bench();
    await run(streamed(row("a", 5)));
    await run(streamed(row("a", 3)));
    await run(streamed(row("a", 4)));
    expect(table.row("a")).toMatchObject({ ...code(4), highestVersion: number(5) });
    expect(sent(confirmations.messages)).toHaveLength(1);
  });

  it("is quarantined although it was written before the lowering was seen", async () => {
    const { run, streamed, table, confirmations } = bench();
    const [first, second, third] = streamed(row("a", 5), row("a", 3), row("a", 4));
    await run([first as StreamChange]);
    await run([second as StreamChange]);
    expect(table.row("a")).toMatchObject({ version: number(4), highestVersion: number(5) });
    const before = confirmations.messages.length;
    await run([third as StreamChange]);
    // Its own image does not show what was remembered since; the worker reads the row.
    await run(table.changes.slice(-1).map((change) => ({ ...change, sequenceNumber: "9" })));
    expect(table.row("a")).toMatchObject(code(4));
    expect(confirmations.messages.length - before).toBeLessThanOrEqual(1);
  });

  it("may be followed by a higher one", async () => {
    const { run, streamed, confirmations } = bench();
    await run(streamed(row("a", 5), row("a", 3)));
    await run(streamed(row("a", 6)));
    expect(sent(confirmations.messages)).toMatchObject([{ version: 6 }]);
  });
});

describe("a message that the queue refuses", () => {
  it("is warned of and blocks nothing", async () => {
    const { run, streamed } = bench({
      confirmations: {
        send: async (messages) => messages.map(() => ({ error: "InvalidMessageContents: no", isRefused: true })),
      },
    });
    expect(await run(streamed(row("a", 1), row("b", 1)))).toEqual([]);
  });
});

describe("what a batch of changes tells", () => {
  it("is how many changes came and how many versions were replaced within it", async () => {
    const { run, streamed, metrics } = bench();
    await run(streamed(row("a", 1), row("a", 2), row("a", 3), row("b", 1)));
    expect(metrics).toMatchObject({ [METRICS.received]: 4, [METRICS.superseded]: 2, [METRICS.enqueued]: 2 });
  });

  it("is the time of the change, in the message", async () => {
    const { run, streamed, confirmations } = bench();
    await run(streamed(row("a", 1)).map((change) => ({ ...change, writtenAt: 1_700_000_000_000 })));
    expect(sent(confirmations.messages)).toEqual([
      { schema: 1, transactionId: "a", version: 1, release: 0, committedAt: 1_700_000_000_000 },
    ]);
  });

  it("is each message that was sent, for transactions that are followed", async () => {
    const { run, streamed, steps } = bench();
    await run(streamed(row("a", 1), row("b", 1)));
    expect(steps).toEqual(["a enqueued", "b enqueued"]);
  });

  it("is what can never be delivered, with its ids", async () => {
    const { run, streamed, lines } = bench();
    await run(streamed(row("a", 2), row("a", 1)));
    expect(lines).toMatchObject([
      { message: "row set aside", transactionId: "a", version: 1, merchantId: "m-1", code: "version_lowered" },
    ]);
  });
});

describe("a batch of changes", () => {
  it("enqueues each transaction in its own group", async () => {
    const { run, streamed, confirmations, metrics } = bench();
    expect(await run(streamed(row("a", 1), row("b", 1)))).toEqual([]);
    expect(sent(confirmations.messages)).toEqual([
      { schema: 1, transactionId: "a", version: 1, release: 0 },
      { schema: 1, transactionId: "b", version: 1, release: 0 },
    ]);
    expect(confirmations.messages.map(({ groupId }) => groupId)).toEqual(["a", "b"]);
    expect(metrics[METRICS.enqueued]).toBe(2);
  });

  it("groups by merchant where that is the order", async () => {
    const { run, streamed, confirmations } = bench({ order: "merchant" });
    await run(streamed(row("a", 1), row("b", 1, { merchantId: text("m-2") })));
    expect(confirmations.messages.map(({ groupId }) => groupId)).toEqual(["m-1", "m-2"]);
  });

  it("sends only the newest version of a transaction", async () => {
    const { run, streamed, confirmations } = bench();
    await run(streamed(row("a", 1), row("b", 1), row("a", 2), row("a", 3)));
    expect(sent(confirmations.messages)).toMatchObject([
      { transactionId: "a", version: 3 },
      { transactionId: "b", version: 1 },
    ]);
  });

  it("sends the message of an insert though other changes of that version came after it", async () => {
    const { run, streamed, confirmations } = bench();
    await run(streamed(row("a", 1), row("a", 1, { note: text("x") })));
    expect(sent(confirmations.messages)).toMatchObject([{ transactionId: "a", version: 1 }]);
  });

  it("sends nothing for what became terminal since, as when a batch is repeated", async () => {
    const { run, streamed, confirmations } = bench();
    const done = row("a", 1, { confirmationState: text("CONFIRMED"), stateVersion: number(1) });
    await run(streamed(row("a", 1), done));
    expect(confirmations.messages).toEqual([]);
  });

  it("writes all its repairs, several of one row in their order", async () => {
    const { run, streamed, table, metrics } = bench();
    const bare = (id: string, changes: Changes = {}) =>
      row(id, 1, { dueKey: undefined, dueAt: undefined, merchantKey: undefined, ...changes });
    await run(streamed(bare("a"), bare("b"), bare("a", { purgeAt: number(1) })));
    for (const id of ["a", "b"])
      expect(table.row(id)).toMatchObject({ dueKey: text("P#0"), merchantKey: cooperative["merchantKey"] });
    expect(table.row("a")).not.toHaveProperty("purgeAt");
    expect(metrics[METRICS.repaired]).toBe(3);
  });

  it("of nothing does nothing", async () => {
    expect(await bench().run([])).toEqual([]);
  });
});

describe("what could not be done", () => {
  it("is repeated from the first change of its transaction on, when its message was not sent", async () => {
    const { run, streamed, confirmations } = bench();
    const send = confirmations.send.bind(confirmations);
    confirmations.send = async (messages) => {
      const errors = await send(messages.filter(({ groupId }) => groupId !== "a"));
      return messages.map(({ groupId }) => (groupId === "a" ? { error: "lost", isRefused: false } : errors.shift()));
    };
    const batch = streamed(row("b", 1), row("a", 1), row("c", 1), row("a", 2));
    expect(await run(batch)).toEqual(["2"]);
    expect(sent(confirmations.messages)).toMatchObject([{ transactionId: "b" }, { transactionId: "c" }]);
  });

  it("loses nothing while the queue is down: every change is repeated, and then sent", async () => {
    const { run, streamed, confirmations } = bench();
    const batch = streamed(row("a", 1), row("b", 1));
    confirmations.isDown = true;
    expect(await run(batch)).toEqual(["1", "2"]);
    confirmations.isDown = false;
    expect(await run(batch)).toEqual([]);
    expect(confirmations.messages).toHaveLength(2);
  });

  it("is repeated when a repair found the table throttled, though the message was sent", async () => {
    const { run, streamed, table, confirmations } = bench();
    table.fault = ({ transactionId }) =>
      transactionId === "b" ? { kind: "unavailable", error: "throttled" } : undefined;
    const bare = { dueKey: undefined, dueAt: undefined };
    expect(await run(streamed(row("a", 1, bare), row("b", 1, bare)))).toEqual(["2"]);
    expect(confirmations.messages).toHaveLength(2);
  });

  it.each(["condition failed", "rejected"] as const)(
    "is not repeated when a repair can never be done: %s",
    async (kind) => {
      const { run, streamed, table } = bench();
      table.fault = () => ({ kind, error: "no" });
      expect(await run(streamed(row("a", 1, { dueKey: undefined })))).toEqual([]);
    },
  );
});

describe("a row that cannot be delivered", () => {
  it("is quarantined with its reason, and the rest goes on", async () => {
    const { run, streamed, table, confirmations, deadLetters, metrics } = bench();
    expect(await run(streamed(row("a", 1), row("bad", 1, { version: text("one") }), row("b", 1)))).toEqual([]);
    expect(sent(confirmations.messages)).toMatchObject([{ transactionId: "a" }, { transactionId: "b" }]);
    expect(sent(deadLetters.messages)).toEqual([
      expect.objectContaining({
        transactionId: "bad",
        deadLettered: true,
        failure: expect.objectContaining({ code: "version_invalid" }),
      }),
    ]);
    expect(table.row("bad")).toMatchObject({ confirmationState: text("FAILED"), version: text("one") });
    expect(table.row("bad")).not.toHaveProperty("dueKey");
    expect(metrics).toMatchObject({ [METRICS.setAside]: 1, [METRICS.deadLetteredProducer]: 1 });
  });

  it("of the sandbox is recorded as failed without a dead letter, and as nothing that was set aside", async () => {
    const sandboxMerchants = { among: async () => new Set(["m-1"]) };
    const { run, streamed, table, deadLetters, metrics } = bench({ sandboxMerchants });
    expect(await run(streamed(row("bad", 1, { version: text("one") })))).toEqual([]);
    expect(table.row("bad")).toMatchObject({ confirmationState: text("FAILED"), failedKey: text("m-1#0") });
    expect(deadLetters.accepted).toEqual([]);
    const { sandboxGivenUp, setAside, deadLetteredProducer } = METRICS;
    expect([sandboxGivenUp, setAside, deadLetteredProducer].map((name) => metrics[name] ?? 0)).toEqual([1, 0, 0]);
  });

  it("is not recorded as failed before its dead letter is sent", async () => {
    const { run, streamed, table, deadLetters } = bench();
    deadLetters.isDown = true;
    expect(await run(streamed(row("bad", 1, { version: undefined })))).toEqual(["1"]);
    expect(table.row("bad")).not.toHaveProperty("confirmationState");
  });

  it("is repeated when the table did not take the record", async () => {
    const { run, streamed, table } = bench();
    table.fault = () => ({ kind: "unavailable", error: "throttled" });
    expect(await run(streamed(row("bad", 1, { version: undefined })))).toEqual(["1"]);
  });

  it("with a lowered version is quarantined though its row was changed once more after", async () => {
    const { run, streamed, table, confirmations } = bench();
    const [, lowered] = streamed(row("a", 2), row("a", 1));
    const [touched] = streamed(row("a", 1, { note: text("x") }));
    expect(await run([lowered, touched] as StreamChange[])).toEqual([]);
    expect(table.row("a")).toMatchObject({
      confirmationState: text("FAILED"),
      failure: { M: { code: text("version_lowered") } },
    });
    expect(confirmations.messages).toEqual([]);
  });

  it("with a lowered version is never sent, not even when that version was new in the same batch", async () => {
    const { run, streamed, table, confirmations } = bench();
    await run(streamed(row("a", 1), row("a", 2), row("a", 1)));
    expect(confirmations.messages).toEqual([]);
    expect(table.row("a")["failure"]?.M?.["code"]).toEqual(text("version_lowered"));
  });

  it("is owed once a higher version puts it right, in the same batch too", async () => {
    const { run, streamed, confirmations, deadLetters } = bench();
    await run(streamed(row("a", 2), row("a", 1), row("a", 3)));
    expect(sent(confirmations.messages)).toMatchObject([{ version: 3 }]);
    expect(deadLetters.messages).toEqual([]);
  });

  it("never makes a dead letter too long for its batch, whatever its version holds", async () => {
    const { run, streamed, deadLetters } = bench();
    const huge = Array.from({ length: 10 }, (_, index) =>
      row(`bad-${index}`, 1, { version: text("x".repeat(300_000)) }),
    );
    await run(streamed(...huge));
    expect(deadLetters.messages).toHaveLength(10);
    for (const { body } of deadLetters.messages) expect(body.length).toBeLessThan(10_000);
  });
});

describe("our own writes", () => {
  it("put nothing on a queue and ask for no further write", async () => {
    const { run, streamed, table, confirmations, deadLetters } = bench();
    const old = row("a", 1);
    const states: Changes[] = ["PENDING", "SCHEDULED", "CONFIRMED", "FAILED"].map((name) => ({
      confirmationState: text(name),
      stateVersion: number(1),
    }));
    for (const changes of [...states, { releaseNumber: number(1) }, { dueAt: number(1) }]) {
      const [, ours] = streamed(old, changed(old, changes));
      expect(await run([ours as StreamChange])).toEqual([]);
    }
    expect([confirmations.accepted, deadLetters.accepted, table.written]).toEqual([[], [], []]);
  });
});
