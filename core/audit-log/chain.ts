/**
 * The chain of the audit log: blocks in a bucket that locks them, one after the other without a gap, each with the
 * hash of the file before it and with every change of the log that was seen since. So an entry that is changed, goes
 * missing or is put elsewhere later shows, and what it said is still to be read.
 */
import { hash } from "node:crypto";
import type { AttributeMap } from "../transaction/attribute-value.ts";
import { type AuditEntry, entryOfItem } from "./audit-entry.ts";

/** What happened to an item of the log. Only `INSERT` ever should. */
export type LogEvent = "INSERT" | "MODIFY" | "REMOVE";

export interface ChainedChange {
  /** Of DynamoDB, the same however often the change is handed over. */
  readonly changeId: string;
  readonly event: LogEvent;
  /** As the API shows it; of what was removed, as it was. */
  readonly entry: AuditEntry;
}

export interface Block {
  readonly format: 1;
  /** From 1. */
  readonly number: number;
  /** SHA-256 of the file of the block before, hex; empty for the first one. */
  readonly previous: string;
  /** ISO 8601 in UTC. */
  readonly writtenAt: string;
  readonly changes: readonly ChainedChange[];
}

export const CHAIN_FOLDER = "audit-log/";
const DIGITS = 12;

/** Keys sort by number. */
export function blockKey(number: number): string {
  return `${CHAIN_FOLDER}${String(number).padStart(DIGITS, "0")}.json`;
}

/** @returns undefined for a key that is no block's */
export function blockNumber(key: string): number | undefined {
  const digits = /^audit-log\/(\d{12})\.json$/.exec(key)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export function blockText(block: Block): string {
  return `${JSON.stringify(block)}\n`;
}

/** @throws SyntaxError for what is no JSON */
export function parseBlock(text: string): Block {
  return JSON.parse(text) as Block;
}

export function blockHash(text: string): string {
  return hash("sha256", text, "hex");
}

/** @param item its newest image, or the last one of what was removed */
export function chainedChange(changeId: string, event: LogEvent, item: AttributeMap): ChainedChange {
  return { changeId, event, entry: entryOfItem(item) };
}
