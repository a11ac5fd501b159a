/**
 * What the API has to know for the Live page, and may ask for it: where the dashboard's metrics are and which alarms
 * there are. Both are known when the whole pipeline is made, so that they are told last.
 */
import { Stack } from "aws-cdk-lib";
import { Alarm, CompositeAlarm } from "aws-cdk-lib/aws-cloudwatch";
import type { FargateService } from "aws-cdk-lib/aws-ecs";
import type { IConstruct } from "constructs";
import { placeText } from "../../core/dashboard/place.ts";
import { INSIGHT_RULES } from "../../core/settings/names.ts";
import { physicalName } from "../../core/settings/physical-names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { MadeLast } from "../program/environment-size.ts";
import type { PipelineFunction } from "../program/pipeline-function.ts";
import { placeIn } from "../dashboard/place-in.ts";

/** As the dashboard shows it: three hours, by the minute. */
const PERIOD_SECONDS = 60;
const PERIODS = 180;
/** CloudWatch is asked once in a minute for all who look. */
const KEPT_MS = 60_000;
/** What is kept free for each of the two. */
export const PLACE_BYTES = 720;
export const ALARMS_BYTES = 250;

export interface LiveNumbersProps {
  readonly settings: Settings;
  /** Undefined in small-account mode. */
  readonly service: FargateService | undefined;
}

/** Of the function's environment. */
export function liveVariables(pipeline: IConstruct, props: LiveNumbersProps) {
  const place = { variable: "LIVE_PLACE", mostBytes: PLACE_BYTES, produce: () => placeText(placeIn(pipeline, props)) };
  const alarms = { variable: "LIVE_ALARMS", mostBytes: ALARMS_BYTES, produce: () => someAlarms(pipeline).join(",") };
  return {
    place: String(new MadeLast(place)),
    alarms: String(new MadeLast(alarms)),
    periodSeconds: PERIOD_SECONDS,
    periods: PERIODS,
    keptMs: KEPT_MS,
  };
}

/** CloudWatch knows no resources of metrics and of lists of alarms. */
export function allowLiveNumbers(reader: PipelineFunction, settings: Settings): void {
  reader.allow(["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"], ["*"]);
  if (!settings.insights.merchants) return;
  const resourceName = physicalName(settings, INSIGHT_RULES.failedByMerchant);
  const rule = Stack.of(reader).formatArn({ service: "cloudwatch", resource: "insight-rule", resourceName });
  reader.allow(["cloudwatch:GetInsightRuleReport"], [rule]);
}

/** One of those on metrics, whose names CloudFormation makes after the stack's, and all that are made of others. */
function someAlarms(pipeline: IConstruct): readonly string[] {
  const all = pipeline.node.findAll();
  const plain = all.find((child) => child instanceof Alarm);
  return [...(plain === undefined ? [] : [plain]), ...all.filter((child) => child instanceof CompositeAlarm)].map(
    ({ alarmName }) => alarmName,
  );
}
