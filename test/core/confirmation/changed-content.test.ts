import { describe, expect, it } from "@jest/globals";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { changed, type Changes, contentIn, listedRow, number, text, transactionRow } from "../../support/rows.ts";
import { workerHarness, type WorkerHarness } from "../../support/worker-harness.ts";

const failed: AttemptOutcome = { kind: "failed", class: "timeout", error: "no answer" };
const delivered: AttemptOutcome = { kind: "delivered", status: 200 };
const first = transactionRow();
const accepted = writeAccepted(1, contentIn(first));
const other: Changes = { outcome: text("REJECTED"), amount: text("99.00") };

/** While the merchant is called, somebody does something to the row. */
function meanwhile(harness: WorkerHarness, act: (row: AttributeMap) => AttributeMap, outcome = delivered): void {
  harness.answer = () => {
    harness.answer = () => outcome;
    harness.table.put(act(harness.table.row("t-1")));
    return outcome;
  };
}

const letters = ({ deadLetters }: WorkerHarness) =>
  deadLetters.messages.map(({ body }) => (JSON.parse(body) as { failure: { code: string } }).failure.code);

describe("the record of a delivery", () => {
  it("says what was delivered", async () => {
    const harness = workerHarness();
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
  });

  it.each<[string, Changes]>([
    ["by an update", other],
    ["by an update of one field", { currency: text("USD") }],
    ["with another merchant", { merchantId: text("m-2") }],
    ["with less than a webhook needs", { outcome: undefined }],
  ])("of a row that was changed meanwhile %s is that it was given up, with what was delivered", async (_, changes) => {
    const harness = workerHarness(first);
    meanwhile(harness, (row) => changed(row, changes));
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      confirmationState: text("FAILED"),
      stateVersion: number(1),
      failure: { M: { code: text("content_changed"), fault: text("producer") } },
      accepted,
      attemptCount: number(1),
      attempts: { L: [{ M: { outcome: text("delivered") } }] },
    });
    expect(letters(harness)).toEqual(["content_changed"]);
    expect(harness.journal.filter((line) => line === "call")).toHaveLength(1);
    expect(harness.metrics).toContain(METRICS.deadLetteredProducer);
    expect(harness.metrics).not.toContain(METRICS.confirmed);
    expect(harness.queue.messages).toHaveLength(0);
  });

  it("of a row that was put anew keeps its generation, so that its dead letter is refused when put back", async () => {
    const harness = workerHarness(changed(first, { releaseNumber: number(3), merchantKey: text("m-1#2026-11-22#0") }));
    meanwhile(harness, () =>
      transactionRow({ ...other, merchantId: text("m-2"), merchantKey: text("m-2#2026-11-22#0") }),
    );
    await harness.handle({ release: 3 });
    expect(harness.table.row("t-1")).toMatchObject({
      confirmationState: text("FAILED"),
      releaseNumber: number(3),
      merchantKey: text("m-1#2026-11-22#0"),
      accepted,
    });
    const row = harness.table.row("t-1");
    harness.journal.length = 0;
    const [letter] = harness.deadLetters.drain();
    await harness.handle(letter?.body ?? "");
    expect(harness.journal).toEqual(["dead letter", "delete"]);
    expect(letters(harness)).toEqual(["content_changed"]);
    expect(harness.table.row("t-1")).toEqual(row);
  });

  it.each<[string, (row: AttributeMap) => AttributeMap]>([
    ["put anew as it was", () => first],
    ["spelled otherwise", (row) => changed(row, { amount: text("12.5"), occurredAt: text("2026-11-22T10:00Z") })],
    ["given other attributes", (row) => changed(row, { deliverBy: text("2026-12-01T00:00:00Z") })],
    ["erased in part", (row) => changed(row, { outcome: undefined, payload: undefined, erasedAt: number(1) })],
  ])("of a row that was %s meanwhile is that it is confirmed", async (_, act) => {
    const harness = workerHarness(first);
    meanwhile(harness, act);
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
    expect(letters(harness)).toEqual([]);
    expect(harness.metrics).toContain(METRICS.confirmed);
  });

  it("fits the row at last, however often that is written to meanwhile", async () => {
    const harness = workerHarness(first);
    meanwhile(harness, (row) => changed(row, { amount: text("12.5") }));
    let left = 3;
    harness.table.fault = ({ text: statement }) => {
      if (!statement.includes("CONFIRMED") || left === 0) return undefined;
      left -= 1;
      const spelling = ["012.5", "12.500", "0012.50"][left] ?? "";
      harness.table.put(changed(harness.table.row("t-1"), { amount: text(spelling) }));
      return undefined;
    };
    await harness.handle();
    expect(left).toBe(0);
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
  });

  it("is retried while the row cannot be read again", async () => {
    const harness = workerHarness(first);
    const read = harness.table.read.bind(harness.table);
    let isDown = false;
    meanwhile(harness, (row) => {
      isDown = true;
      return changed(row, other);
    });
    harness.table.read = async (ids) => {
      if (!isDown) return read(ids);
      isDown = false;
      throw new Error("the table is down");
    };
    await harness.handle();
    expect(harness.journal.filter((line) => line.startsWith("visible"))).toHaveLength(1);
    expect(letters(harness)).toEqual(["content_changed"]);
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("FAILED"), accepted });
  });

  it("does not take back that the content was changed", async () => {
    const harness = workerHarness(transactionRow({ payload: { M: { name: text("Ada") } } }));
    const failure = { M: { code: text("content_changed"), fault: text("producer"), reason: text("payload") } };
    const given = { confirmationState: text("FAILED"), stateVersion: number(1), failure };
    meanwhile(harness, (row) => changed(row, { ...given, payload: { M: { name: text("Eve") } } }));
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject(given);
    expect(letters(harness)).toEqual([]);
  });

  it("of two tasks that delivered different content keeps what the merchant had first", async () => {
    const harness = workerHarness(first);
    const delivery = { M: { at: number(harness.clock.now() + 5), durationMs: number(1), outcome: text("delivered") } };
    meanwhile(harness, (row) => {
      const second = changed(row, other);
      const state = { confirmationState: text("CONFIRMED"), stateVersion: number(1), attempts: { L: [delivery] } };
      return changed(second, { ...state, accepted: writeAccepted(1, contentIn(second)) });
    });
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      failure: { M: { code: text("content_changed") } },
      accepted,
    });
  });
});

