/**
 * EventBridge rules with a rate: the first run comes at once, the next ones at the rate. A run that fails is logged by
 * its function and not repeated here; the next one comes anyway.
 */
import { randomUUID } from "node:crypto";
import { listOf, optionalText, type ResolvedResource, textOf } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";
import { ACCOUNT_ID, arnOf, REGION } from "../machine.ts";

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** `rate(1 minute)`, `rate(5 minutes)`, in milliseconds. @throws LocalError for cron expressions */
export function rateMs(expression: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  const unitMs = UNIT_MS[match?.[2] ?? ""];
  if (match?.[1] !== undefined && unitMs !== undefined) return Number(match[1]) * unitMs;
  throw new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `The schedule ${expression} is not known on this machine; expected rate(<n> minutes|hours|days).`,
  );
}

export interface Schedules {
  stop(): void;
}

export function startSchedules(
  rules: readonly ResolvedResource[],
  invoke: (functionArn: string, event: unknown) => Promise<unknown>,
  onError: (error: unknown) => void,
): Schedules {
  const timers: NodeJS.Timeout[] = [];
  let stopped = false;
  // A run that is ended with the stack has not failed.
  const report = (error: unknown): void => {
    if (!stopped) onError(error);
  };
  for (const rule of rules) {
    const expression = optionalText(rule, "ScheduleExpression");
    if (expression === undefined || optionalText(rule, "State") === "DISABLED") continue;
    const targets = listOf(rule, "Targets").map((target): ResolvedResource => ({
      ...rule,
      properties: target as Record<string, unknown>,
    }));
    for (const target of targets) requireFunction(target);
    const run = (): void => {
      for (const target of targets) {
        const input = optionalText(target, "Input");
        const event: unknown = input === undefined ? scheduledEvent(rule.logicalId) : JSON.parse(input);
        invoke(textOf(target, "Arn"), event).catch(report);
      }
    };
    timers.push(setInterval(run, rateMs(expression)));
    run();
  }
  return {
    stop() {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
    },
  };
}

const TARGET_PROPERTIES = new Set(["Arn", "Id", "Input", "RetryPolicy"]);

function requireFunction(target: ResolvedResource): void {
  const other = Object.keys(target.properties).find((name) => !TARGET_PROPERTIES.has(name));
  const arn = textOf(target, "Arn");
  if (other === undefined && arn.includes(":function:")) return;
  throw new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `${target.logicalId}: this machine knows schedules of functions, with an input that is a constant; got ` +
      `${other === undefined ? `the target ${arn}` : `the property ${other} of a target`}.`,
  );
}

function scheduledEvent(ruleName: string): object {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: ACCOUNT_ID,
    time: new Date().toISOString(),
    region: REGION,
    resources: [arnOf("events", `rule/${ruleName}`)],
    detail: {},
  };
}
