/** Jobs as their pages show them: whatever the kind, the parts add up to the total. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { shownExport } from "../../console/src/jobs/kinds/export.ts";
import { shownImport } from "../../console/src/jobs/kinds/import.ts";
import { shownRedelivery } from "../../console/src/jobs/kinds/redelivery.ts";
import { shownRestore } from "../../console/src/jobs/kinds/restore.ts";
import { shownResync } from "../../console/src/jobs/kinds/resync.ts";
import { type Act, factsOf, percentOf, type ShownJob } from "../../console/src/jobs/shown-job.ts";
import { en } from "../../console/src/texts/en.ts";
import { es } from "../../console/src/texts/es.ts";

const base = {
  jobId: "job-1",
  reason: "their database was restored",
  ratePerSecond: 50,
  requestedBy: "anna",
  createdAt: "2026-11-22T10:00:00.000Z",
} as const;
const many = fc.nat({ max: 50_000 });

function addsUp({ account }: ShownJob): boolean {
  return account.parts.reduce((sum, [, count]) => sum + count, 0) === account.total;
}

function partsOf({ account }: ShownJob) {
  return Object.fromEntries(account.parts);
}

const redelivery = (counts: object, more: object = {}) =>
  shownRedelivery({
    ...base,
    state: "running",
    startedAt: base.createdAt,
    asOf: base.createdAt,
    filter: { merchantId: "acme", state: "FAILED" },
    ...more,
    counts: {
      matched: 0,
      sent: 0,
      delivered: 0,
      failed: 0,
      waiting: 0,
      superseded: 0,
      skipped: 0,
      skippedBy: {},
      ...counts,
    },
  });

describe("a redelivery", () => {
  it("adds up, however far it is", () => {
    fc.assert(
      fc.property(
        fc.tuple(many, many, many, many, many, many, many),
        ([toCome, open, delivered, failed, ...others]) => {
          const [waiting, superseded, skipped] = others;
          const sent = open + delivered + failed + waiting + superseded;
          const matched = toCome + sent + skipped;
          const job = redelivery({ matched, sent, delivered, failed, waiting, superseded, skipped });
          expect(addsUp(job)).toBe(true);
          expect(job.account.total).toBe(matched);
          expect([partsOf(job)["inFlight"] ?? 0, partsOf(job)["toCome"] ?? 0]).toEqual([open, toCome]);
        },
      ),
    );
  });

  it("that was counted says how many a start is about, and has no progress yet", () => {
    const job = redelivery({ matched: 12, skipped: 2 }, { state: "counted", count: 10, startedAt: undefined });
    expect(job).toMatchObject({ actsOn: 10, acts: ["start", "cancel"], isUnderWay: false });
    expect(job.progress).toBeUndefined();
    expect(job.facts).toEqual([
      ["merchantId", "acme"],
      ["state", "FAILED"],
    ]);
  });

  it("is over as far as what was sent came to its end", () => {
    const job = redelivery({ matched: 200, sent: 100, delivered: 90, failed: 10, skipped: 20 }, { count: 180 });
    expect(job.progress).toBe(60);
  });
});

describe("an import", () => {
  const imported = (state: Parameters<typeof shownImport>[0]["state"], counts: object, more: object = {}) =>
    shownImport({
      ...base,
      state,
      of: "transactions",
      ...more,
      counts: { rows: 0, accepted: 0, rejected: 0, skipped: 0, ...counts },
    });

  it("adds up, and has its rejected rows once it is over", () => {
    const running = imported("running", { rows: 100, accepted: 40, rejected: 10 });
    expect([addsUp(running), partsOf(running)["toCome"], running.progress, running.file]).toEqual([
      true,
      50,
      50,
      undefined,
    ]);
    expect(imported("done", { rows: 50, accepted: 40, rejected: 10 }).file).toBe("rejected");
    expect(imported("done", { rows: 50, accepted: 50 }).file).toBeUndefined();
  });

  it("that was refused says where and why", () => {
    const refusal = { code: "UNREADABLE", reason: "It is no UTF-8.", line: 7, byte: 99 };
    const job = imported("refused", {}, { refusal });
    expect(job.refusal).toEqual(refusal);
    expect(job.acts).toEqual([]);
  });
});

describe("an export", () => {
  const exported = (state: "running" | "done", fileUntil?: string) =>
    shownExport(
      {
        ...base,
        state,
        merchantId: "acme",
        from: base.createdAt,
        to: base.createdAt,
        format: "csv",
        ...(fileUntil !== undefined && { fileUntil }),
        counts: { rows: 7, bytes: 1000 },
      },
      Date.parse("2026-11-25T00:00:00Z"),
    );

  it("has its file while it is kept", () => {
    expect(exported("done", "2026-11-29T00:00:00.000Z")).toMatchObject({ file: "exported", progress: 100 });
    expect(exported("done", "2026-11-24T00:00:00.000Z").file).toBeUndefined();
    expect(exported("running").progress).toBeUndefined();
    expect(addsUp(exported("running"))).toBe(true);
  });
});

describe("a restore", () => {
  const NAMES = [
    "same",
    "restored",
    "takenFromTable",
    "takenFromStream",
    "takenFromJournal",
    "takenFromManifests",
    "unknown",
    "expired",
    "refused",
    "skipped",
  ] as const;
  const countsOf = (counts: readonly number[], transactions: number) =>
    ({ transactions, sent: 0, ...Object.fromEntries(NAMES.map((name, at) => [name, counts[at] ?? 0])) }) as never;
  const restored = (more: object) =>
    shownRestore({ ...base, state: "running", isApplied: false, counts: countsOf([], 0), ...more });

  it("adds up, however far it is", () => {
    fc.assert(
      fc.property(fc.array(many, { minLength: NAMES.length, maxLength: NAMES.length }), many, (counts, toCome) => {
        const over = counts.reduce((sum, one) => sum + one, 0);
        const job = restored({ counts: countsOf(counts, over + toCome) });
        expect([addsUp(job), job.account.total]).toEqual([true, over + toCome]);
      }),
    );
  });

  it("that is planned is about what is not as it should be, and lists what is unknown", () => {
    const plan = countsOf([90, 5, 2, 0, 0, 0, 3], 100);
    const job = restored({ state: "counted", plan });
    expect(job).toMatchObject({ actsOn: 10, acts: ["apply", "cancel"], hasUndecided: true });
    const unknownTimes = [{ from: "2026-11-22T10:00:00.000Z", to: "2026-11-22T10:05:00.000Z" }];
    expect(restored({ state: "counted", plan, unknownTimes }).facts).toContainEqual(["unknownTimes", unknownTimes]);
    expect(restored({ state: "counted", plan, decides: "job-0", decision: "send" }).hasUndecided).toBeUndefined();
  });
});

it("a resync adds up", () => {
  const job = shownResync({
    ...base,
    state: "running",
    since: base.createdAt,
    counts: { transactions: 10, published: 4, skipped: 1 },
  });
  expect([addsUp(job), job.progress, job.acts]).toEqual([true, 50, ["cancel"]]);
});

it("each act that a job offers says what it does, in each language, and no other act does", () => {
  const job = (state: string, more: object) => ({ ...base, state, counts: {}, ...more }) as never;
  const states = {
    redeliveries: ["counting", "counted", "running", "paused", "canceled", "done"],
    imports: ["waiting", "running", "paused", "canceled", "refused", "done"],
    exports: ["running", "paused", "canceled", "too_large", "done"],
    restores: ["counting", "counted", "running", "paused", "canceled", "done"],
    resyncs: ["running", "canceled", "done"],
  } as const;
  const shown = {
    redeliveries: (state: string) => shownRedelivery(job(state, { filter: {} })),
    imports: (state: string) => shownImport(job(state, {})),
    exports: (state: string) => shownExport(job(state, {}), 0),
    restores: (state: string) => shownRestore(job(state, {})),
    resyncs: (state: string) => shownResync(job(state, {})),
  } as const;
  for (const kind of Object.keys(states) as (keyof typeof states)[]) {
    const offered = new Set<Act>(states[kind].flatMap((state) => shown[kind](state).acts));
    for (const { jobs } of [en, es])
      expect({ kind, says: Object.keys(jobs.kinds[kind].says).toSorted() }).toEqual({
        kind,
        says: [...offered].toSorted(),
      });
  }
});

it("percents are whole, never more than a hundred, and none of nothing", () => {
  expect([percentOf(1, 3), percentOf(5, 4), percentOf(0, 0)]).toEqual([33, 100, undefined]);
});

it("facts are what was said", () => {
  expect(factsOf({ transactionIds: ["a", "b"], from: undefined, sources: [], includeElsewhere: true })).toEqual([
    ["transactionIds", "a, b"],
    ["includeElsewhere", "true"],
  ]);
});
