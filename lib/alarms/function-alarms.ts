/**
 * Functions that fail or are held back. Each is retried by its trigger; what really waits for one has an alarm of
 * its own.
 */
import { Duration } from "aws-cdk-lib";
import { type FunctionKey, functionsWith } from "../../core/settings/mode-programs.ts";
import { FUNCTION_NAMES } from "../../core/settings/names.ts";
import type { Settings } from "../../core/settings/settings.ts";
import { RUNBOOK_HEADINGS } from "./runbook.ts";
import type { AlarmShapes } from "./alarm-shape.ts";
import { functionMetric } from "./function-metric.ts";

const PERIOD = Duration.minutes(5);
const PERIODS = 3;
/** Invoked by hand. */
const NOT_WATCHED: ReadonlySet<string> = new Set(["insertFakeTransactions"]);

/** Whose errors are what strangers send: it refuses a token by failing, as API Gateway would have it. */
const FAILS_BY_DESIGN: ReadonlySet<FunctionKey> = new Set(["apiAuthorizer"]);

/**
 * What comes again by itself for hours, and for which nobody waits: held back, they are late and no more. The account's
 * limit shows in all others.
 */
const MAY_BE_LATE: ReadonlySet<FunctionKey> = new Set(["runJobs", "importTransactions"]);

/** @returns two alarms for each function that something waits for, one for those that may be late */
export function functionAlarms(settings: Settings): AlarmShapes {
  const watched = functionsWith(settings).filter((key) => !NOT_WATCHED.has(key));
  return Object.fromEntries(
    watched.flatMap((key) =>
      Object.entries({
        ...(!FAILS_BY_DESIGN.has(key) && failsAlarm(key)),
        ...(!MAY_BE_LATE.has(key) && throttledAlarm(key)),
      }),
    ),
  );
}

export function failsAlarm(key: FunctionKey): AlarmShapes {
  const name = FUNCTION_NAMES[key];
  return {
    [`${idOf(key)}Fails`]: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.functionFails,
      what: `The function ${name} keeps failing.`,
      metric: functionMetric("Errors", name, PERIOD),
      threshold: 0,
      periods: PERIODS,
    },
  };
}

function throttledAlarm(key: FunctionKey): AlarmShapes {
  const name = FUNCTION_NAMES[key];
  return {
    [`${idOf(key)}Throttled`]: {
      kind: "ticket",
      heading: RUNBOOK_HEADINGS.functionThrottled,
      what: `Lambda keeps holding back the function ${name}: the account runs as many as it may.`,
      metric: functionMetric("Throttles", name, PERIOD),
      threshold: 0,
      periods: PERIODS,
    },
  };
}

function idOf(key: FunctionKey): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}
