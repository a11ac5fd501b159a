/**
 * Functions that fail or are held back. Each is retried by its trigger; what really waits for one has an alarm of
 * its own.
 */
import { Duration } from "aws-cdk-lib";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import { RUNBOOK_HEADINGS } from "./runbook.ts";
import type { AlarmShapes } from "./alarm-shape.ts";
import { functionMetric } from "./function-metric.ts";

const PERIOD = Duration.minutes(5);
const PERIODS = 3;
const { insertFakeTransactions: _byHand, ...WATCHED } = FUNCTION_NAMES;

export function functionAlarms(): AlarmShapes {
  return Object.fromEntries(
    Object.entries(WATCHED).flatMap(([program, name]) => {
      const id = `${program.charAt(0).toUpperCase()}${program.slice(1)}`;
      return [
        [
          `${id}Fails`,
          {
            kind: "ticket",
            heading: RUNBOOK_HEADINGS.functionFails,
            what: `The function ${name} keeps failing.`,
            metric: functionMetric("Errors", name, PERIOD),
            threshold: 0,
            periods: PERIODS,
          },
        ],
        [
          `${id}Throttled`,
          {
            kind: "ticket",
            heading: RUNBOOK_HEADINGS.functionThrottled,
            what: `Lambda keeps holding back the function ${name}: the account runs as many as it may.`,
            metric: functionMetric("Throttles", name, PERIOD),
            threshold: 0,
            periods: PERIODS,
          },
        ],
      ] as const;
    }),
  );
}
