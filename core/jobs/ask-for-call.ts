/**
 * Asks for a call of a merchant: its row first, its message second. The row may be put together with an audit entry in
 * one transaction; then only the message is left to send. Asked for twice under one id, it is one call: the row is put
 * once, and a second message finds it done, or under way.
 */
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { merchantCallRow, type NewMerchantCall } from "./merchant-call.ts";

const SCHEMA = 1;

export interface AskForCallPorts {
  /** Puts the row where there is none of its id. @returns false where there was one */
  readonly put: (row: AttributeMap) => Promise<boolean>;
  /** Sends a message to the queue `merchant-calls`. */
  readonly send: (body: string) => Promise<unknown>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** @returns false where it was asked for before; its message is sent again all the same, as it may have been lost */
export async function askForCall(call: NewMerchantCall, { put, send, now }: AskForCallPorts): Promise<boolean> {
  const isNew = await put(merchantCallRow(call, now()));
  await send(callMessage(call.jobId));
  return isNew;
}

/** Body of the message for a row that is there. */
export function callMessage(jobId: string): string {
  return JSON.stringify({ schema: SCHEMA, jobId });
}

/** @returns undefined for what is no such message, or one of a newer program */
export function parseCallMessage(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { schema, jobId } = parsed as { readonly schema?: unknown; readonly jobId?: unknown };
  return schema === SCHEMA && typeof jobId === "string" && jobId !== "" ? jobId : undefined;
}
