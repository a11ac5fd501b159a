/** How often a schedule fires in a month. */
import { CostError } from "../cost-error.ts";
import { HOURS_A_MONTH } from "../cost-item.ts";

const A_MONTH = { minute: HOURS_A_MONTH * 60, hour: HOURS_A_MONTH, day: HOURS_A_MONTH / 24 } as const;

/** @throws CostError for one that is no rate */
export function runsAMonth(rule: string, expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined && unit !== undefined) return A_MONTH[unit as keyof typeof A_MONTH] / Number(count);
  throw new CostError(
    `The rule ${rule} has the schedule ${JSON.stringify(expression)}, expected rate(…). Teach ` +
      "lib/cost/at-rest/schedule-expression.ts how often it fires.",
  );
}
