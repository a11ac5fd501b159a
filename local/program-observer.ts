/**
 * Whoever watches the programs of the stack on this machine: their output line by line, and each invocation of a
 * function.
 */
export interface Invoked {
  readonly functionName: string;
  readonly event: unknown;
  readonly tookMs: number;
  readonly failed: boolean;
}

export interface ProgramObserver {
  /**
   * A line of a program's output, told with the log group that it would be in. Hostile input where merchants have a say
   * in it.
   */
  line(logGroup: string, line: string): void;
  invocation(invoked: Invoked): void;
}

/** The log group of a function, as Lambda and the stack name it. */
export function functionLogGroup(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}
