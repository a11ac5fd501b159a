/** The template holds something that no price rule knows: a cost that would silently be left out. */
import { PipelineError } from "../../core/errors/pipeline-error.ts";

export class CostError extends PipelineError {
  override readonly name = "CostError";
  readonly code = "COST_UNKNOWN";
}
