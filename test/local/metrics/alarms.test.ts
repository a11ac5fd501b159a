import { describe, expect, it } from "@jest/globals";
import { judgeAlarm, type JudgeParts } from "../../../local/metrics/alarm.ts";
import { compositeHolds } from "../../../local/metrics/composite-rule.ts";
import { MetricStore } from "../../../local/metrics/metric-store.ts";

const START = Date.UTC(2026, 10, 22, 12);
const HOUR_LATER = START + 3_600_000;

/** @param values one a minute, the last one for the minute that ends at `nowMs`; null for none */
function judge(properties: object, values: readonly (number | null)[], nowMs = HOUR_LATER) {
  let now = START;
  const store = new MetricStore(() => now);
  for (const [index, value] of values.entries()) {
    now = nowMs - (values.length - index) * 60_000;
    if (value !== null) store.record({ namespace: "N", name: "M", dimensions: {}, values: [value] });
  }
  const parts: JudgeParts = {
    read: store.read.bind(store),
    measures: ({ namespace }) => namespace === "N",
    nowMs,
    startedAtMs: START,
  };
  const alarm = {
    Namespace: "N",
    MetricName: "M",
    Statistic: "Maximum",
    Period: 60,
    ComparisonOperator: "GreaterThanThreshold",
  };
  return judgeAlarm(
    {
      logicalId: "A",
      type: "AWS::CloudWatch::Alarm",
      properties: { ...alarm, Threshold: 5, EvaluationPeriods: 1, ...properties },
    },
    parts,
  );
}

describe("an alarm on this machine", () => {
  it("is on when its last periods are beyond the threshold, and says what it saw", () => {
    expect(judge({}, [9])).toEqual({ state: "ALARM", why: "9, threshold 5" });
    expect(judge({}, [9, 5])).toEqual({ state: "OK", why: "5, threshold 5" });
    expect(judge({ EvaluationPeriods: 3 }, [9, 9, 9]).state).toBe("ALARM");
    expect(judge({ EvaluationPeriods: 3 }, [9, 1, 9]).state).toBe("OK");
  });

  it("may want fewer periods than it looks at", () => {
    expect(judge({ EvaluationPeriods: 3, DatapointsToAlarm: 2 }, [9, 1, 9]).state).toBe("ALARM");
  });

  it.each([
    ["GreaterThanOrEqualToThreshold", 5, "ALARM"],
    ["LessThanThreshold", 5, "OK"],
    ["LessThanOrEqualToThreshold", 5, "ALARM"],
  ])("knows %s", (ComparisonOperator, value, state) => {
    expect(judge({ ComparisonOperator }, [value]).state).toBe(state);
  });

  it.each([
    ["notBreaching", "OK"],
    ["breaching", "ALARM"],
    ["missing", "INSUFFICIENT_DATA"],
    ["ignore", "INSUFFICIENT_DATA"],
  ])("takes silence as it says: %s", (TreatMissingData, state) => {
    expect(judge({ TreatMissingData }, []).state).toBe(state);
  });

  it("waits before it takes silence for a breach: the stack may have just been started", () => {
    expect(judge({ TreatMissingData: "breaching" }, [], START + 30_000).state).toBe("INSUFFICIENT_DATA");
  });

  it("follows expressions over expressions", () => {
    const stat = (id: string) => ({
      Id: id,
      MetricStat: { Metric: { Namespace: "N", MetricName: "M", Dimensions: [] }, Stat: "Sum", Period: 60 },
      ReturnData: false,
    });
    const Metrics = [
      { Id: "result", Expression: "IF(double >= 10, double, 0)" },
      { Id: "double", Expression: "m * 2", ReturnData: false },
      stat("m"),
    ];
    expect(judge({ MetricName: undefined, Metrics }, [6]).state).toBe("ALARM");
    expect(judge({ MetricName: undefined, Metrics }, [4]).state).toBe("OK");
  });

  it.each([
    [{ Namespace: "AWS/Other" }, "AWS/Other M is not measured on this machine"],
    [{ Period: 3600, EvaluationPeriods: 3 }, "it looks further back than the hour that this machine keeps"],
    [{ Statistic: "TM(1%:)" }, "the statistic TM(1%:) is not known here"],
    [{ ComparisonOperator: "GreaterThanUpperThreshold" }, "an alarm of a kind that this machine does not know"],
  ])("says why it is not evaluated: %j", (properties, why) => {
    expect(judge(properties, [9])).toEqual({ state: "NOT_EVALUATED", why });
  });
});

describe("the rule of a composite alarm", () => {
  const states = { on: "ALARM", off: "OK", unknown: "NOT_EVALUATED" } as const;
  const holds = (rule: string) => compositeHolds(rule, (name) => states[name as keyof typeof states]);

  it.each([
    ['ALARM("on")', true],
    ["ALARM(off)", false],
    ["OK('off') AND ALARM(on)", true],
    ['ALARM("off") OR (ALARM("on") AND NOT ALARM("off"))', true],
    ["TRUE AND NOT FALSE", true],
    ['(ALARM("unknown") OR ALARM("on"))', true],
    ['ALARM("unknown") AND ALARM("off")', false],
    ['ALARM("unknown") OR ALARM("off")', undefined],
    ['NOT ALARM("unknown")', undefined],
    ["ALARM(on", undefined],
    ["SOMETHING", undefined],
    ["ALARM(on) ALARM(on)", undefined],
  ])("%s is %j", (rule, result) => {
    expect(holds(rule)).toBe(result);
  });
});
