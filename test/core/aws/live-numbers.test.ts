import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetInsightRuleReportCommand,
  GetMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { readLiveNumbers } from "../../../core/aws/live-numbers.ts";
import { sumOf } from "../../../core/dashboard/metrics.ts";
import type { Measured, Section } from "../../../core/dashboard/panel.ts";
import type { ShownPanel } from "../../../core/dashboard/shown.ts";

const cloudwatch = mockClient(CloudWatchClient);
const client = new CloudWatchClient({ region: "eu-central-1" });
const NOW = Date.parse("2026-11-22T12:00:31Z");
const MINUTE_MS = 60_000;
const END = Date.parse("2026-11-22T12:00:00Z");
const STACK = "ConfirmationPipeline-AlarmsSuccessBurn1h2F6E803F-1ABCDEFGHIJK";
const COMPOSITE = "ConfirmationPipelineAlarmsHeldUp6111A149";

const measured = (name: string, statistic = "Sum"): Measured => ({
  namespace: "ConfirmationPipeline",
  name,
  dimensions: { service: "confirmation-worker" },
  statistic,
});
const base = { help: "made up", columns: 8 };
const sections: readonly Section[] = [
  {
    title: "All",
    panels: [
      {
        ...base,
        kind: "numbers",
        id: "out",
        title: "Out",
        over: "range",
        unit: "count",
        series: [{ label: "Confirmed", value: measured("Confirmed"), tone: "green" }],
      },
      {
        ...base,
        kind: "lines",
        id: "rates",
        title: "Rates",
        unit: "perSecond",
        series: [
          {
            label: "Confirmed",
            value: { expression: "FILL(sent, 0) / PERIOD(sent)", using: { sent: measured("Confirmed") } },
            tone: "green",
          },
          { label: "p99", value: measured("WebhookLatency", "p99"), tone: "red" },
        ],
      },
      { ...base, kind: "contributors", id: "merchants", title: "Merchants", rule: "failed-by-merchant", top: 10 },
      { ...base, kind: "alarms", id: "alarms", title: "Alarms" },
    ],
  },
];

const at = (minutesBack: number) => new Date(END - minutesBack * MINUTE_MS);

function answer(periods: Readonly<Record<string, readonly (readonly [minutesBack: number, value: number])[]>>): void {
  cloudwatch.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }) => ({
    MetricDataResults: (
      MetricDataQueries as { readonly Id: string; readonly MetricStat: { Metric: { MetricName: string } } }[]
    ).map(({ Id, MetricStat }) => {
      const points = periods[MetricStat.Metric.MetricName];
      return {
        Id,
        Timestamps: (points ?? []).map(([back]) => at(back)),
        Values: (points ?? []).map(([, value]) => value),
        ...(points === undefined && { Messages: [{ Code: "NotMeasured", Value: "not measured here" }] }),
      };
    }),
  }));
}

const read = () =>
  readLiveNumbers({
    client,
    sections,
    mode: "fargate",
    alarms: [STACK, COMPOSITE],
    periodSeconds: 60,
    periods: 180,
    nowMs: () => NOW,
  });
const panel = async (id: string) =>
  (await read()).sections.flatMap(({ panels }) => panels).find((one) => one.id === id) as ShownPanel;

beforeEach(() => {
  cloudwatch.reset();
  answer({ Confirmed: [] });
  cloudwatch.on(DescribeAlarmsCommand).resolves({});
  cloudwatch.on(GetInsightRuleReportCommand).resolves({ Contributors: [] });
});

describe("the dashboard's numbers out of CloudWatch", () => {
  it("are asked for once for each metric, over whole periods", async () => {
    await read();
    const inputs = cloudwatch.commandCalls(GetMetricDataCommand).map(({ args }) => args[0].input);
    expect(inputs).toHaveLength(1);
    expect(inputs[0]).toMatchObject({ StartTime: at(180), EndTime: at(0) });
    expect(
      inputs[0]?.MetricDataQueries?.map(({ MetricStat }) => [MetricStat?.Metric?.MetricName, MetricStat?.Stat]),
    ).toEqual([
      ["Confirmed", "Sum"],
      ["WebhookLatency", "p99"],
    ]);
  });

  it("are summed up over the whole time, or shown period by period", async () => {
    answer({
      Confirmed: [
        [30, 120],
        [1, 60],
      ],
    });
    const shown = await read();
    expect([shown.endMs, shown.periodSeconds, shown.periods]).toEqual([END, 60, 30]);
    const [out, rates] = shown.sections[0]?.panels ?? [];
    expect(out).toMatchObject({ series: [{ value: 180 }] });
    const points = rates !== undefined && "series" in rates ? (rates.series[0]?.points ?? []) : [];
    expect([points[0], points[1], points.at(-1)]).toEqual([2, 0, 1]);
  });

  it("begin with the first thing that was counted, and have a quarter of an hour and a bit at least", async () => {
    answer({ Confirmed: [[2, 1]] });
    expect((await read()).periods).toBe(18);
  });

  it("say what CloudWatch says of a metric", async () => {
    const rates = await panel("rates");
    expect("series" in rates ? rates.series.map(({ note }) => note) : []).toEqual([undefined, "not measured here"]);
  });

  it("say what small-account mode does not publish, and do not ask for it", async () => {
    answer({ Confirmed: [[1, 2]] });
    const ofCaller = { ...measured("Confirmed"), dimensions: { service: "confirmation-transactions" } };
    const parts = sumOf([ofCaller, { ...measured("Parked"), dimensions: { service: "confirmation-transactions" } }]);
    const series = [ofCaller, parts].map((value) => ({ label: "", value, tone: "green" as const }));
    const out = { ...base, kind: "numbers" as const, id: "out", title: "", over: "range" as const };
    const asked = { client, alarms: [], periodSeconds: 60, periods: 180, nowMs: () => NOW, mode: "lambda" as const };
    const { sections: shown } = await readLiveNumbers({
      ...asked,
      sections: [{ title: "", panels: [{ ...out, unit: "count", series }] }],
    });
    const [panelShown] = shown[0]?.panels ?? [];
    expect(panelShown !== undefined && "series" in panelShown ? panelShown.series : []).toMatchObject([
      { value: 2 },
      { value: 2, note: "not published in small-account mode, in part" },
    ]);
    const [call] = cloudwatch.commandCalls(GetMetricDataCommand);
    expect(call?.args[0].input.MetricDataQueries).toHaveLength(1);
  });

  it("fail with CloudWatch", async () => {
    cloudwatch.on(GetMetricDataCommand).rejects(new Error("silent"));
    await expect(read()).rejects.toThrow("silent");
  });
});

