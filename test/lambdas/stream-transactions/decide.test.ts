import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { AttributeMap, AttributeValue } from "../../../core/transaction/attribute-value.ts";
import { writeAccepted } from "../../../core/transaction/accepted.ts";
import { redeliveryOf, writeRedelivery } from "../../../core/transaction/row/redelivery.ts";
import { parseTransaction } from "../../../core/transaction/parse-transaction.ts";
import { decide, type Decision } from "../../../lambdas/stream-transactions/decide.ts";
import { START_MS } from "../../support/fake-clock.ts";
import { runUpdate } from "../../../tools/simulate/aws/partiql.ts";
import { changed, type Changes, contentIn, number, text, transactionRow } from "../../support/rows.ts";

const LEASE_MS = 900_000;
const TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
const options = { table: "Transactions", dueShards: 1, merchantShards: 1, leaseMs: LEASE_MS, now: START_MS };
const cooperative: Changes = {
  dueKey: text("P#0"),
  dueAt: number(START_MS + LEASE_MS),
  merchantKey: text("m-1#2026-11-22#0"),
};
const state = (name: string, stateVersion: number): Changes => ({
  confirmationState: text(name),
  stateVersion: number(stateVersion),
});
const row = (version: number, changes: Changes = {}): AttributeMap =>
  transactionRow({ version: number(version), ...changes });

function decided(newImage: AttributeMap, oldImage?: AttributeMap): Decision {
  return decide({ newImage, ...(oldImage !== undefined && { oldImage }) }, options);
}

/** The row as it is after the decision's write. */
function written(decision: Decision, image: AttributeMap): AttributeMap | undefined {
  return decision.statement === undefined ? image : runUpdate(decision.statement, image);
}

describe("a new row", () => {
  it.each<[string, Changes]>([
    ["a partition that nobody reads", { dueKey: text("X#1") }],
    ["a shard that nobody reads", { dueKey: text("P#1") }],
    ["a date that is years away", { dueAt: number(START_MS + 2 ** 38) }],
  ])("gets index keys of its own in the place of %s", (_, changes) => {
    const image = row(1, { ...cooperative, ...changes });
    expect(written(decided(image), image)).toMatchObject({
      dueKey: cooperative["dueKey"],
      dueAt: cooperative["dueAt"],
    });
  });

  it("with an ordering key and without index keys is put where rows of its kind are looked for", () => {
    const image = row(1, { orderingKey: text("k") });
    expect(written(decided(image), image)).toMatchObject({ dueKey: text("O#0"), dueAt: cooperative["dueAt"] });
  });

  it("with an ordering key is left where a cooperative producer put it", () => {
    expect(decided(row(1, { ...cooperative, orderingKey: text("k") })).statement).toBeUndefined();
  });

  it("is quarantined when somebody else has written its releaseNumber", () => {
    expect(decided(row(1, { releaseNumber: text("1") })).quarantined).toMatchObject({ code: "row_invalid" });
  });

  it("of a cooperative producer is enqueued and left as it is", () => {
    expect(decided(row(1, cooperative))).toEqual({
      transactionId: "t-1",
      version: 1,
      highest: 1,
      message: { transactionId: "t-1", version: 1, release: 0 },
    });
  });

  it("without index keys is enqueued and given them", () => {
    const image = row(1);
    const decision = decided(image);
    expect(decision.message).toEqual({ transactionId: "t-1", version: 1, release: 0 });
    expect(written(decision, image)).toEqual(row(1, cooperative));
  });

  it("is not in danger of a time to live that its producer set", () => {
    const image = row(1, { ...cooperative, purgeAt: number(1) });
    expect(written(decided(image), image)).toEqual(row(1, cooperative));
  });

  it("carries the trace that its producer gave it, if it is one", () => {
    expect(decided(row(1, { traceHeader: text(TRACE) })).message?.trace).toBe(TRACE);
    expect(decided(row(1, { traceHeader: text("") })).message).not.toHaveProperty("trace");
    expect(decided(row(1)).message).not.toHaveProperty("trace");
  });

  it("does not go on with the trace of the version before", () => {
    const image = row(2, { ...cooperative, sampledTrace: text(TRACE) });
    expect(written(decided(image, row(1)), image)).toEqual(row(2, cooperative));
  });

  it.each<[string, Changes]>([
    ["a merchant of another type", { merchantId: number(1) }],
    ["no time", { occurredAt: undefined }],
    ["a time that is none", { occurredAt: text("yesterday") }],
    ["a merchant too long for an index key", { merchantId: text("m".repeat(2048)) }],
  ])("with %s is enqueued and comes into the due index all the same, to be failed with its reason", (_, changes) => {
    const image = row(1, changes);
    const decision = decided(image);
    expect(decision.message).toBeDefined();
    const repaired = written(decision, image);
    expect(repaired).toMatchObject({ dueKey: text("P#0") });
    expect(repaired).not.toHaveProperty("merchantKey");
  });
});

