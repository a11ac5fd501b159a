/** One merchant's own retry schedule, as its row has it: it takes the place of the pipeline's. */
import { isSchedule, SCHEDULE_LIMITS } from "../retry/retry-schedule.ts";
import { type AttributeValue, numberOf } from "../transaction/attribute-value.ts";

/**
 * @param attribute `retryScheduleSeconds` of the row
 * @param faults gets one more where it is no schedule
 * @returns seconds to wait after the first, second, … failed attempt; undefined where the pipeline's schedule holds
 */
export function readRetrySchedule(
  attribute: AttributeValue | undefined,
  faults: string[],
): readonly number[] | undefined {
  if (attribute === undefined) return undefined;
  const waits = attribute.L?.map(numberOf);
  if (waits !== undefined && isSchedule(waits)) return waits;
  faults.push(
    `retryScheduleSeconds: expected a list (L) of at most ${SCHEDULE_LIMITS.waits} integers (N) from 1 to ` +
      `${SCHEDULE_LIMITS.waitSeconds}`,
  );
  return undefined;
}
