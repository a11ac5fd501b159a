/** What the panels show as confirmed is all that is confirmed, by whichever program counts it. */
import { describe, expect, it } from "@jest/globals";
import { metricsOf } from "../../../core/dashboard/counted-metrics.ts";
import { evaluate } from "../../../core/dashboard/evaluate.ts";
import { type Measured, measuredIn, type Value } from "../../../core/dashboard/panel.ts";
import { sectionsOf } from "../../../core/dashboard/panels.ts";
import { isPublished } from "../../../core/dashboard/published-here.ts";
import { METRICS, METRICS_NAMESPACE } from "../../../core/settings/names.ts";
import { parseSettings, type SettingsInput } from "../../../core/settings/settings.ts";
import { EVERY_KIND } from "../settings/every-kind.ts";

const CHANNELS: SettingsInput = { channels: { ...EVERY_KIND, kinds: [...EVERY_KIND.kinds] } as never };
const MINUTE = { endMs: 60_000, periodSeconds: 60, periods: 1 };

const sectionsWith = (given: SettingsInput) =>
  sectionsOf({
    settings: parseSettings(given),
    cluster: "",
    service: "",
    natGateways: [],
    functions: [],
    logGroups: [],
  });

function valueOf(given: SettingsInput, id: string, label: string): Value {
  const panels = sectionsWith(given).flatMap((section) => section.panels);
  const panel = panels.find((one) => one.id === id);
  const series = panel !== undefined && "series" in panel ? panel.series : [];
  const found = series.find((one) => one.label === label);
  if (found === undefined) throw new Error(`got no series ${label} in ${id}`);
  return found.value;
}

/** What was counted in the minute, by `service metric`. */
const reading =
  (counts: Readonly<Record<string, number>>) =>
  ({ name, dimensions }: Measured) => [counts[`${dimensions["service"]} ${name}`]];

const named = ({ name, dimensions }: Measured) => `${dimensions["service"]} ${name}`;

describe("what is confirmed", () => {
  it.each<[string, SettingsInput, readonly string[]]>([
    ["by default", {}, ["confirmation-worker Confirmed", "receive-acknowledgements Acknowledged"]],
    [
      "with channels that have receipts",
      CHANNELS,
      ["confirmation-worker Confirmed", "receive-acknowledgements Acknowledged", "receive-receipts Confirmed"],
    ],
    ["in small-account mode", { delivery: { mode: "lambda" } }, ["confirmation-transactions Confirmed"]],
  ])("is of every program that counts some, %s, in numbers, rates and costs", (_, given, programs) => {
    expect(measuredIn(valueOf(given, "out", "Confirmed")).map(named)).toEqual(programs);
    expect(measuredIn(valueOf(given, "rates", "Confirmed")).map(named)).toEqual(programs);
    const cost = measuredIn(valueOf(given, "cost-per-million", "Dollars per million")).map(named);
    expect(cost).toEqual(expect.arrayContaining([...programs]));
  });

  it.each([
    [{ "confirmation-worker Confirmed": 908, "receive-acknowledgements Acknowledged": 38 }, 946],
    [{ "confirmation-worker Confirmed": 908 }, 908],
    [{ "receive-acknowledgements Acknowledged": 38 }, 38],
    [{ "receive-receipts Confirmed": 3, "confirmation-worker Confirmed": 0 }, 3],
    [{}, undefined],
  ])("is added up, also where a program has counted nothing yet: %j", (counts, sum) => {
    expect(evaluate(valueOf(CHANNELS, "out", "Confirmed"), MINUTE, reading(counts))).toEqual([sum]);
    const rate = evaluate(valueOf(CHANNELS, "rates", "Confirmed"), MINUTE, reading(counts));
    expect(rate).toEqual([(sum ?? 0) / 60]);
  });

  it("leaves what an old system confirmed to a number of its own", () => {
    expect(measuredIn(valueOf({}, "out", "Old system")).map(named)).toEqual(["confirmation-worker LeftToOldSystem"]);
  });
});

describe("what is given up", () => {
  it("is of every program that sends dead letters", () => {
    const programs = measuredIn(valueOf({}, "out", "Given up")).map(named);
    expect(programs).toEqual([
      "confirmation-worker DeadLetteredMerchant",
      "confirmation-worker DeadLetteredPipeline",
      "stream-transactions DeadLetteredPipeline",
      "release-due DeadLetteredPipeline",
      "confirmation-worker DeadLetteredProducer",
      "stream-transactions DeadLetteredProducer",
      "release-due DeadLetteredProducer",
    ]);
  });
});

describe("the panels in small-account mode", () => {
  const metrics = metricsOf(sectionsWith({ delivery: { mode: "lambda" }, api: { cognito: true }, ...CHANNELS }));
  const own = metrics.filter(({ namespace }) => namespace === METRICS_NAMESPACE);

  it("ask the function that calls in the place of workers, under the pipeline's name for it", () => {
    const programs = own.map(({ dimensions }) => dimensions["service"]);
    expect(programs).toContain("confirmation-transactions");
    expect(programs).not.toContain("confirmation-worker");
    const ofNamed = metricsOf(sectionsWith({ name: "live", delivery: { mode: "lambda" } }));
    const confirmed = ofNamed.filter(({ name }) => name === METRICS.confirmed);
    expect(confirmed).toEqual([
      {
        namespace: "live-ConfirmationPipeline",
        name: "Confirmed",
        dimensions: { service: "confirmation-transactions" },
        statistic: "Sum",
      },
    ]);
    expect(isPublished("lambda", confirmed[0] as Measured)).toBe(true);
  });

  it("know which of their metrics are published", () => {
    const published = own.filter((metric) => isPublished("lambda", metric)).map(named);
    expect([...new Set(published)].toSorted()).toEqual([
      "confirmation-transactions AttemptFailed",
      "confirmation-transactions CommitToConfirmed",
      "confirmation-transactions Confirmed",
      "confirmation-transactions DeadLetteredMerchant",
      "confirmation-transactions DeadLetteredPipeline",
      "release-due DeadLetteredPipeline",
    ]);
    for (const metric of metrics) expect(isPublished("fargate", metric)).toBe(true);
  });
});