describe("a raised version", () => {
  it("is enqueued at the row's generation", () => {
    const old = row(1, { ...cooperative, ...state("CONFIRMED", 1), releaseNumber: number(4) });
    const raised = changed(old, { version: number(2) });
    expect(decided(raised, old).message).toEqual({ transactionId: "t-1", version: 2, release: 4 });
  });

  it.each(["CONFIRMED", "FAILED", "SCHEDULED", "PENDING"])("is enqueued over a row that was %s", (name) => {
    const old = row(1, { ...cooperative, ...state(name, 1) });
    expect(decided(changed(old, { version: number(2) }), old).message).toMatchObject({ version: 2 });
  });

  it("gets keys that its terminal predecessor had left, and loses its time to live", () => {
    const old = row(1, { ...state("FAILED", 1), purgeAt: number(5), merchantKey: text("m-1#2026-11-22#0") });
    const raised = changed(old, { version: number(2) });
    const then = written(decided(raised, old), raised);
    expect(then).toMatchObject({ dueKey: text("P#0"), dueAt: number(START_MS + LEASE_MS) });
    expect(then).not.toHaveProperty("purgeAt");
  });

  it("does not wait for the date for which its predecessor was parked, nor loses a nearer one", () => {
    const parked = (dueAt: number): AttributeMap =>
      row(1, { ...cooperative, ...state("SCHEDULED", 1), dueAt: number(dueAt) });
    const raise = (old: AttributeMap): AttributeMap => changed(old, { version: number(2) });
    const [far, near] = [parked(START_MS + 10 * LEASE_MS), parked(START_MS + 1000)];
    expect(written(decided(raise(far), far), raise(far))?.["dueAt"]).toEqual(number(START_MS + LEASE_MS));
    expect(decided(raise(near), near).statement).toBeUndefined();
  });

  it("is owed after one that could not be delivered", () => {
    const bad = transactionRow({ version: text("one") });
    expect(decided(row(2, cooperative), bad).message).toMatchObject({ version: 2 });
  });
});

describe("a version that cannot be delivered", () => {
  it.each<[string, AttributeValue | undefined]>([
    ["a string", text("1")],
    ["missing", undefined],
    ["0", number(0)],
    ["a fraction", { N: "1.5" }],
    ["more than JavaScript can count to", { N: "9007199254740993" }],
  ])("is set aside: %s", (_, version) => {
    const decision = decided(transactionRow({ version }));
    expect(decision).toMatchObject({ version: undefined, quarantined: { code: "version_invalid", fault: "producer" } });
    expect(decision).not.toHaveProperty("message");
  });

  it("is quarantined when it was lowered, and says which one to write", () => {
    const decision = decided(row(2), row(3));
    expect(decision).toMatchObject({ version: 2, quarantined: { code: "version_lowered" } });
    expect(decision.quarantined?.reason).toContain("Write the row again with version 4.");
    expect(decision).not.toHaveProperty("message");
  });

  it("is quarantined once: our own record of it asks for nothing", () => {
    for (const version of [text("1"), undefined, number(2)]) {
      const old = transactionRow({ version });
      const record = changed(old, { confirmationState: text("FAILED"), stateVersion: version });
      expect(decided(record, old)).not.toHaveProperty("setAside");
    }
  });
});

