/**
 * Whether somebody may do something: the one place where this is decided, for every request and every resource. The
 * authorizer only says who it is, and its results are kept for all routes of the API.
 */
import { type OperationAccess, type OperationId, OPERATIONS } from "./operations.ts";
import type { Principal } from "./principal.ts";
import type { Scope } from "./scopes.ts";

export type Authorization =
  | { readonly kind: "allowed" }
  /** No token, where the operation needs one. */
  | { readonly kind: "unauthenticated" }
  | { readonly kind: "scope missing"; readonly scopes: readonly Scope[] }
  /** The token is narrowed to a merchant, and the operation is for none. */
  | { readonly kind: "narrowed" }
  /** Another merchant's: to be answered as if it were not there. */
  | { readonly kind: "foreign" };

const ALLOWED: Authorization = { kind: "allowed" };

/**
 * @param resource whose it is: the merchant that a path, a filter or the row that was read names. Left out before that
 * is known: ask again when it is
 */
export function authorize(
  principal: Principal | undefined,
  operation: OperationId,
  resource: { readonly merchantId?: string | undefined } = {},
): Authorization {
  const { scopes, narrowed }: OperationAccess = OPERATIONS[operation];
  if (scopes.length === 0) return ALLOWED;
  if (principal === undefined) return { kind: "unauthenticated" };
  if (!scopes.some((scope) => principal.scopes.has(scope))) return { kind: "scope missing", scopes };
  if (principal.merchantId === undefined) return ALLOWED;
  if (narrowed === "refused") return { kind: "narrowed" };
  const isForeign = resource.merchantId !== undefined && resource.merchantId !== principal.merchantId;
  return isForeign ? { kind: "foreign" } : ALLOWED;
}
