/**
 * Whether somebody would delete the tables, or the stack, by mistake. The run that looks fails when a protection is
 * off: Lambda counts that itself, which costs no metric.
 */
import { Duration } from "aws-cdk-lib";
import { DEPLOYMENT_FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import type { AlarmShapes } from "../alarms/alarm-shape.ts";
import { functionMetric } from "../alarms/function-metric.ts";
import { RUNBOOK_HEADINGS } from "../alarms/runbook.ts";

/** As often as it is looked. */
const PERIOD = Duration.hours(1);

export function protectionAlarm({ disposable }: Settings): AlarmShapes {
  if (disposable) return {};
  return {
    ProtectionOff: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.protectionOff,
      what: "A table or the stack is not protected from deletion, or nobody could look.",
      metric: functionMetric("Errors", DEPLOYMENT_FUNCTION_NAMES.deploymentGuard, PERIOD),
      threshold: 0,
    },
  };
}
