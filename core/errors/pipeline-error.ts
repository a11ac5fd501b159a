/**
 * The base of every error class of the product. `name` and `code` are literals of each class, so that bundling cannot
 * change them; `code` has a heading in docs/errors.md. `ids` say what the error is about, and never hold what a row or
 * a merchant says. A message gives what was got, what was expected and the remedy.
 */
export interface ErrorIds {
  readonly transactionId?: string;
  readonly version?: number;
  readonly merchantId?: string;
  readonly messageId?: string;
  readonly host?: string;
}

export interface PipelineErrorOptions extends ErrorIds {
  /** The error that led to this one; it is logged with it. */
  readonly cause?: unknown;
}

export abstract class PipelineError extends Error {
  abstract override readonly name: string;
  abstract readonly code: string;
  readonly ids: ErrorIds;

  constructor(message: string, { cause, ...ids }: PipelineErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.ids = ids;
  }
}