describe("the same version", () => {
  it("put again by its producer is restored, not delivered a second time", () => {
    const old = row(1, {
      ...state("CONFIRMED", 1),
      releaseNumber: number(2),
      attemptCount: number(1),
      purgeAt: number(9),
    });
    const image = row(1, cooperative);
    const decision = decided(image, old);
    expect(decision).not.toHaveProperty("message");
    expect(written(decision, image)).toEqual(old);
  });

  it("put again while a job sends it again gets the job's mark back, with what came of it", () => {
    const mark = { jobId: "job-1", version: 1, generation: 1, markedAt: 5 };
    for (const redelivery of [
      mark,
      { ...mark, ended: { result: "status_5xx", at: 6, status: 503 } },
      { ...mark, reopens: 2 },
    ]) {
      const old = row(1, { ...state("CONFIRMED", 1), purgeAt: number(9), redelivery: writeRedelivery(redelivery) });
      const image = row(1, cooperative);
      const restored = written(decided(image, old), image);
      expect(restored).toEqual(old);
      expect(restored && redeliveryOf(restored)).toEqual(redelivery);
    }
  });

  it("is our own affair while a job marks it and records what came of it", () => {
    const mark = { jobId: "job-1", version: 1, generation: 1, markedAt: 5 };
    for (const name of ["CONFIRMED", "FAILED"]) {
      const listed = { ...state(name, 1), merchantKey: text("m-1#2026-11-22#0") };
      const images = [mark, { ...mark, ended: { result: "delivered" } }].map((redelivery) =>
        row(1, { ...listed, redelivery: writeRedelivery(redelivery) }),
      );
      for (const [newImage, oldImage] of [[images[0], row(1, listed)] as const, [images[1], images[0]] as const]) {
        const decision = decided(newImage as AttributeMap, oldImage);
        expect(decision).toEqual({ transactionId: "t-1", version: 1, highest: 1 });
      }
    }
  });

  it("put again while it was requeued keeps its generation, or its message would be taken for an old one", () => {
    const old = row(1, { ...cooperative, releaseNumber: number(1), unheardReleases: number(1) });
    const image = row(1, cooperative);
    const decision = decided(image, old);
    expect(decision).not.toHaveProperty("message");
    expect(written(decision, image)).toEqual(old);
  });

  it("put again while it was parked is parked still, at its date", () => {
    const old = row(1, { ...cooperative, ...state("SCHEDULED", 1), dueAt: number(START_MS + 5), giveUpAt: number(7) });
    const image = row(1, { amount: text("99.00"), ...cooperative });
    expect(written(decided(image, old), image)).toEqual(changed(old, { amount: text("99.00") }));
  });

  it("that lost its index keys gets them back, parked or not", () => {
    for (const name of ["PENDING", "SCHEDULED"]) {
      const old = row(1, { ...cooperative, ...state(name, 1) });
      const image = changed(old, { dueKey: undefined, dueAt: undefined });
      expect(written(decided(image, old), image)).toEqual(old);
    }
  });

  it("with an attribute changed by its producer asks for nothing", () => {
    const old = row(1, { ...cooperative, ...state("PENDING", 1) });
    expect(decided(changed(old, { note: text("x") }), old)).toEqual({ transactionId: "t-1", version: 1, highest: 1 });
  });

  it("that waits in its place keeps its date, which is after its next attempt", () => {
    const waiting = { ...state("PENDING", 1), orderingKey: text("k"), nextTryAt: number(START_MS + 9_000_000) };
    const before = row(1, { ...cooperative, orderingKey: text("k") });
    const image = row(1, { ...cooperative, ...waiting, dueKey: text("O#0"), dueAt: number(START_MS + 9_900_000) });
    expect(decided(image, before).statement).toBeUndefined();
  });

  it("that was repeated keeps its date, which comes later each time", () => {
    const before = row(1, { ...cooperative, orderingKey: text("k"), dueKey: text("O#0") });
    const repeated = { unheardReleases: number(4), dueAt: number(START_MS + 8 * LEASE_MS) };
    const image = row(1, { ...cooperative, orderingKey: text("k"), dueKey: text("O#0"), ...repeated });
    expect(decided(image, before).statement).toBeUndefined();
  });

  it("that waited in its place does not make a newer one wait for its date", () => {
    const waited = { ...state("PENDING", 1), orderingKey: text("k"), nextTryAt: number(START_MS + 9_000_000) };
    const before = row(1, { ...cooperative, ...waited, dueKey: text("O#0"), dueAt: number(START_MS + 9_900_000) });
    const image = changed(before, { version: number(2) });
    expect(written(decided(image, before), image)).toMatchObject({ dueKey: text("O#0"), dueAt: cooperative["dueAt"] });
  });

  it("that is terminal asks for nothing, whatever else is on the row", () => {
    for (const name of ["CONFIRMED", "FAILED"]) {
      const terminal = row(1, { ...state(name, 1), ...cooperative, purgeAt: number(1) });
      expect(decided(terminal, row(1))).toEqual({ transactionId: "t-1", version: 1, highest: 1 });
    }
  });
});

