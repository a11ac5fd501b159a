/**
 * An entry of the audit log: who did what to which resource, when, and what it was before and after. It never holds a
 * secret, and of a URL neither its query nor who it says to be: those may hold a token of the merchant's.
 */
import { randomBytes } from "node:crypto";
import { redact } from "../delivery/redact.ts";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { stringOf } from "../transaction/attribute-value.ts";

export interface AuditActor {
  /** `sub` of the access token. */
  readonly subject: string;
  readonly clientId: string;
}

/** What was, or came of it; only what the act is about. */
export type AuditedState = Readonly<Record<string, unknown>>;

export interface AuditEntry {
  /** Where it is in the log: the time, and something random. Sorts by time. */
  readonly entryId: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: AuditActor;
  /** `operationId` of what was asked for. */
  readonly action: string;
  readonly resource: string;
  /** Left out where there was nothing. */
  readonly before?: AuditedState;
  /** Left out where there is nothing any more. */
  readonly after?: AuditedState;
  readonly requestId: string;
}

/** Resource of what concerns every merchant. */
export const EVERYTHING = "everything";
const RANDOM_BYTES = 6;

export function merchantResource(merchantId: string): string {
  return `merchants/${merchantId}`;
}

/** @param nowMs epoch milliseconds */
export function newAuditEntry(said: Omit<AuditEntry, "entryId" | "at">, nowMs: number): AuditEntry {
  const at = new Date(nowMs).toISOString();
  return { entryId: `${at}#${randomBytes(RANDOM_BYTES).toString("hex")}`, at, ...said };
}

/** UTC day that an entry is kept under. @param entryId or a time */
export function dayOfEntry(entryId: string): string {
  return entryId.slice(0, "2026-11-22".length);
}

/** States are kept as the JSON that is shown. */
export function itemOfEntry(entry: AuditEntry): AttributeMap {
  const { entryId, at, actor, action, resource, before, after, requestId } = entry;
  return {
    day: { S: dayOfEntry(entryId) },
    entry: { S: entryId },
    at: { S: at },
    actor: { M: { subject: { S: actor.subject }, clientId: { S: actor.clientId } } },
    action: { S: action },
    resource: { S: resource },
    ...(before !== undefined && { before: { S: JSON.stringify(before) } }),
    ...(after !== undefined && { after: { S: JSON.stringify(after) } }),
    requestId: { S: requestId },
  };
}

/** What cannot be read of an item is empty: whoever looks at the log sees that something is there. */
export function entryOfItem(item: AttributeMap): AuditEntry {
  const text = (name: string) => stringOf(item[name]) ?? "";
  const actor = item["actor"]?.M ?? {};
  const before = stateOf(stringOf(item["before"]));
  const after = stateOf(stringOf(item["after"]));
  return {
    entryId: text("entry"),
    at: text("at"),
    actor: { subject: stringOf(actor["subject"]) ?? "", clientId: stringOf(actor["clientId"]) ?? "" },
    action: text("action"),
    resource: text("resource"),
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    requestId: text("requestId"),
  };
}

function stateOf(text: string | undefined): AuditedState | undefined {
  if (text === undefined) return undefined;
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state === "object" && state !== null && !Array.isArray(state)) return state as AuditedState;
  } catch {
    // Shown as it is.
  }
  return { unreadable: text };
}

/** A URL as the log may keep it. */
export function auditedUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return redact(url);
  const query = parsed.search === "" ? "" : "?[redacted]";
  return `${redact(`${parsed.protocol}//${parsed.host}${parsed.pathname}`)}${query}`;
}
