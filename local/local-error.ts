/**
 * What stops a command, or the stack on this machine, and can be put right by the person who started it. The message is
 * what that person reads, without a stack trace: what was found, what was expected, what to do.
 */
import { PipelineError, type PipelineErrorOptions } from "../core/errors/pipeline-error.ts";

export type LocalErrorCode =
  | "LOCAL_OPTION_INVALID"
  | "DEMO_OPTIONS_INVALID"
  | "CHAOS_OPTIONS_INVALID"
  | "BENCH_OPTIONS_INVALID"
  | "SIMULATE_OPTIONS_INVALID"
  | "COST_OPTIONS_INVALID"
  | "SEARCH_OPTIONS_INVALID"
  | "LOCAL_PACKAGES_MISSING"
  | "LOCAL_JAVA_MISSING"
  | "LOCAL_JAVA_OLD"
  | "LOCAL_PORT_TAKEN"
  | "LOCAL_STATE_UNUSABLE"
  | "LOCAL_STATE_IN_USE"
  | "LOCAL_STATE_MISMATCH"
  | "LOCAL_SYNTH_FAILED"
  | "LOCAL_TEMPLATE_UNSUPPORTED"
  | "LOCAL_PART_FAILED"
  | "LOCAL_NOT_RUNNING"
  | "LOCAL_FUNCTION_FAILED";

export class LocalError extends PipelineError {
  override readonly name = "LocalError";
  readonly code: LocalErrorCode;

  constructor(code: LocalErrorCode, message: string, options?: PipelineErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
