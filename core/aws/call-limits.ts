/**
 * How long calls to AWS may take, for each kind of program. The SDK's own bounds are five minutes of silence for
 * DynamoDB and fifteen for SQS, each three times: a connection that died without a word, as behind a NAT gateway or a
 * failed-over node, would hold up a program for as long. What has timed out may have been carried out; every write is
 * conditional.
 */

export interface CallLimits {
  /** Milliseconds to connect. */
  readonly connectMs: number;
  /** Milliseconds of one attempt, from its beginning to the last byte of the response. */
  readonly attemptMs: number;
  /** Attempts of one call. */
  readonly attempts: number;
  /** Milliseconds after which a call is not attempted again. */
  readonly retryWithinMs: number;
  /** Milliseconds that a caller has left, where its own time is limited; no attempt takes longer. @default no limit */
  readonly leftMs?: () => number;
  /** Each attempt has a connection of its own. @default connections are kept and used again */
  readonly isDialledAnew?: true;
}

/**
 * Of the worker, which has time. The longest call that is meant to take some is a receive, which polls for two seconds;
 * those that poll for longer, while nothing comes, have so much more time.
 */
export const WORKER_LIMITS = { connectMs: 2000, attemptMs: 6000, attempts: 3, retryWithinMs: 15_000 } as const;
/** Of functions: several calls one after the other must fit into the time of an invocation. */
export const FUNCTION_LIMITS = { connectMs: 1000, attemptMs: 3000, attempts: 3, retryWithinMs: 6000 } as const;
/** Of functions for which somebody waits, behind the API. */
export const WAITED_FOR_LIMITS = { connectMs: 1000, attemptMs: 2000, attempts: 2, retryWithinMs: 2500 } as const;
/** Of whoever writes rows and waits for a throttled table: many attempts. */
export const PRODUCER_LIMITS = { connectMs: 1000, attemptMs: 3000, attempts: 10, retryWithinMs: 12_000 } as const;
/** Of a metric that a decision would like to have: whoever asks does without it at once. */
export const METRIC_LIMITS = { connectMs: 500, attemptMs: 1500, attempts: 1, retryWithinMs: 0 } as const;
/** Of copies for who listens: what the table does not take at once is dropped. */
export const COPY_LIMITS = { connectMs: 500, attemptMs: 1500, attempts: 1, retryWithinMs: 0 } as const;
/** Of files of the journal, which nobody waits for, and which are tried again. */
export const JOURNAL_LIMITS = { connectMs: 1000, attemptMs: 5000, attempts: 2, retryWithinMs: 5000 } as const;
/** Of files of some 10 MB. */
export const FILE_LIMITS = { connectMs: 1000, attemptMs: 30_000, attempts: 3, retryWithinMs: 45_000 } as const;
/** Of commands that a person runs on the servers of this machine, which may be busy, as the command's own start is. */
export const COMMAND_LIMITS = { connectMs: 5000, attemptMs: 10_000, attempts: 1, retryWithinMs: 0 } as const;
/** Of the local stack, which asks servers on this machine that may be busy, and of what drives it. */
export const LOCAL_LIMITS = { connectMs: 5000, attemptMs: 30_000, attempts: 3, retryWithinMs: 60_000 } as const;

/**
 * Of calls that nothing makes one if they are made twice, besides limits of time: one attempt, on a connection of its
 * own. On one that was kept, and that the service closes in that moment, nobody could say whether it had the request.
 */
export const ONCE = { attempts: 1, retryWithinMs: 0, isDialledAnew: true } as const;

/** @returns milliseconds that an attempt which begins now may take */
export function attemptBoundMs({ attemptMs, leftMs }: Pick<CallLimits, "attemptMs" | "leftMs">): number {
  return leftMs === undefined ? attemptMs : Math.min(attemptMs, leftMs());
}
