/** The strategy of a row: what belongs to an ordered group keeps its place, whatever queue it was found in. */
import type { Job } from "../job.ts";
import { ordered } from "./ordered.ts";
import type { RowStrategy } from "./strategy.ts";
import { unordered } from "./unordered.ts";

export function strategyOf({ orderedGroupId }: Pick<Job, "orderedGroupId">): RowStrategy {
  return orderedGroupId === undefined ? unordered : ordered;
}
