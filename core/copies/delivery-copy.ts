/**
 * A copy of what was sent to a merchant of the sandbox, for whoever listens to it: the request as it was sent, without
 * the values of secret headers, and what came of it. It is none of the transaction's records, and nothing rests on it.
 */

export interface CopiedRequest {
  /** Undefined where there is no address. */
  readonly url?: string;
  /** As they were sent, names in lower case, in their order. */
  readonly headers: Readonly<Record<string, string>>;
  /** Names of those whose values are nobody's business; they are not among the headers. */
  readonly hiddenHeaders: readonly string[];
  readonly body: string;
}

export interface CopiedResult {
  /** `delivered`, a class of failed attempt, or the code of a failure for which nobody was called. */
  readonly outcome: string;
  readonly status?: number;
  readonly durationMs?: number;
  /** One sentence for a person. */
  readonly error?: string;
}

export interface DeliveryCopy {
  /** Epoch milliseconds of the call. */
  readonly at: number;
  /** Undefined for a call that somebody asked for, such as a test event. */
  readonly transactionId?: string;
  readonly version?: number;
  /** From 1, of this version; undefined where nobody was called. */
  readonly attempt?: number;
  readonly request: CopiedRequest;
  readonly result: CopiedResult;
}
