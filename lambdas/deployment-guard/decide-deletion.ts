/**
 * What to do when CloudFormation deletes the resource that protects the tables. It says that it deletes, not why:
 *
 *   rollback of the first creation   the tables are new: unprotect, or the rollback cannot end
 *   deletion of a stack that ran     refuse, unless it is disposable; the stack's other resources wait behind this one
 *   deletion of one that never ran   as in the rollback: of what failed and was not, or not wholly, rolled back
 *   an update, or its rollback       the resource alone goes: keep the tables as they are
 */
export type Deletion = "unprotect" | "keep" | "refuse";

export interface Deleted {
  /** Whether the tables were to be protected. */
  readonly isProtecting: boolean;
  /** Of the stack, now. */
  readonly status: string;
  /** The newest that was none of a deletion; undefined where CloudFormation does not know any more. */
  readonly before: string | undefined;
}

const WHILE_UPDATED = /^(?:UPDATE|IMPORT)_/;
const WHILE_DELETED = "DELETE_IN_PROGRESS";
const NEVER_RAN: ReadonlySet<string> = new Set([
  "REVIEW_IN_PROGRESS",
  "CREATE_IN_PROGRESS",
  "CREATE_FAILED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_FAILED",
  "ROLLBACK_COMPLETE",
]);

export function decideDeletion({ isProtecting, status, before }: Deleted): Deletion {
  if (!isProtecting) return "unprotect";
  if (WHILE_UPDATED.test(status)) return "keep";
  const state = status === WHILE_DELETED ? before : status;
  return state !== undefined && NEVER_RAN.has(state) ? "unprotect" : "refuse";
}
