import { describe, expect, it } from "@jest/globals";
import type { ReceivedMessage } from "../../../../core/aws/message-queue.ts";
import { emfDocuments } from "../../../../core/telemetry/emf.ts";
import { emfSamples } from "../../../../core/telemetry/emf-samples.ts";
import { MerchantTroubles } from "../../../../core/telemetry/merchant-troubles.ts";
import { Meter } from "../../../../core/telemetry/meter.ts";
import { MERCHANT_LINE, METRICS } from "../../../../core/settings/names.ts";
import { Measures } from "../../../../core/confirmation/telemetry/measures.ts";
import { Publisher } from "../../../../core/telemetry/publisher.ts";
import { transactionRow } from "../../../support/rows.ts";
import { UNTRACED } from "../../../support/untraced.ts";
import { workerHarness, type WorkerHarness } from "../../../support/worker-harness.ts";

const published = (meter: Meter) => emfDocuments(meter.take(), { namespace: "N", service: "s", now: 0 });
const samples = (meter: Meter, metric: string) => published(meter).flatMap((document) => emfSamples(document[metric]));
/** What is counted by class and reason, as `metric class: count`. */
const parts = (meter: Meter) =>
  published(meter).flatMap(({ class: failureClass, reason, AttemptFailed, Parked }) =>
    [failureClass, reason].flatMap((value) => (typeof value === "string" ? [[value, AttemptFailed ?? Parked]] : [])),
  );

describe("the time from the write of a version to its confirmation", () => {
  it("is measured from the time that the message carries", async () => {
    const harness = workerHarness();
    await harness.handle({ committedAt: harness.clock.now() - 4000 });
    expect(samples(harness.meter, METRICS.commitToConfirmed)).toEqual([{ value: 4000, count: 1 }]);
  });

  it("counts on while the row is parked, its message gone", async () => {
    const harness = workerHarness();
    harness.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "busy" });
    await harness.handle({ committedAt: harness.clock.now() - 4000 });
    harness.clock.advance(50_000);
    harness.answer = () => ({ kind: "delivered", status: 200 });
    const row = harness.table.rows.get("t-1") ?? {};
    harness.table.rows.set("t-1", { ...row, confirmationState: { S: "PENDING" }, releaseNumber: { N: "1" } });
    await harness.handle({ release: 1 });
    expect(samples(harness.meter, METRICS.commitToConfirmed)).toEqual([{ value: 54_000, count: 1 }]);
  });

  it("is not measured where nobody knows when it was written: of a message from an older program", async () => {
    const harness = workerHarness();
    await harness.handle();
    expect(harness.metrics).toContain(METRICS.confirmed);
    expect(samples(harness.meter, METRICS.commitToConfirmed)).toEqual([]);
  });

  it("is not that of the version before, which was parked", async () => {
    const row = transactionRow();
    const harness = workerHarness({
      ...row,
      committedAt: { N: "1" },
      stateVersion: { N: "7" },
      confirmationState: { S: "PENDING" },
    });
    await harness.handle();
    expect(samples(harness.meter, METRICS.commitToConfirmed)).toEqual([]);
  });
});

describe("a failed attempt", () => {
  const failing = async (): Promise<WorkerHarness> => {
    const harness = workerHarness();
    harness.answer = () => {
      harness.clock.advance(700);
      return { kind: "failed", class: "timeout", error: "no answer" };
    };
    await harness.handle();
    return harness;
  };

  it("is counted by class, and its time with the others", async () => {
    expect(parts((await failing()).meter)).toEqual([["timeout", 1]]);
    expect(samples((await failing()).meter, METRICS.webhookLatency)).toEqual([{ value: 700, count: 1 }]);
  });

  it("is told in its merchant's line, with an example", async () => {
    expect((await failing()).troubles.take()).toEqual([
      {
        merchantId: "m-1",
        failedAttempts: 1,
        parked: 0,
        deadLettered: 0,
        exampleTransactionId: "t-1",
        exampleError: "no answer",
      },
    ]);
  });
});

it("what is parked is counted by what it waits for", async () => {
  const harness = workerHarness();
  harness.answer = () => ({ kind: "failed", class: "status_429", status: 429, error: "busy" });
  await harness.handle();
  expect(parts(harness.meter)).toEqual([
    ["status_429", 1],
    ["next try", 1],
  ]);
});

it("a transaction that is given up has a line with its ids, and one that goes well has none", async () => {
  const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1";
  const harness = workerHarness();
  await harness.handle({ trace });
  expect(harness.lines).toEqual([]);
  const refused = workerHarness(transactionRow({ amount: { S: "nonsense" } }));
  await refused.handle({ trace });
  expect(refused.lines).toEqual([
    {
      message: "transaction given up",
      details: expect.objectContaining({
        transactionId: "t-1",
        version: 1,
        merchantId: "m-1",
        messageId: expect.any(String),
        traceId: "1-5759e988-bd862e3fe1be46a994272793",
        fault: "producer",
      }) as unknown,
    },
  ]);
});

describe("a message that is deleted as stale", () => {
  it.each([
    ["superseded", transactionRow({ version: { N: "2" } }), METRICS.superseded],
    [
      "a duplicate",
      transactionRow({ confirmationState: { S: "CONFIRMED" }, stateVersion: { N: "1" } }),
      METRICS.duplicatesSuppressed,
    ],
    ["of an earlier release", transactionRow({ releaseNumber: { N: "3" } }), METRICS.staleReleases],
    [
      "of a parked row",
      transactionRow({ confirmationState: { S: "SCHEDULED" }, stateVersion: { N: "1" } }),
      METRICS.staleReleases,
    ],
  ])("is counted as %s", async (_, row, metric) => {
    const harness = workerHarness(row);
    await harness.handle();
    expect(harness.metrics).toEqual([METRICS.received, METRICS.discarded, metric]);
  });
});

