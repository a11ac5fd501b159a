import { describe, expect, it } from "@jest/globals";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import type { AttributeMap } from "../../../core/transaction/attribute-value.ts";
import { METRICS } from "../../../core/settings/names.ts";
import type { AttemptOutcome } from "../../../core/retry/next-step.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { changed, type Changes, contentIn, listedRow, number, text, transactionRow } from "../../support/rows.ts";
import { workerBench, type WorkerBench } from "../../support/worker-bench.ts";

const failed: AttemptOutcome = { kind: "failed", class: "timeout", error: "no answer" };
const delivered: AttemptOutcome = { kind: "delivered", status: 200 };
const first = transactionRow();
const accepted = writeAccepted(1, contentIn(first));
const other: Changes = { outcome: text("REJECTED"), amount: text("99.00") };

/** While the merchant is called, somebody does something to the row. */
function meanwhile(bench: WorkerBench, act: (row: AttributeMap) => AttributeMap, outcome = delivered): void {
  bench.answer = () => {
    bench.answer = () => outcome;
    bench.table.put(act(bench.table.row("t-1")));
    return outcome;
  };
}

const letters = ({ deadLetters }: WorkerBench) =>
  deadLetters.messages.map(({ body }) => (JSON.parse(body) as { failure: { code: string } }).failure.code);

describe("the record of a delivery", () => {
  it("says what was delivered", async () => {
    const bench = workerBench();
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
  });

  it.each<[string, Changes]>([
    ["by an update", other],
    ["by an update of one field", { currency: text("USD") }],
    ["with another merchant", { merchantId: text("m-2") }],
    ["with less than a webhook needs", { outcome: undefined }],
  ])("of a row that was changed meanwhile %s is that it was given up, with what was delivered", async (_, changes) => {
    const bench = workerBench(first);
    meanwhile(bench, (row) => changed(row, changes));
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({
      confirmationState: text("FAILED"),
      stateVersion: number(1),
      failure: { M: { code: text("content_changed"), fault: text("producer") } },
      accepted,
      attemptCount: number(1),
      attempts: { L: [{ M: { outcome: text("delivered") } }] },
    });
    expect(letters(bench)).toEqual(["content_changed"]);
    expect(bench.journal.filter((line) => line === "call")).toHaveLength(1);
    expect(bench.metrics).toContain(METRICS.deadLetteredProducer);
    expect(bench.metrics).not.toContain(METRICS.confirmed);
    expect(bench.queue.messages).toHaveLength(0);
  });

  it("of a row that was put anew keeps its release, so that its dead letter is refused when put back", async () => {
    const bench = workerBench(changed(first, { releaseNumber: number(3), merchantKey: text("m-1#2026-11-22#0") }));
    meanwhile(bench, () =>
      transactionRow({ ...other, merchantId: text("m-2"), merchantKey: text("m-2#2026-11-22#0") }),
    );
    await bench.handle({ release: 3 });
    expect(bench.table.row("t-1")).toMatchObject({
      confirmationState: text("FAILED"),
      releaseNumber: number(3),
      merchantKey: text("m-1#2026-11-22#0"),
      accepted,
    });
    const row = bench.table.row("t-1");
    bench.journal.length = 0;
    const [letter] = bench.deadLetters.drain();
    await bench.handle(letter?.body ?? "");
    expect(bench.journal).toEqual(["dead letter", "delete"]);
    expect(letters(bench)).toEqual(["content_changed"]);
    expect(bench.table.row("t-1")).toEqual(row);
  });

  it.each<[string, (row: AttributeMap) => AttributeMap]>([
    ["put anew as it was", () => first],
    ["spelled otherwise", (row) => changed(row, { amount: text("12.5"), occurredAt: text("2026-11-22T10:00Z") })],
    ["given other attributes", (row) => changed(row, { deliverBy: text("2026-12-01T00:00:00Z") })],
    ["erased in part", (row) => changed(row, { outcome: undefined, payload: undefined, erasedAt: number(1) })],
  ])("of a row that was %s meanwhile is that it is confirmed", async (_, act) => {
    const bench = workerBench(first);
    meanwhile(bench, act);
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
    expect(letters(bench)).toEqual([]);
    expect(bench.metrics).toContain(METRICS.confirmed);
  });

  it("fits the row at last, however often that is written to meanwhile", async () => {
    const bench = workerBench(first);
    meanwhile(bench, (row) => changed(row, { amount: text("12.5") }));
    let left = 3;
    bench.table.fault = ({ text: statement }) => {
      if (!statement.includes("CONFIRMED") || left === 0) return undefined;
      left -= 1;
      const spelling = ["012.5", "12.500", "0012.50"][left] ?? "";
      bench.table.put(changed(bench.table.row("t-1"), { amount: text(spelling) }));
      return undefined;
    };
    await bench.handle();
    expect(left).toBe(0);
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
  });

  it("is kept at while the row cannot be read again", async () => {
    const bench = workerBench(first);
    const read = bench.table.read.bind(bench.table);
    let isDown = false;
    meanwhile(bench, (row) => {
      isDown = true;
      return changed(row, other);
    });
    bench.table.read = async (ids) => {
      if (!isDown) return read(ids);
      isDown = false;
      throw new Error("the table is down");
    };
    await bench.handle();
    expect(bench.journal.filter((line) => line.startsWith("visible"))).toHaveLength(1);
    expect(letters(bench)).toEqual(["content_changed"]);
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("FAILED"), accepted });
  });

  it("does not take back that the content was changed", async () => {
    const bench = workerBench(transactionRow({ payload: { M: { name: text("Ada") } } }));
    const failure = { M: { code: text("content_changed"), fault: text("producer"), reason: text("payload") } };
    const given = { confirmationState: text("FAILED"), stateVersion: number(1), failure };
    meanwhile(bench, (row) => changed(row, { ...given, payload: { M: { name: text("Eve") } } }));
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject(given);
    expect(letters(bench)).toEqual([]);
  });

  it("of two tasks that delivered different content keeps what the merchant had first", async () => {
    const bench = workerBench(first);
    const delivery = { M: { at: number(bench.clock.now() + 5), durationMs: number(1), outcome: text("delivered") } };
    meanwhile(bench, (row) => {
      const second = changed(row, other);
      const state = { confirmationState: text("CONFIRMED"), stateVersion: number(1), attempts: { L: [delivery] } };
      return changed(second, { ...state, accepted: writeAccepted(1, contentIn(second)) });
    });
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({
      failure: { M: { code: text("content_changed") } },
      accepted,
    });
  });
});

