import { describe, expect, it } from "@jest/globals";
import { encodeMessage } from "../../../core/transaction/message.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { stateOf } from "../../../core/transaction/row/row-state.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { type Changes, listedRow, number, text } from "../../support/rows.ts";
import { type WorkerHarness, workerHarness } from "../../support/worker-harness.ts";

const failed: AttemptOutcome = { kind: "failed", class: "status_5xx", status: 503, error: "the endpoint answered 503" };
const state = (name: string): Changes => ({ confirmationState: text(name), stateVersion: number(1) });
const row = (id: string, before: string | undefined, changes: Changes = {}) =>
  listedRow(START_MS, {
    transactionId: text(id),
    orderingKey: text("k"),
    ...(before && { orderingAfter: text(before) }),
    ...changes,
  });
const groupId = orderedGroupIdOf(row("t-1", undefined)) ?? "";

/** The message of t-1 is at the head; t-1 names t-0, which names t-00. */
function harness(t0: Changes | undefined, t00: Changes = state("CONFIRMED")): WorkerHarness {
  const of = workerHarness(row("t-1", "t-0"), { isOrdered: true });
  of.table.rows.set("t-00", row("t-00", undefined, t00));
  if (t0 !== undefined) of.table.rows.set("t-0", row("t-0", "t-00", t0));
  return of;
}

async function handle(of: WorkerHarness): Promise<void> {
  const body = encodeMessage({ transactionId: "t-1", version: 1, release: 0 });
  await of.queue.send([{ body, groupId, deduplicationId: String(of.clock.now()) }]);
  await of.confirmation.handle(await of.receive());
}

const statesOf = (of: WorkerHarness) => ["t-00", "t-0", "t-1"].map((id) => stateOf(of.table.row(id)));

describe("a row that names the one before it", () => {
  it.each<[string, Changes | undefined]>([
    ["is confirmed", state("CONFIRMED")],
    ["is given up", state("FAILED")],
    ["is gone", undefined],
    ["has another key, for which nobody waits here", { orderingKey: text("other") }],
    ["is another merchant's", { merchantId: text("m-2") }],
  ])("is delivered when that one %s", async (_, t0) => {
    const of = harness(t0);
    await handle(of);
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(of.table.row("t-1")).toMatchObject(state("CONFIRMED"));
  });

  it("has all that are not terminal delivered first, and only its own message is deleted", async () => {
    const of = harness({}, {});
    await handle(of);
    expect(of.journal).toEqual([
      "call",
      "record CONFIRMED: written",
      "call",
      "record CONFIRMED: written",
      "call",
      "record CONFIRMED: written",
      "delete",
    ]);
    const written = of.table.written.map(({ transactionId }) => transactionId);
    expect(written).toEqual(["t-00", "t-0", "t-1"]);
    expect(of.metrics.filter((metric) => metric === METRICS.broughtForward)).toHaveLength(2);
  });

  it("waits in its place while the one before it fails, and follows when that is given up", async () => {
    const of = harness({});
    of.answer = () => failed;
    await handle(of);
    expect(of.journal).toEqual(["call", "record PENDING: written", "visible in 10 s"]);
    expect(of.table.row("t-0")).toMatchObject({ attemptCount: number(1) });
    expect(of.table.row("t-1")).not.toHaveProperty("attemptCount");
    of.clock.advance(10_000);
    await of.confirmation.handle(await of.receive());
    of.clock.advance(100_000);
    of.journal.length = 0;
    let calls = 0;
    of.answer = () => ((calls += 1) === 1 ? failed : { kind: "delivered", status: 200 });
    await of.confirmation.handle(await of.receive());
    expect(of.journal).toEqual([
      "call",
      "dead letter",
      "record FAILED: written",
      "call",
      "record CONFIRMED: written",
      "delete",
    ]);
    expect(JSON.parse(of.deadLetters.messages[0]?.body ?? "")).toMatchObject({ transactionId: "t-0" });
  });

  it("is not delivered if a newer version of it came while the one before it was", async () => {
    const of = harness({});
    of.answer = () => {
      of.table.put(row("t-1", "t-0", { version: number(2) }));
      return { kind: "delivered", status: 200 };
    };
    await handle(of);
    expect(of.journal).toEqual(["call", "record CONFIRMED: written", "delete"]);
    expect(statesOf(of)).toEqual(["CONFIRMED", "CONFIRMED", "PENDING"]);
  });

  it("waits for one that was raised, at its newest version", async () => {
    const of = harness({ ...state("CONFIRMED"), version: number(2) });
    await handle(of);
    expect(of.table.row("t-0")).toMatchObject({ stateVersion: number(2) });
    expect(statesOf(of)).toEqual(["CONFIRMED", "CONFIRMED", "CONFIRMED"]);
  });

  it.each<[string, Changes]>([
    ["is parked, and will be released", state("SCHEDULED")],
    ["has a version that cannot be read, and will be set aside", { version: text("one") }],
  ])("waits in its place while the one before it %s", async (_, t0) => {
    const of = harness(t0);
    await handle(of);
    expect(of.journal).toEqual(["visible in 6 s"]);
  });

  it("that names each other in a circle is delivered all the same", async () => {
    const of = harness({});
    of.table.rows.set("t-00", row("t-00", "t-1"));
    await handle(of);
    expect(statesOf(of)).toEqual(["CONFIRMED", "CONFIRMED", "CONFIRMED"]);
  });

  it("stays where it is while the one before it cannot be read", async () => {
    const of = harness({});
    const read = of.table.read.bind(of.table);
    of.table.read = (ids) => (ids.includes("t-0") ? Promise.reject(new Error("throttled")) : read(ids));
    await handle(of);
    expect(of.journal).toEqual(["visible in 6 s"]);
  });

  it("stays where it is when there is no end to those before it", async () => {
    const of = harness(undefined);
    for (let index = 0; index <= 1001; index += 1) of.table.rows.set(`c-${index}`, row(`c-${index}`, `c-${index + 1}`));
    of.table.rows.set("t-1", row("t-1", "c-0"));
    await handle(of);
    expect(of.journal).toEqual(["visible in 6 s"]);
    expect(of.warnings).toEqual(["message left in the queue"]);
  });
});
