/**
 * The log of a program: structured lines, every field of which has gone through `core/telemetry/log-fields.ts`. All
 * programs get theirs from here, so that nothing is printed unredacted.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { isDebugged } from "../telemetry/debug-sample.ts";
import { safeField } from "../telemetry/log-fields.ts";

export type { Logger };

/** One step of a transaction that is followed; of no effect for all others. */
export type DebugStep = (
  transactionId: string,
  step: string,
  details?: () => Readonly<Record<string, unknown>>,
) => void;

/** @param serviceName a function's is in its environment */
export function pipelineLogger(serviceName?: string): Logger {
  return new Logger({ jsonReplacerFn: safeField, ...(serviceName !== undefined && { serviceName }) });
}

/** @param percent of all transactions; 0 costs nothing */
export function debugSteps(percent: number, serviceName?: string): DebugStep {
  if (percent === 0) return () => undefined;
  // A logger of its own: the level of the program's would let the lines of all others out as well.
  const logger = new Logger({
    logLevel: "DEBUG",
    jsonReplacerFn: safeField,
    ...(serviceName !== undefined && { serviceName }),
  });
  return (transactionId, step, details) => {
    if (isDebugged(transactionId, percent)) logger.debug(step, { transactionId, ...details?.() });
  };
}
