/** CloudWatch's `GetInsightRuleReport`, of rules over the lines of this machine: names and sums. */
import type { OperatorsView } from "./operators-view.ts";
import { epochMsOf } from "./metric-data.ts";
import { type ControlResponse, type Input, refusal } from "./protocols.ts";

const MOST = 10;

export function respondWithReport(input: Input, contributors: OperatorsView["contributors"]): ControlResponse {
  const rule = String(input["RuleName"]);
  const found = contributors(rule, Number(input["MaxContributorCount"] ?? MOST), epochMsOf(input["StartTime"]));
  if (found === undefined) return refusal(404, "ResourceNotFoundException", `There is no rule ${rule}.`);
  const Contributors = found.map(({ name, value }) => ({
    Keys: [name],
    ApproximateAggregateValue: value,
    Datapoints: [],
  }));
  return {
    status: 200,
    body: {
      KeyLabels: [],
      AggregationStatistic: "Sum",
      AggregateValue: found.reduce((sum, { value }) => sum + value, 0),
      ApproximateUniqueCount: found.length,
      Contributors,
    },
  };
}