describe("a failed attempt", () => {
  it("pins what it offered, since it may have been processed", async () => {
    const bench = workerBench(first);
    bench.answer = () => failed;
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("PENDING"), accepted });
  });

  it("of a row that was put anew meanwhile pins it too", async () => {
    const bench = workerBench(changed(first, { releaseNumber: number(2) }));
    meanwhile(bench, () => transactionRow(other), failed);
    await bench.handle({ release: 2 });
    expect(bench.table.row("t-1")).toMatchObject({ accepted, amount: text("99.00") });
    expect(bench.table.row("t-1")["confirmationState"]).toBeUndefined();
  });

  it("is followed by no call with other content", async () => {
    const bench = workerBench(first);
    bench.answer = () => failed;
    await bench.handle();
    bench.table.put(changed(bench.table.row("t-1"), other));
    bench.journal.length = 0;
    bench.clock.advance(60_000);
    await bench.confirmation.handle(await bench.receive());
    expect(bench.journal).toEqual(["dead letter", "record FAILED: written", "delete"]);
    expect(bench.table.row("t-1")).toMatchObject({
      failure: { M: { code: text("content_changed"), fault: text("producer") } },
      accepted,
    });
  });

  it("is followed by a call with the same content in other words", async () => {
    const bench = workerBench(first);
    bench.answer = () => failed;
    await bench.handle();
    bench.table.put(changed(bench.table.row("t-1"), { amount: text("12.500") }));
    bench.answer = () => delivered;
    bench.clock.advance(60_000);
    await bench.confirmation.handle(await bench.receive());
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), accepted });
  });

  it("that was given up is not redelivered with other content when its dead letter is put back", async () => {
    const given: Changes = {
      confirmationState: text("FAILED"),
      stateVersion: number(1),
      failure: { M: { code: text("attempts_exhausted"), fault: text("merchant"), reason: text("down") } },
      accepted,
    };
    const bench = workerBench(changed(first, { ...given, ...other }));
    await bench.handle({ deadLettered: true });
    expect(bench.journal).not.toContain("call");
    expect(letters(bench)).toEqual(["content_changed"]);
    expect(bench.table.row("t-1")).toMatchObject({ failure: { M: { code: text("content_changed") } }, accepted });
  });
});