describe("who fails most", () => {
  it("is asked of the rule, over the time that is shown", async () => {
    cloudwatch.on(GetInsightRuleReportCommand).resolves({
      Contributors: [{ Keys: ["acme"], ApproximateAggregateValue: 7, Datapoints: [] }],
    });
    expect(await panel("merchants")).toMatchObject({ rows: [{ name: "acme", value: 7 }] });
    expect(cloudwatch.commandCalls(GetInsightRuleReportCommand)[0]?.args[0].input).toEqual({
      RuleName: "failed-by-merchant",
      StartTime: at(180),
      EndTime: at(0),
      Period: 180 * 60,
      MaxContributorCount: 10,
      OrderBy: "Sum",
    });
  });

  it("is nobody where there is no such rule, which is said", async () => {
    cloudwatch
      .on(GetInsightRuleReportCommand)
      .rejects(Object.assign(new Error("none"), { name: "ResourceNotFoundException" }));
    expect(await panel("merchants")).toMatchObject({ rows: [], note: "no such rule" });
  });
});

describe("the alarms", () => {
  const since = new Date("2026-11-22T11:00:00Z");
  const told = {
    AlarmDescription: "Given up. Runbook: docs/runbook.md#confirmations-were-given-up",
    StateReason: "2 > 0",
    StateTransitionedTimestamp: since,
  };

  it("are all of the stack, of every page, by names that can be read, those made of others first", async () => {
    cloudwatch
      .on(DescribeAlarmsCommand, { AlarmNamePrefix: "ConfirmationPipeline-Alarms" })
      .resolvesOnce({ MetricAlarms: [{ ...told, AlarmName: STACK, StateValue: "OK" }], NextToken: "more" })
      .resolves({
        MetricAlarms: [
          { ...told, AlarmName: "ConfirmationPipeline-AlarmsDeadLetters20E28703-1X", StateValue: "ALARM" },
          {
            ...told,
            AlarmName: "ConfirmationPipeline-AlarmsNatPorts1EE89B167-1X",
            EvaluationState: "EVALUATION_ERROR",
          },
        ],
      })
      .on(DescribeAlarmsCommand, { AlarmNamePrefix: "ConfirmationPipelineAlarms" })
      .resolves({ CompositeAlarms: [{ AlarmName: COMPOSITE, AlarmDescription: "Held.", StateValue: "OK" }] });
    const runbook = { heading: "Confirmations were given up", address: "docs/runbook.md#confirmations-were-given-up" };
    const rest = { sinceMs: since.getTime(), why: "2 > 0", what: "Given up.", runbook };
    expect(await panel("alarms")).toMatchObject({
      rows: [
        { name: "HeldUp", state: "OK", what: "Held." },
        { name: "SuccessBurn1h", state: "OK", ...rest },
        { name: "DeadLetters", state: "ALARM", ...rest },
        { name: "NatPorts1", state: "NOT_EVALUATED", ...rest },
      ],
    });
  });

  it("are found where the pipeline has a name of its own", async () => {
    await readLiveNumbers({
      client,
      sections: [],
      mode: "fargate",
      alarms: ["Stack-live-AlarmsDeadLetters20E28703-1X", "live-HeldUp"],
      periodSeconds: 60,
      periods: 180,
      nowMs: () => NOW,
    });
    const inputs = cloudwatch.commandCalls(DescribeAlarmsCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ AlarmNamePrefix }) => AlarmNamePrefix)).toEqual(["Stack-live-Alarms", "live-HeldUp"]);
    expect(inputs.map(({ MaxRecords }) => MaxRecords)).toEqual([100, 100]);
  });
});