describe("a failed row", () => {
  const failed = row(1, {
    ...state("FAILED", 1),
    merchantKey: text("m-1#2026-11-22#0"),
    failure: { M: { code: text("expired"), fault: text("merchant"), reason: text("too late") } },
    settledAt: number(START_MS),
  });
  const amongFailed = { failedKey: text("m-1#0"), failedAt: text(`expired#${new Date(START_MS).toISOString()}`) };
  const listed = changed(failed, amongFailed);

  it("that an older program failed comes into the failed index, once", () => {
    expect(written(decided(failed, row(1)), failed)).toEqual(listed);
    expect(decided(listed, failed).statement).toBeUndefined();
  });

  it("is not listed where it changed since it was seen", () => {
    const { statement } = decided(failed, row(1));
    const since = changed(failed, { settledAt: number(START_MS + 1) });
    expect(statement && runUpdate(statement, since)).toBeUndefined();
  });

  it("is listed with the merchant that accepted it, not with the one that was written over it", () => {
    const { merchantId, ...content } = contentIn(failed);
    const accepted = writeAccepted(1, { merchantId, ...content });
    const image = changed(failed, { merchantId: text("m-2"), accepted });
    expect(written(decided(image, failed), image)).toMatchObject(amongFailed);
  });

  it("leaves the failed index when it is confirmed after all", () => {
    const image = changed(listed, { ...state("CONFIRMED", 1), failure: undefined });
    const after = written(decided(image, listed), image);
    expect(after).toEqual(changed(image, { failedKey: undefined, failedAt: undefined }));
  });

  it("leaves it when its version is raised by an update, whatever else stays on the row", () => {
    const image = changed(listed, { version: number(2) });
    const after = written(decided(image, listed), image);
    expect(after).not.toHaveProperty("failedKey");
    expect(after).not.toHaveProperty("failedAt");
  });

  it("is in it again once a put of the same version is restored", () => {
    const image = row(1, cooperative);
    expect(written(decided(image, listed), image)).toEqual(listed);
  });

  it("without a merchant, or a time that is one, is in none", () => {
    for (const changes of [{ merchantId: undefined }, { settledAt: number(8.65e15) }, { settledAt: text("x") }])
      expect(decided(changed(failed, changes), row(1)).statement).toBeUndefined();
  });
});

