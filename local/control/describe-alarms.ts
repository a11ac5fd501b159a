/** CloudWatch's DescribeAlarms, by the alarms of the template as this machine judges them. */
import type { AlarmNow } from "../metrics/alarms.ts";
import type { ControlResponse, Input } from "./protocols.ts";

const MOST = 100;

export function describeAlarms(input: Input, alarms: readonly AlarmNow[]): ControlResponse {
  const [names, prefix, state] = [input["AlarmNames"], input["AlarmNamePrefix"], input["StateValue"]];
  // Without them CloudWatch answers with metric alarms alone.
  const types = (input["AlarmTypes"] as readonly string[] | undefined) ?? ["MetricAlarm"];
  const found = alarms
    .filter(({ name }) => !Array.isArray(names) || names.includes(name))
    .filter(({ name }) => typeof prefix !== "string" || name.startsWith(prefix))
    .filter((alarm) => state === undefined || stateOf(alarm) === state)
    .slice(0, Number(input["MaxRecords"] ?? MOST));
  const of = (isComposite: boolean): object[] =>
    found.filter((alarm) => alarm.isComposite === isComposite).map((alarm) => described(alarm));
  return {
    status: 200,
    body: {
      MetricAlarms: types.includes("MetricAlarm") ? of(false) : [],
      CompositeAlarms: types.includes("CompositeAlarm") ? of(true) : [],
    },
  };
}

/** CloudWatch's word for an alarm on a metric that it does not evaluate. */
function evaluated({ state }: AlarmNow): object {
  return state === "NOT_EVALUATED" ? { EvaluationState: "EVALUATION_ERROR" } : {};
}

/** What is not judged on this machine has no data as far as CloudWatch's words go; the reason says which it is. */
function stateOf({ state }: AlarmNow): string {
  return state === "NOT_EVALUATED" ? "INSUFFICIENT_DATA" : state;
}

function described(alarm: AlarmNow): object {
  const since = new Date(alarm.sinceMs);
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.what,
    StateValue: stateOf(alarm),
    StateReason: alarm.why,
    StateUpdatedTimestamp: since,
    StateTransitionedTimestamp: since,
    ActionsEnabled: true,
    ...(alarm.isComposite ? { AlarmRule: alarm.rule ?? "" } : evaluated(alarm)),
  };
}
