/**
 * Erases one transaction, in one write with its entry of the audit log, on the condition that the row is as it was
 * read: one that somebody changed meanwhile is looked at anew. Asked for again, it has the same result; what came to an
 * erased row since is taken away then.
 */
import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { ApiContext } from "../../../../core/api/api-app.ts";
import { entryOf } from "../../../../core/api/audited.ts";
import type { OperationId } from "../../../../core/access/operations.ts";
import type { AuditedWrites } from "../../../../core/aws/audited-writes.ts";
import type { MerchantHealthActs } from "../../../../core/aws/merchant-health-acts.ts";
import { eraseAct } from "../../../../core/aws/statements/erase.ts";
import type { MerchantRegistry } from "../../../../core/aws/merchant-registry.ts";
import type { TransactionsTable } from "../../../../core/aws/transactions-table.ts";
import { isWebUrl, urlKey } from "../../../../core/merchant/merchant-health.ts";
import { type AttributeMap, type AttributeValue, stringOf } from "../../../../core/transaction/attribute-value.ts";
import { ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";
import { erasedAtOf } from "../../../../core/transaction/row/erased.ts";
import {
  erasureOf,
  firstErasureOf,
  type NotErasable,
  whyNotErasable,
} from "../../../../core/transaction/row/erasure.ts";
import { type State, stateOf } from "../../../../core/transaction/row/row-state.ts";
import { OPTIONAL_ATTRIBUTES } from "../../../../core/intake/content-row.ts";

export interface ErasureParts {
  readonly table: Pick<TransactionsTable, "name" | "read">;
  readonly audited: Pick<AuditedWrites, "write">;
  readonly healthActs: Pick<MerchantHealthActs, "read" | "enableAct">;
  readonly registry: Pick<MerchantRegistry, "read">;
  readonly nowMs: () => number;
}

export interface AskedErasure {
  readonly operation: OperationId;
  readonly reason: string;
  readonly isDryRun: boolean;
}

export type ErasedOne =
  /** @param at epoch milliseconds. @param isRepeat nothing was left to erase */
  | { readonly kind: "erased"; readonly at: number; readonly state: State; readonly isRepeat: boolean }
  /** Of a dry run. */
  | { readonly kind: "would erase" }
  | { readonly kind: "refused"; readonly why: NotErasable }
  | { readonly kind: "not found" }
  /** Others changed it again and again. */
  | { readonly kind: "contended" };

/** Others that change it at the same time, and more than one write takes away. */
const ROUNDS = 20;
/** Attributes whose names are ours, as the log may have them. */
const NAMED: ReadonlySet<string> = new Set([...OPTIONAL_ATTRIBUTES, "traceHeader", ...Object.values(ATTRIBUTES)]);

export async function eraseOne(
  c: Pick<ApiContext, "get">,
  transactionId: string,
  { operation, reason, isDryRun }: AskedErasure,
  parts: ErasureParts,
): Promise<ErasedOne> {
  const { table, audited, nowMs } = parts;
  let hasErased = false;
  for (let round = 0; round < ROUNDS; round += 1) {
    const row = (await table.read([transactionId])).get(transactionId);
    if (row === undefined) return { kind: "not found" };
    const why = whyNotErasable(row);
    if (why !== undefined) return { kind: "refused", why };
    const before = erasedAtOf(row);
    const now = nowMs();
    const erasure = before === undefined ? firstErasureOf(row, now) : erasureOf(row);
    const state = stateOf(row);
    if (erasure === undefined) return { kind: "erased", at: before ?? now, state, isRepeat: !hasErased };
    if (isDryRun) return { kind: "would erase" };
    const acts = [eraseAct(table.name, row, erasure), ...(await enabledUrls(row, parts))];
    const at = new Date(before ?? now).toISOString();
    const entry = entryOf(
      c,
      {
        action: operation,
        resource: `transactions/${transactionId}`,
        before: { state },
        after: { erasedAt: at, reason, erased: namesOf([...Object.keys(erasure.set), ...erasure.remove]) },
      },
      now,
    );
    hasErased = (await audited.write(entry, acts)).kind === "written" || hasErased;
  }
  return { kind: "contended" };
}

/** What others called theirs may say something itself. */
function namesOf(names: readonly string[]): readonly string[] {
  const known = names.filter((name) => NAMED.has(name)).toSorted();
  return known.length === names.length ? known : [...known, `${names.length - known.length} others`];
}

/**
 * A URL of its own that was disabled stands whole in its merchant's health, and may name a person. One that the
 * merchant itself has stays disabled.
 */
async function enabledUrls(row: AttributeMap, { healthActs, registry }: ErasureParts): Promise<TransactWriteItem[]> {
  const [merchantId, url] = [stringOf(row["merchantId"]), stringOf(row["confirmationUrl"])];
  if (merchantId === undefined || url === undefined || !isWebUrl(url)) return [];
  const key = urlKey(url);
  const { disabledUrls } = await healthActs.read(merchantId);
  if (!disabledUrls.includes(key)) return [];
  const isTheMerchants = hasUrl({ M: await registry.read(merchantId) }, key);
  return isTheMerchants ? [] : [healthActs.enableAct(merchantId, key)];
}

/** Its own, or that of one of its channels. */
function hasUrl({ S: text, M: map = {}, L: list = [] }: AttributeValue, key: string): boolean {
  if (text !== undefined) return isWebUrl(text) && urlKey(text) === key;
  return [...Object.values(map), ...list].some((value) => hasUrl(value, key));
}