describe("what the API noted of a row that it took in", () => {
  const intake: Changes = { intake: { M: { digest: text("d"), at: number(1), by: text("producer-1") } } };

  it("stays when a producer puts the row again, with a state or without one, at this version or the next", () => {
    for (const [before, version] of [
      [cooperative, 1],
      [{ ...cooperative, ...state("SCHEDULED", 1) }, 1],
      [cooperative, 2],
    ] as const) {
      const image = row(version, cooperative);
      expect(written(decided(image, row(1, { ...before, ...intake })), image)).toMatchObject(intake);
    }
  });

  it("is not put in the place of another note", () => {
    const other: Changes = { intake: { M: { digest: text("other") } } };
    const image = row(2, { ...cooperative, ...other });
    expect(written(decided(image, row(1, { ...cooperative, ...intake })), image)).toMatchObject(other);
  });

  it("is no part of what is sent, digested or accepted", () => {
    const plain = row(1, cooperative);
    const noted = changed(plain, intake);
    expect(contentIn(noted)).toEqual(contentIn(plain));
    const [one, other] = [noted, plain].map((image) => {
      const parsed = parseTransaction(image);
      return "transaction" in parsed ? parsed.transaction : parsed;
    });
    expect(one).toEqual(other);
  });
});

describe("any change", () => {
  const version = fc.constantFrom<AttributeValue | undefined>(number(1), number(2), number(3), text("2"), undefined);
  const images = fc
    .record({
      version,
      confirmationState: fc.constantFrom(undefined, ...["PENDING", "SCHEDULED", "CONFIRMED", "FAILED"].map(text)),
      stateVersion: version,
      dueAt: fc.constantFrom(undefined, number(1), number(START_MS * 2)),
      dueKey: fc.constantFrom(undefined, text("P#0")),
      purgeAt: fc.constantFrom(undefined, number(1)),
      merchantKey: fc.constantFrom(undefined, text("m-1#2026-11-22#0")),
    })
    .map(transactionRow);

  it("enqueues only a version that is new to the row, valid and without an outcome", () => {
    fc.assert(
      fc.property(images, fc.option(images, { nil: undefined }), (newImage, oldImage) => {
        const { message } = decided(newImage, oldImage);
        if (message === undefined) return;
        expect(newImage["version"]).toEqual(number(message.version));
        const before = oldImage?.["version"]?.N;
        if (before !== undefined) expect(message.version).toBeGreaterThan(Number(before));
        const isOfVersion = newImage["stateVersion"]?.N === String(message.version);
        if (isOfVersion) expect(["CONFIRMED", "FAILED", "SCHEDULED"]).not.toContain(newImage["confirmationState"]?.S);
      }),
    );
  });

  it("leaves every open row in the due index, and of terminal ones only sees that they are listed", () => {
    fc.assert(
      fc.property(images, fc.option(images, { nil: undefined }), (newImage, oldImage) => {
        const decision = decided(newImage, oldImage);
        if (decision.quarantined !== undefined || oldImage?.["confirmationState"] !== undefined) return;
        const isTerminal =
          /CONFIRMED|FAILED/.test(newImage["confirmationState"]?.S ?? "") &&
          newImage["stateVersion"]?.N === newImage["version"]?.N &&
          newImage["stateVersion"]?.S === newImage["version"]?.S;
        const then = written(decision, newImage);
        if (isTerminal) {
          expect({ ...then, merchantKey: undefined }).toEqual({ ...newImage, merchantKey: undefined });
          if (newImage["version"]?.N !== undefined) expect(then).toHaveProperty("merchantKey");
        } else {
          expect(then).toHaveProperty("dueKey");
          expect(then).not.toHaveProperty("purgeAt");
        }
      }),
    );
  });
});
