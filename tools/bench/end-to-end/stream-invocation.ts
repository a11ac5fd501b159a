/**
 * When `stream-transactions` was invoked for a new row, as seen from outside, so that the way of a lone transaction is
 * told by its stages.
 */
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";

/** Milliseconds of `performance.now()`. */
export interface Invoked {
  readonly startedAt: number;
  readonly endedAt: number;
}

export class StreamInvocation {
  #transactionId: string | undefined;
  #invoked: Invoked | undefined;

  /** What stands around every invocation of the stack (`Interposition.invocation`). */
  readonly watch = async (
    functionName: string,
    event: unknown,
    invoke: (event: unknown) => Promise<unknown>,
  ): Promise<unknown> => {
    const isMeant = functionName === FUNCTION_NAMES.streamTransactions && inserts(event, this.#transactionId);
    const startedAt = performance.now();
    const response = await invoke(event);
    if (isMeant) this.#invoked = { startedAt, endedAt: performance.now() };
    return response;
  };

  /** Forgets whatever was before. */
  lookFor(transactionId: string): void {
    this.#transactionId = transactionId;
    this.#invoked = undefined;
  }

  /** The one that was looked for; undefined until it has ended. */
  get invoked(): Invoked | undefined {
    return this.#invoked;
  }
}

function inserts(event: unknown, transactionId: string | undefined): boolean {
  if (transactionId === undefined) return false;
  const { Records } = event as {
    Records: { eventName: string; dynamodb: { Keys: { transactionId: { S: string } } } }[];
  };
  return Records.some(
    ({ eventName, dynamodb }) => eventName === "INSERT" && dynamodb.Keys.transactionId.S === transactionId,
  );
}
