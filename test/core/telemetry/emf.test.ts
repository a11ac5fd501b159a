import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type EmfDocument, emfDocuments } from "../../../core/telemetry/emf.ts";
import { emfSamples } from "../../../core/telemetry/emf-samples.ts";
import { percentileOf } from "../../../core/telemetry/percentile.ts";
import { Meter } from "../../../core/telemetry/meter.ts";
import { METRICS } from "../../../core/settings/names.ts";
import "../../fixed-seed.ts";

const NOW = 1_700_000_000_000;
/** What a logging driver passes on as one line: 16 KiB, less some room. */
const MAX_LINE_BYTES = 16_000;
/** Milliseconds of all sizes, from the same instant to a month, most of them short. */
const times = fc.double({ min: 0, max: Math.log(2.6e9), noNaN: true }).map((power) => Math.exp(power) - 1);
const publish = (meter: Meter) => emfDocuments(meter.take(), { namespace: "N", service: "s", now: NOW });
const samplesOf = (documents: readonly EmfDocument[], metric: string) =>
  documents.flatMap((document) => emfSamples(document[metric]));

function exactPercentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}

describe("what is published of times", () => {
  it("gives every percentile to half a millisecond or 2 %, whichever is more", () => {
    fc.assert(
      fc.property(
        fc.array(times, { minLength: 1, maxLength: 2000 }),
        fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1),
        (values, share) => {
          const meter = new Meter([]);
          for (const value of values) meter.observe(METRICS.commitToConfirmed, value);
          const found = percentileOf(samplesOf(publish(meter), METRICS.commitToConfirmed), share) ?? Number.NaN;
          const exact = exactPercentile(values, share);
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(Math.max(1, exact * 0.02));
        },
      ),
    );
  });

  it("gives the true count, least, most and sum of what fits into one document", () => {
    const meter = new Meter([]);
    for (let value = 1; value <= 200; value += 1) meter.observe(METRICS.webhookLatency, value);
    const [document, ...others] = publish(meter);
    expect(others).toEqual([]);
    expect(document?.[METRICS.webhookLatency]).toMatchObject({ Count: 200, Min: 1, Max: 200, Sum: 20_100 });
  });

  it("counts as no time what clocks that differ make negative, and leaves out what is no number", () => {
    const meter = new Meter([]);
    for (const value of [-5, Number.NaN, Number.POSITIVE_INFINITY, 7]) meter.observe(METRICS.queueAge, value);
    expect(samplesOf(publish(meter), METRICS.queueAge)).toEqual([
      { value: 0, count: 1 },
      { value: 7, count: 1 },
    ]);
  });
});

describe("a document", () => {
  it("breaks no limit, however much was measured: 100 metrics, 100 values of one, a line passed on whole", () => {
    const distributed = [
      METRICS.commitToConfirmed,
      METRICS.webhookLatency,
      METRICS.queueAge,
      METRICS.batchFill,
    ] as const;
    const meter = new Meter(Object.values(METRICS).filter((metric) => !distributed.some((other) => other === metric)));
    const values = Array.from({ length: 2000 }, (_, index) => 1.02 ** index % 2.6e9);
    for (const metric of distributed) for (const value of values) meter.observe(metric, value);
    const documents = publish(meter);
    expect(documents.length).toBeGreaterThan(1);
    for (const document of documents) {
      const { Metrics = [], Dimensions } = document._aws.CloudWatchMetrics[0] ?? {};
      expect(Dimensions).toEqual([["service"]]);
      expect(Metrics.length).toBeLessThanOrEqual(100);
      expect(new Set(Metrics.map(({ Name }) => Name)).size).toBe(Metrics.length);
      for (const { Name } of Metrics) expect(emfSamples(document[Name]).length).toBeLessThanOrEqual(100);
      expect(Buffer.byteLength(JSON.stringify(document))).toBeLessThan(MAX_LINE_BYTES);
    }
    for (const metric of distributed) {
      const counted = samplesOf(documents, metric).reduce((sum, { count }) => sum + count, 0);
      expect(counted).toBe(values.length);
    }
  });

  it("names unit, service and time; distributions are in documents of their own", () => {
    const meter = new Meter([]);
    meter.observe(METRICS.queueAge, 3);
    meter.gauge(METRICS.windowInUse, () => 12.5);
    meter.count(METRICS.received, 2);
    expect(publish(meter)).toEqual([
      {
        _aws: {
          Timestamp: NOW,
          CloudWatchMetrics: [
            {
              Namespace: "N",
              Dimensions: [["service"]],
              Metrics: [
                { Name: "Received", Unit: "Count" },
                { Name: "WindowInUse", Unit: "Percent" },
              ],
            },
          ],
        },
        service: "s",
        Received: 2,
        WindowInUse: 12.5,
      },
      {
        _aws: {
          Timestamp: NOW,
          CloudWatchMetrics: [
            { Namespace: "N", Dimensions: [["service"]], Metrics: [{ Name: "QueueAge", Unit: "Milliseconds" }] },
          ],
        },
        service: "s",
        QueueAge: { Values: [3], Counts: [1], Min: 3, Max: 3, Sum: 3, Count: 1 },
      },
    ]);
  });

  it("of its own holds what is counted by class, so that the whole is not counted twice", () => {
    const meter = new Meter([]);
    meter.count(METRICS.attemptFailed, 3);
    meter.countPart(METRICS.attemptFailed, "class", "timeout");
    meter.countPart(METRICS.attemptFailed, "class", "timeout");
    meter.countPart(METRICS.attemptFailed, "class", "status_5xx");
    const [whole, timeouts, refusals, ...others] = publish(meter);
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ service: "s", AttemptFailed: 3 });
    expect(timeouts).toMatchObject({ service: "s", class: "timeout", AttemptFailed: 2 });
    expect(timeouts?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([["service", "class"]]);
    expect(refusals).toMatchObject({ class: "status_5xx", AttemptFailed: 1 });
  });

  it("is not published when nothing was measured", () => {
    expect(publish(new Meter([]))).toEqual([]);
  });
});

describe("a meter", () => {
  it("begins anew with each publication, and says 0 of what must not be missing", () => {
    const meter = new Meter([METRICS.confirmed]);
    meter.count(METRICS.confirmed, 2);
    meter.count(METRICS.parked);
    expect(publish(meter)).toMatchObject([{ Confirmed: 2, Parked: 1 }]);
    const [second] = publish(meter);
    expect(second).toMatchObject({ Confirmed: 0 });
    expect(second).not.toHaveProperty("Parked");
  });

  it("reads a gauge when it is published", () => {
    const meter = new Meter([]);
    let open = 1;
    meter.gauge(METRICS.circuitsOpen, () => open);
    open = 4;
    expect(publish(meter)).toMatchObject([{ CircuitsOpen: 4 }]);
  });
});

describe("a value that is read back", () => {
  it.each([
    ["a number", 3, [{ value: 3, count: 1 }]],
    [
      "a list of numbers",
      [1, 2],
      [
        { value: 1, count: 1 },
        { value: 2, count: 1 },
      ],
    ],
    ["values and counts", { Values: [5], Counts: [7] }, [{ value: 5, count: 7 }]],
    ["none at all", undefined, []],
    ["a text", "x", []],
  ])("may be %s", (_, member, samples) => {
    expect(emfSamples(member)).toEqual(samples);
  });
});