describe("a receive", () => {
  const message = (changes: Partial<ReceivedMessage>): ReceivedMessage => ({
    messageId: "m",
    receiptHandle: "h",
    body: "{}",
    groupId: "g",
    receiveCount: 1,
    sentAt: 1000,
    ...changes,
  });
  const receiving = (messages: readonly ReceivedMessage[]): Meter => {
    const meter = new Meter([]);
    const quiet = { hops: UNTRACED, troubles: new MerchantTroubles(), debug: () => undefined, warn: () => undefined };
    new Measures({ ...quiet, meter, now: () => 1020 }).received(messages);
    return meter;
  };

  it("is measured by how many messages it brought, unless it brought none", () => {
    expect(samples(receiving([message({}), message({})]), METRICS.batchFill)).toEqual([{ value: 2, count: 1 }]);
    expect(samples(receiving([]), METRICS.batchFill)).toEqual([]);
  });

  it("tells how long messages waited that come for the first time; the others waited for their retry", () => {
    const messages = [message({}), message({ receiveCount: 2, sentAt: 5 }), message({ sentAt: 0 })];
    expect(samples(receiving(messages), METRICS.queueAge)).toEqual([{ value: 20, count: 1 }]);
  });
});

it("of transactions that are given up a hundred have their own lines between two publications", () => {
  const lines: string[] = [];
  const troubles = new MerchantTroubles();
  const warn = (line: string) => void lines.push(line);
  const measures = new Measures({
    meter: new Meter([]),
    troubles,
    debug: () => undefined,
    warn,
    hops: UNTRACED,
    now: () => 0,
  });
  const job = { message: {}, inFlight: { received: {} }, target: {}, state: {}, merchantId: "m-1" } as never;
  const failure = { code: "expired", fault: "merchant", reason: "late" } as const;
  for (let count = 0; count < 150; count += 1) measures.gaveUp(job, failure);
  expect(lines).toHaveLength(100);
  expect(troubles.take()).toMatchObject([{ merchantId: "m-1", deadLettered: 150 }]);
  measures.published();
  measures.gaveUp(job, failure);
  expect(lines).toHaveLength(101);
});

it("a publication prints documents as they are, and logs merchants in trouble", () => {
  const meter = new Meter([METRICS.confirmed]);
  const troubles = new MerchantTroubles();
  troubles.add("m-1", "parked", "t-1");
  const printed: string[] = [];
  const logged: unknown[] = [];
  new Publisher({
    meter,
    troubles,
    namespace: "N",
    service: "s",
    published: ["*"],
    print: (line) => void printed.push(line),
    log: (message, details) => void logged.push([message, details]),
    now: () => 7,
  }).publish();
  expect(printed.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ _aws: { Timestamp: 7 }, Confirmed: 0 }]);
  expect(logged).toEqual([[MERCHANT_LINE, { merchantId: "m-1", failedAttempts: 0, parked: 1, deadLettered: 0 }]]);
});

it("are told by a log line where they are not published, with no part of their own", () => {
  const meter = new Meter([METRICS.confirmed, METRICS.parked]);
  meter.count(METRICS.confirmed, 2);
  meter.count(METRICS.parked);
  meter.countPart(METRICS.parked, "reason", "paused");
  meter.observe(METRICS.commitToConfirmed, 40);
  meter.observe(METRICS.webhookLatency, 10);
  meter.observe(METRICS.webhookLatency, 20);
  meter.gauge(METRICS.windowInUse, () => 5);
  const printed: string[] = [];
  const logged: unknown[] = [];
  new Publisher({
    meter,
    troubles: new MerchantTroubles(),
    namespace: "N",
    service: "s",
    published: [METRICS.confirmed, METRICS.commitToConfirmed],
    print: (line) => void printed.push(line),
    log: (message, details) => void logged.push([message, details]),
    now: () => 7,
  }).publish();
  const documents = printed.map((line) => JSON.parse(line) as { _aws: { CloudWatchMetrics: { Metrics: object[] }[] } });
  expect(documents).toMatchObject([{ Confirmed: 2 }, { CommitToConfirmed: { Count: 1 } }]);
  expect(documents.flatMap((one) => one._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics))).toHaveLength(2);
  expect(logged).toEqual([
    ["counted", { counts: { Parked: 1, "Parked paused": 1, WebhookLatency: 2, "WebhookLatency sum": 30 } }],
  ]);
});

it("tells each step of one that is followed, and no response as it is", () => {
  const steps: unknown[] = [];
  const measures = new Measures({
    meter: new Meter([]),
    troubles: new MerchantTroubles(),
    debug: (_id, step, details) => steps.push([step, details?.()["outcome"]]),
    warn: () => undefined,
    hops: UNTRACED,
    now: () => 0,
  });
  const job = { message: {}, inFlight: { received: {} }, target: {}, state: {}, merchantId: "m-1" } as never;
  const outcome = { kind: "delivered", status: 200, answer: "slip [number]" } as const;
  for (const telemetry of [measures, measures.sandbox])
    telemetry.called(job, { ...outcome, response: "slip 341917900" }, 5);
  expect(steps).toEqual([
    ["called", outcome],
    ["called", outcome],
  ]);
});
