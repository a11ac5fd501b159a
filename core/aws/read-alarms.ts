/**
 * The stack's alarms with their states. Their names are made by CloudFormation, so they are found by what the names of
 * all of them begin with: those on metrics after the stack's name, those made of others by names of their own.
 */
import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { ShownAlarm } from "../dashboard/shown.ts";

/** Up to the construct that all alarms are in. Those made of others have none of it where the pipeline has a name. */
const PREFIX = /^.*Alarms(?=[A-Z])/;
const BEFORE_OWN = /^.*(?:Alarms|-)(?=[A-Z])/;
/** Of CloudFormation: the hash of a logical id, and what makes a name the only one. */
const ENDING = /[0-9A-F]{8}(?:-[0-9A-Za-z]+)?$/;
/** Of CloudWatch in one response; half as many where it is not told. */
const MOST_RECORDS = 100;
const DESCRIBED = /^(.*) Runbook: (\S+#(\S+))$/s;
const NOT_EVALUATED: ReadonlySet<string> = new Set(["EVALUATION_ERROR", "EVALUATION_FAILURE"]);

type Described = Pick<
  MetricAlarm & CompositeAlarm,
  "AlarmName" | "AlarmDescription" | "StateValue" | "StateReason" | "StateTransitionedTimestamp"
> &
  Pick<MetricAlarm, "EvaluationState">;

/**
 * @param some names of alarms of the stack, one at least of each kind
 * @returns those made of others first, else in the order of their names. @throws what CloudWatch does
 */
export async function readAlarms(client: CloudWatchClient, some: readonly string[]): Promise<readonly ShownAlarm[]> {
  const prefixes = [...new Set(some.map((name) => PREFIX.exec(name)?.[0] ?? name))];
  const found = await Promise.all(prefixes.map((prefix) => describe(client, prefix)));
  const composite = found.flatMap((one) => one.composite).map(shownAlarm);
  const plain = found.flatMap((one) => one.plain).map(shownAlarm);
  return [...composite, ...plain];
}

async function describe(client: CloudWatchClient, AlarmNamePrefix: string) {
  const composite: Described[] = [];
  const plain: Described[] = [];
  let NextToken: string | undefined;
  do {
    const output = await client.send(
      new DescribeAlarmsCommand({
        AlarmNamePrefix,
        AlarmTypes: ["CompositeAlarm", "MetricAlarm"],
        MaxRecords: MOST_RECORDS,
        ...(NextToken !== undefined && { NextToken }),
      }),
    );
    composite.push(...(output.CompositeAlarms ?? []));
    plain.push(...(output.MetricAlarms ?? []));
    NextToken = output.NextToken;
  } while (NextToken !== undefined);
  return { composite, plain };
}

function shownAlarm(alarm: Described): ShownAlarm {
  const { AlarmName = "", AlarmDescription = "", StateValue, StateReason = "", EvaluationState } = alarm;
  const [, what = AlarmDescription, address, slug = ""] = DESCRIBED.exec(AlarmDescription) ?? [];
  const isEvaluated = !NOT_EVALUATED.has(EvaluationState ?? "");
  const since = alarm.StateTransitionedTimestamp;
  return {
    name: AlarmName.replace(ENDING, "").replace(BEFORE_OWN, ""),
    state: isEvaluated ? (StateValue ?? "INSUFFICIENT_DATA") : "NOT_EVALUATED",
    ...(since !== undefined && { sinceMs: new Date(since).getTime() }),
    why: StateReason,
    what,
    ...(address !== undefined && { runbook: { heading: headingOf(slug), address } }),
  };
}

/** Headings of the runbook have words and spaces alone. */
function headingOf(slug: string): string {
  return (slug.charAt(0).toUpperCase() + slug.slice(1)).replaceAll("-", " ");
}