describe("a failed attempt", () => {
  it("pins what it offered, since it may have been processed", async () => {
    const harness = workerHarness(first);
    harness.answer = () => failed;
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("PENDING"), accepted });
  });

  it("of a row that was put anew meanwhile pins it too", async () => {
    const harness = workerHarness(changed(first, { releaseNumber: number(2) }));
    meanwhile(harness, () => transactionRow(other), failed);
    await harness.handle({ release: 2 });
    expect(harness.table.row("t-1")).toMatchObject({ accepted, amount: text("99.00") });
    expect(harness.table.row("t-1")["confirmationState"]).toBeUndefined();
  });

  it("is followed by no call with other content", async () => {
    const harness = workerHarness(first);
    harness.answer = () => failed;
    await harness.handle();
    harness.table.put(changed(harness.table.row("t-1"), other));
    harness.journal.length = 0;
    harness.clock.advance(60_000);
    await harness.confirmation.handle(await harness.receive());
    expect(harness.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(harness.table.row("t-1")).toMatchObject({
      failure: { M: { code: text("content_changed"), fault: text("producer") } },
      accepted,
    });
  });

  it("is followed by a call with the same content in other words", async () => {
    const harness = workerHarness(first);
    harness.answer = () => failed;
    await harness.handle();
    harness.table.put(changed(harness.table.row("t-1"), { amount: text("12.500") }));
    harness.answer = () => delivered;
    harness.clock.advance(60_000);
    await harness.confirmation.handle(await harness.receive());
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
  });

  it("that was given up is not redelivered with other content when its dead letter is put back", async () => {
    const given: Changes = {
      confirmationState: text("FAILED"),
      stateVersion: number(1),
      failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("down") } },
      accepted,
    };
    const harness = workerHarness(changed(first, { ...given, ...other }));
    await harness.handle({ deadLettered: true });
    expect(harness.journal).not.toContain("call");
    expect(letters(harness)).toEqual(["content_changed"]);
    expect(harness.table.row("t-1")).toMatchObject({ failure: { M: { code: text("content_changed") } }, accepted });
  });
});

