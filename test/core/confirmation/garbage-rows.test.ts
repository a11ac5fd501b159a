import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { encodeMessage } from "../../../core/transaction/message.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { orderedGroupIdOf } from "../../../core/transaction/ordering.ts";
import { InFlightMessage } from "../../../core/confirmation/in-flight-message.ts";
import "../../fixed-seed.ts";
import { type Changes, number, text, transactionRow } from "../../support/rows.ts";
import { VISIBILITY_SECONDS, workerHarness } from "../../support/worker-harness.ts";

const KEY = { orderingKey: text("account-1") };
/** Writes to the table and changes to messages for each row that one handling comes to. */
const MOST_ACTS_A_ROW = 12;

/** Handles one message of the last of the rows, each of which names the one before it. */
async function handleLast(rows: readonly Changes[], response: AttemptOutcome) {
  const harness = workerHarness(undefined, { isOrdered: true });
  harness.answer = () => {
    harness.clock.advance(10);
    return response;
  };
  const ids = rows.map((_, index) => `t-${index}`);
  for (const [index, changes] of rows.entries()) {
    const before = index === 0 ? {} : { orderingAfter: text(`t-${index - 1}`) };
    harness.table.put(transactionRow({ transactionId: text(`t-${index}`), ...KEY, ...before, ...changes }));
  }
  const last = ids.at(-1) ?? "";
  const groupId = orderedGroupIdOf(harness.table.row(last)) ?? "";
  const body = encodeMessage({ transactionId: last, version: 1, release: 0 });
  await harness.queue.send([{ body, groupId, deduplicationId: "1" }]);
  const [message] = await harness.queue.receive(VISIBILITY_SECONDS);
  if (message === undefined) throw new Error("the queue gave nothing");
  // What never ends is ended here, and fails the test.
  const most = MOST_ACTS_A_ROW * rows.length;
  const write = harness.table.write.bind(harness.table);
  harness.table.write = async (statements) => {
    if (harness.journal.length > most) throw new Error(`more than ${most} acts: ${harness.journal.join(", ")}`);
    return write(statements);
  };
  const ending = await harness.confirmation.handle(
    new InFlightMessage(message, harness.clock.now(), VISIBILITY_SECONDS),
  );
  return { ...harness, ids, ending, state: (id: string) => harness.table.row(id)["confirmationState"]?.S };
}

const delivered = { kind: "delivered", status: 200 } as const;
const refused = { kind: "failed", class: "status_5xx", status: 500, error: "500" } as const;

describe("a row whose predecessor holds what the pipeline never wrote", () => {
  it.each([
    ["a release that is no number", { releaseNumber: text("x") }],
    ["a negative release", { releaseNumber: number(-1) }],
    ["a release beyond all numbers", { releaseNumber: { N: "1E+125" } }],
  ])("%s: that one is given up as row_invalid, and the row itself is delivered", async (_, changes) => {
    const { table, state, journal, ending, deadLetters } = await handleLast([changes, {}], delivered);
    expect(table.row("t-0")["failure"]?.M?.["code"]).toEqual(text("row_invalid"));
    expect([state("t-0"), state("t-1"), ending]).toEqual(["FAILED", "CONFIRMED", "completed"]);
    expect(journal.filter((act) => act === "call")).toHaveLength(1);
    expect(deadLetters.accepted).toHaveLength(1);
  });

  it("is handled once and no more, when nothing at all can be recorded on it", async () => {
    const harness = workerHarness(undefined, { isOrdered: true });
    harness.table.put(transactionRow({ transactionId: text("t-0"), ...KEY }));
    harness.table.put(transactionRow({ transactionId: text("t-1"), ...KEY, orderingAfter: text("t-0") }));
    harness.table.fault = ({ transactionId }) => (transactionId === "t-0" ? { kind: "condition failed" } : undefined);
    const groupId = orderedGroupIdOf(harness.table.row("t-1")) ?? "";
    const body = encodeMessage({ transactionId: "t-1", version: 1, release: 0 });
    await harness.queue.send([{ body, groupId, deduplicationId: "1" }]);
    harness.answer = () => refused;
    await harness.confirmation.handle(await harness.receive());
    expect(harness.journal.filter((act) => act === "call")).toHaveLength(1);
    expect(harness.journal.filter((act) => act.startsWith("record")).length).toBeLessThanOrEqual(3);
    expect(harness.journal.at(-1)).toMatch(/^visible in [5-7] s$/);
    expect(harness.queue.messages).toHaveLength(1);
  });
});

const garbage: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.constantFrom<AttributeValue>(
    { N: "-1" },
    { N: "0" },
    { N: "1" },
    { N: "2.5" },
    { N: "9.9E+125" },
    { N: "-9.9E+125" },
    { N: "1E-130" },
    { N: "99999999999999999999999999999999999999" },
    { S: "" },
    { S: "1" },
    { S: "PENDING" },
    { S: "CONFIRMED" },
    { S: "FAILED" },
    { S: "SCHEDULED" },
    { S: "NaN" },
    { NULL: true },
    { BOOL: true },
    { B: Buffer.from("x") },
    { L: [] },
    { L: [{ M: { at: { N: "1E+125" }, outcome: { S: "delivered" } } }, { S: "x" }] },
    { M: {} },
    { M: { code: { S: "version_lowered" } } },
    { SS: ["x"] },
  ),
  fc.string({ maxLength: 20 }).map((value) => ({ S: value })),
  fc.integer().map((value) => ({ N: String(value) })),
);

const PIPELINE_ATTRIBUTES = [
  "confirmationState",
  "stateVersion",
  "releaseNumber",
  "unheardReleases",
  "dueKey",
  "dueAt",
  "merchantKey",
  "auditedVersion",
  "attemptCount",
  "attempts",
  "accepted",
  "giveUpAt",
  "waitingFor",
  "committedAt",
  "nextTryAt",
  "sampledTrace",
  "settledAt",
  "failure",
  "purgeAt",
  "highestVersion",
] as const;

const garbageRow = fc.dictionary(fc.constantFrom(...PIPELINE_ATTRIBUTES), garbage, { maxKeys: 6 });

describe("whatever stands in the pipeline's attributes", () => {
  it("of a row and of those before it, handling a message ends after a few writes for each", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(garbageRow, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<AttemptOutcome>(delivered, refused),
        async (rows, response) => {
          const { journal, warnings, queue, ending } = await handleLast(rows, response);
          expect(journal.length).toBeLessThanOrEqual(MOST_ACTS_A_ROW * rows.length);
          expect(warnings.filter((warning) => warning.includes("more than"))).toEqual([]);
          // Gone, or out of sight for a while: never back at once.
          expect(ending === "completed" ? queue.messages.length : 0).toBe(0);
          expect(journal).not.toContain("visible in 0 s");
        },
      ),
      { numRuns: 400 },
    );
  });
});
