/**
 * A version that is written again at every moment of its way: before and after each call of the worker and of the
 * stream handler to table, queue and merchant, in each manner, and every two such writes; the stream hands on at once
 * or at the end. All of it is run through, nothing is drawn.
 */
import { expect, it } from "@jest/globals";
import type { Statement } from "../../../core/aws/statements/statement.ts";
import type { Recorded } from "../../../core/confirmation/ports.ts";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import { acceptedOf, changedFields, hasContentChanged } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { lineOf } from "../../../core/audit/manifest.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { isTerminal, stateOf } from "../../../core/transaction/row/row-state.ts";
import { prepareCall } from "../../../core/delivery/prepare.ts";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { processChanges } from "../../../lambdas/stream-transactions/process.ts";
import { changed, type Changes, contentIn, listedRow, number, text } from "../../support/rows.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { UNTRACED_STREAM } from "../../support/untraced.ts";
import { LEASE_MS, VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";
import { NO_SANDBOX } from "../../support/no-sandbox.ts";

const payload = (name: string): Changes => ({ payload: { M: { name: text(name) } } });
const other: Changes = { outcome: text("REJECTED"), amount: text("99.00") };
const MOST_ROUNDS = 30;

/** What may be done to the row under its version, from what it is and what a producer would put at that time. */
type Manner = (now: AttributeMap, fresh: AttributeMap) => AttributeMap;
const CHANGING: Readonly<Record<string, Manner>> = {
  "put with other content": (_, fresh) => changed(fresh, other),
  "update of other content": (now) => changed(now, other),
  "update of the payload": (now) => changed(now, payload("Eve")),
};
const KEEPING: Readonly<Record<string, Manner>> = {
  "identical put": (_, fresh) => fresh,
  "put in other words": (_, fresh) => changed(fresh, { amount: text("12.5") }),
  "update of other attributes": (now) => changed(now, { note: text("x") }),
  erasure: (now) => changed(now, { payload: undefined, erasedAt: number(1) }),
};
const MANNERS = { ...CHANGING, ...KEEPING };

interface Plan {
  readonly outcomes: readonly AttemptOutcome[];
  readonly rewrites: readonly { readonly at: number; readonly manner: string }[];
  /** Whether the stream hands on after each step of the worker; else when the worker has nothing to do. */
  readonly isStreamQuick: boolean;
}

interface Run {
  readonly moments: number;
  readonly row: AttributeMap;
  /** Bodies that the merchant was called with, and whether it responded with 2xx. */
  readonly calls: readonly { readonly row: AttributeMap; readonly isAccepted: boolean }[];
  readonly letters: number;
}

const delivered: AttemptOutcome = { kind: "delivered", status: 200 };
const timedOut: AttemptOutcome = { kind: "failed", class: "timeout", error: "no answer" };

/** Plays one schedule until nothing is left to do. */
async function play({ outcomes, rewrites, isStreamQuick }: Plan): Promise<Run> {
  const fresh = () => listedRow(harness.clock.now(), payload("Ada"));
  let moments = 0;
  let isStreaming = false;
  let position = 0;
  const stream = async (): Promise<void> => {
    if (isStreaming) return;
    isStreaming = true;
    while (position < table.changes.length) {
      const batch = table.changes
        .slice(position)
        .map((change, index) => ({ ...change, sequenceNumber: String(index) }));
      const taken = batch.length;
      const failed = await processChanges(batch, {
        table: {
          name: table.name,
          read: (ids) => around(() => table.read(ids)),
          write: (all) => around(() => table.write(all)),
        },
        confirmations: { send: (messages) => around(() => harness.queue.send(messages)) },
        ordered: harness.ordered,
        deadLetters: harness.deadLetters,
        sandboxMerchants: NO_SANDBOX,
        order: "transaction",
        settledDays: 90,
        decide: { dueShards: 1, merchantShards: 1, leaseMs: LEASE_MS },
        count: () => undefined,
        debug: () => undefined,
        warn: () => undefined,
        now: harness.clock.now,
        traces: UNTRACED_STREAM,
      });
      if (failed.length > 0) throw new Error("the stream handler failed");
      position += taken;
    }
    isStreaming = false;
  };
  const moment = (): void => {
    harness.clock.advance(1);
    for (const { at, manner } of rewrites)
      if (at === moments) table.put((MANNERS[manner] as Manner)(table.row("t-1"), fresh()));
    moments += 1;
  };
  const around = async <T>(act: () => Promise<T> | T): Promise<T> => {
    moment();
    const result = await act();
    moment();
    if (isStreamQuick) await stream();
    return result;
  };
  const merchants = {
    get: () => ({
      merchant: { merchantId: "m-1", secretKeyVersion: "1", confirmationUrl: "https://m.example/" },
      keys: [],
    }),
  };
  const calls: { row: AttributeMap; isAccepted: boolean }[] = [];
  let prepared: AttributeMap = {};
  const harness = workerHarness(undefined, {
    merchants: {
      prepare: (row) => {
        prepared = row;
        return prepareCall(row, { merchants, guard: new AddressGuard([]), deadlineMs: 10_000, maxBodyBytes: 100_000 });
      },
      call: async () => {
        const outcome = outcomes[calls.length] ?? delivered;
        calls.push({ row: prepared, isAccepted: outcome.kind === "delivered" });
        return around(() => outcome);
      },
    },
    table: {
      read: async (id) => (await around(() => table.read([id]))).get(id),
      record: async (statement: Statement) => (await around(() => table.write([statement])))[0] as Recorded,
      readAgain: async (id) => (await around(() => table.read([id]))).get(id),
    },
    queue: {
      sendDeadLetter: async (letter) => void (await around(() => harness.deadLetters.send([letter]))),
      delete: async ({ received }) => (await around(() => harness.queue.delete([received.receiptHandle])))[0],
      giveBack: async ({ received }, seconds) =>
        (await around(() => harness.queue.changeVisibility([{ receiptHandle: received.receiptHandle, seconds }])))[0],
      extend: async () => true,
    },
  });
  const { table } = harness;
  table.rows.clear();
  table.put(fresh());
  await stream();
  for (let round = 0; harness.queue.messages.length > 0; round += 1) {
    if (round === MOST_ROUNDS) throw new Error("the message never goes");
    harness.clock.advance(12_000);
    const [received] = await harness.queue.receive(VISIBILITY_SECONDS);
    if (received !== undefined)
      await harness.confirmation.handle(new InFlightMessage(received, harness.clock.now(), VISIBILITY_SECONDS));
    await stream();
  }
  const last = moments;
  for (const { at, manner } of rewrites)
    if (at >= last) table.put((MANNERS[manner] as Manner)(table.row("t-1"), fresh()));
  await stream();
  return { moments: last, row: table.row("t-1"), calls, letters: harness.deadLetters.accepted.length };
}

/** @returns what is wrong with the end of a run */
function faultsOf({ row, calls, letters }: Run): string[] {
  const faults: string[] = [];
  const accepted = acceptedOf(row);
  const [first] = calls;
  if (!isTerminal(row)) faults.push(`no outcome: ${stateOf(row)}`);
  if (first === undefined) return ["never called"];
  const offered = contentIn(first.row);
  if (calls.some((call) => changedFields(call.row, offered, true).length > 0))
    faults.push("other content went out under the same id");
  if (accepted === undefined) return [...faults, "what was accepted is unknown"];
  if (changedFields({ ...first.row, erasedAt: number(1) }, accepted, true).length > 0)
    faults.push("something else is said to be accepted");
  const isChanged = changedFields(row, offered, true).length > 0;
  if (stateOf(row) === "CONFIRMED" && isChanged) faults.push("confirmed, and says something else");
  if (stateOf(row) === "CONFIRMED" && !calls.some(({ isAccepted }) => isAccepted))
    faults.push("confirmed, and was not accepted");
  if (stateOf(row) === "FAILED" && !hasContentChanged(row)) faults.push("given up for another reason");
  if (hasContentChanged(row) && letters === 0) faults.push("given up without a dead letter");
  if (lineOf(row).amount !== offered.amount || lineOf(row).outcome !== offered.outcome)
    faults.push("the manifest says something else");
  return faults;
}

interface Found {
  readonly plan: Plan;
  readonly faults: readonly string[];
}

async function search(
  outcomes: readonly AttemptOutcome[],
  manners: readonly string[],
  isAllowed: (run: Run) => string[],
  most: number,
): Promise<{ schedules: number; found: Found[] }> {
  const found: Found[] = [];
  let schedules = 0;
  for (const isStreamQuick of [true, false]) {
    const frontier: Plan["rewrites"][] = [[]];
    for (let rewrites = frontier.shift(); rewrites !== undefined; rewrites = frontier.shift()) {
      const plan = { outcomes, rewrites, isStreamQuick };
      const run = await play(plan);
      schedules += 1;
      const faults = [...faultsOf(run), ...isAllowed(run)];
      if (faults.length > 0) found.push({ plan, faults });
      if (rewrites.length === most) continue;
      for (let at = (rewrites.at(-1)?.at ?? -1) + 1; at <= run.moments; at += 1)
        for (const manner of manners) frontier.push([...rewrites, { at, manner }]);
    }
  }
  return { schedules, found };
}

const anything = (): string[] => [];
const stays = ({ row, letters }: Run): string[] =>
  stateOf(row) === "CONFIRMED" && letters === 0 ? [] : ["something that changes nothing was taken for a change"];

const PAIRED = ["put with other content", "update of the payload", "identical put"];

it.each<[string, readonly AttemptOutcome[]]>([
  ["that is delivered at once", [delivered]],
  ["whose first attempt is not answered", [timedOut, delivered]],
])(
  "nothing but the first content of a version counts %s",
  async (_, outcomes) => {
    const once = await search(outcomes, Object.keys(MANNERS), anything, 1);
    const twice = await search(outcomes, PAIRED, anything, 2);
    expect([...once.found, ...twice.found].slice(0, 3)).toEqual([]);
    expect(once.schedules).toBeGreaterThan(100);
    expect(twice.schedules).toBeGreaterThan(1000);
  },
  patienceMs(120_000),
);

it(
  "what changes nothing is never taken for a change",
  async () => {
    const once = await search([timedOut, delivered], Object.keys(KEEPING), stays, 1);
    // What an erasure took and a put brings back is changed.
    const twice = await search([timedOut, delivered], ["identical put", "put in other words"], stays, 2);
    expect([...once.found, ...twice.found].slice(0, 3)).toEqual([]);
    expect(once.schedules).toBeGreaterThan(100);
    expect(twice.schedules).toBeGreaterThan(1000);
  },
  patienceMs(120_000),
);