describe("a higher version", () => {
  it("is delivered, whatever was accepted of the one before", async () => {
    const failure = { M: { code: text("content_changed"), fault: text("producer"), reason: text("amount") } };
    const given: Changes = { confirmationState: text("FAILED"), stateVersion: number(1), failure, accepted };
    const row = changed(first, { ...given, ...other, version: number(2) });
    const harness = workerHarness(row);
    await harness.handle({ version: 2 });
    expect(harness.table.row("t-1")).toMatchObject({
      confirmationState: text("CONFIRMED"),
      accepted: writeAccepted(2, contentIn(row)),
    });
    expect(harness.table.row("t-1")["failure"]).toBeUndefined();
  });
});

describe("a row of a program that kept no content", () => {
  it("is judged by what it says: its next attempt pins that", async () => {
    const harness = workerHarness(
      changed(first, {
        confirmationState: text("PENDING"),
        stateVersion: number(1),
        attemptCount: number(1),
        ...other,
      }),
    );
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({
      confirmationState: text("CONFIRMED"),
      accepted: writeAccepted(1, contentIn(transactionRow(other))),
    });
  });

  it("that it confirmed stays so", async () => {
    const harness = workerHarness(first);
    meanwhile(harness, (row) =>
      changed(row, { ...other, confirmationState: text("CONFIRMED"), stateVersion: number(1) }),
    );
    await harness.handle();
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), amount: text("99.00") });
    expect(letters(harness)).toEqual([]);
  });
});

describe("a message that came before and finds a row that looks new", () => {
  const again = async (row: AttributeMap) => {
    const harness = workerHarness(listedRow(START_MS));
    harness.answer = () => failed;
    await harness.handle();
    harness.clock.advance(10_000);
    harness.table.put(row);
    harness.journal.length = 0;
    await harness.confirmation.handle(await harness.receive());
    return harness;
  };

  it.each<[string, AttributeMap]>([
    ["without the keys that the stream gives", transactionRow(other)],
    ["with keys that are younger than the message", listedRow(START_MS + 5000, other)],
  ])("%s waits until what was pinned is restored, and then makes no call", async (_, row) => {
    const harness = await again(row);
    expect(harness.journal).toEqual(["visible in 2 s"]);
    const pinned = { accepted, confirmationState: text("PENDING"), stateVersion: number(1) };
    harness.table.put(changed(harness.table.row("t-1"), pinned));
    harness.clock.advance(2000);
    await harness.confirmation.handle(await harness.receive());
    expect(harness.journal).not.toContain("call");
    expect(letters(harness)).toEqual(["content_changed"]);
  });

  it("waits a few times only, since the row may look so for ever", async () => {
    const harness = await again(listedRow(START_MS + 3_600_000));
    harness.answer = () => delivered;
    for (let waits = 1; waits < 5; waits += 1) {
      harness.clock.advance(2000);
      await harness.confirmation.handle(await harness.receive());
    }
    expect(harness.journal).toEqual(Array.from({ length: 5 }, () => "visible in 2 s"));
    harness.clock.advance(2000);
    await harness.confirmation.handle(await harness.receive());
    expect(harness.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
  });

  it("does not wait where the row is as old as the message", async () => {
    const harness = await again(listedRow(START_MS));
    expect(harness.journal[0]).toBe("call");
  });
});
