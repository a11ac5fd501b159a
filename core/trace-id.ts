/** The id of a trace in X-Ray's header, by which a log line is found from the trace and the trace from a log line. */

/** X-Ray Developer Guide, "Tracing header". */
const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;

/** @param header as in `AWSTraceHeader`; a producer may have written anything */
export function traceIdOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : ROOT.exec(header)?.[1];
}
