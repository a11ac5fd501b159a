/** Types of verify-audit-log.mjs. */

export type AuditLogFaultKind =
  | "block unreadable"
  | "block missing"
  | "block changed"
  | "entry changed in the log"
  | "entry removed from the log"
  | "entry missing"
  | "entry differs"
  | "entry not chained";

export interface AuditLogFault {
  kind: AuditLogFaultKind;
  /** Number of the block, or id of the entry. */
  what: number | string;
  detail: string;
}

export interface VerifiedAuditLog {
  blocks: number;
  /** Number of the first block there is: those before are gone with their time. */
  firstBlock: number | undefined;
  /** Entries that the chain has. */
  chained: number;
  /** Entries of the log that are newer than the newest block. */
  pending: number;
  faults: AuditLogFault[];
}

export interface GivenBlock {
  /** `000000000001.json`, or a path that ends so. */
  name: string;
  /** Exactly as it came. */
  text: string;
}

/**
 * @param given.entries items of `GET /v1/audit-log`; left out, the chain alone is verified
 * @param given.from ISO 8601, the time from which on the entries are whole. @default their beginning
 * @param given.to ISO 8601, the time before which they are. @default their end
 */
export function verifyAuditLog(given: {
  blocks: readonly GivenBlock[];
  entries?: readonly object[];
  from?: string;
  to?: string;
}): VerifiedAuditLog;