describe("a higher version", () => {
  it("is delivered, whatever was accepted of the one before", async () => {
    const failure = { M: { code: text("content_changed"), fault: text("producer"), reason: text("amount") } };
    const given: Changes = { confirmationState: text("FAILED"), stateVersion: number(1), failure, accepted };
    const row = changed(first, { ...given, ...other, version: number(2) });
    const bench = workerBench(row);
    await bench.handle({ version: 2 });
    expect(bench.table.row("t-1")).toMatchObject({
      confirmationState: text("CONFIRMED"),
      accepted: writeAccepted(2, contentIn(row)),
    });
    expect(bench.table.row("t-1")["failure"]).toBeUndefined();
  });
});

describe("a row of a program that kept no content", () => {
  it("is judged by what it says: its next attempt pins that", async () => {
    const bench = workerBench(
      changed(first, {
        confirmationState: text("PENDING"),
        stateVersion: number(1),
        attemptCount: number(1),
        ...other,
      }),
    );
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({
      confirmationState: text("CONFIRMED"),
      accepted: writeAccepted(1, contentIn(transactionRow(other))),
    });
  });

  it("that it confirmed stays so", async () => {
    const bench = workerBench(first);
    meanwhile(bench, (row) =>
      changed(row, { ...other, confirmationState: text("CONFIRMED"), stateVersion: number(1) }),
    );
    await bench.handle();
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED"), amount: text("99.00") });
    expect(letters(bench)).toEqual([]);
  });
});

describe("a message that came before and finds a row that looks new", () => {
  const again = async (row: AttributeMap) => {
    const bench = workerBench(listedRow(START_MS));
    bench.answer = () => failed;
    await bench.handle();
    bench.clock.advance(10_000);
    bench.table.put(row);
    bench.journal.length = 0;
    await bench.confirmation.handle(await bench.receive());
    return bench;
  };

  it.each<[string, AttributeMap]>([
    ["without the keys that the stream gives", transactionRow(other)],
    ["with keys that are younger than the message", listedRow(START_MS + 5000, other)],
  ])("%s waits until what was pinned is restored, and then makes no call", async (_, row) => {
    const bench = await again(row);
    expect(bench.journal).toEqual(["visible in 2 s"]);
    const pinned = { accepted, confirmationState: text("PENDING"), stateVersion: number(1) };
    bench.table.put(changed(bench.table.row("t-1"), pinned));
    bench.clock.advance(2000);
    await bench.confirmation.handle(await bench.receive());
    expect(bench.journal).not.toContain("call");
    expect(letters(bench)).toEqual(["content_changed"]);
  });

  it("waits a few times only, since the row may look so for ever", async () => {
    const bench = await again(listedRow(START_MS + 3_600_000));
    bench.answer = () => delivered;
    for (let waits = 1; waits < 5; waits += 1) {
      bench.clock.advance(2000);
      await bench.confirmation.handle(await bench.receive());
    }
    expect(bench.journal).toEqual(Array.from({ length: 5 }, () => "visible in 2 s"));
    bench.clock.advance(2000);
    await bench.confirmation.handle(await bench.receive());
    expect(bench.table.row("t-1")).toMatchObject({ confirmationState: text("CONFIRMED") });
  });

  it("does not wait where the row is as old as the message", async () => {
    const bench = await again(listedRow(START_MS));
    expect(bench.journal[0]).toBe("call");
  });
});
