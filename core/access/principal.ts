/**
 * Who makes a request: what the authorizer found in an access token that it verified. Everything else in a request is
 * the caller's own word, and no program but the authorizer looks into a token.
 */
export interface Principal {
  /** The token's `sub`, or its client where the token was given to a program. */
  readonly subject: string;
  readonly clientId: string;
  readonly scopes: ReadonlySet<string>;
  /** Narrows everything to one merchant; undefined for a token of the payments company itself. */
  readonly merchantId?: string;
}

/** As API Gateway hands it over, texts alone (Developer Guide, "Output from an API Gateway Lambda authorizer"). */
export interface AuthorizerContext {
  readonly subject: string;
  readonly clientId: string;
  /** Separated by spaces. */
  readonly scopes: string;
  /** Empty where the token is not narrowed to a merchant. */
  readonly merchantId: string;
  /** Epoch seconds. What was said of a token is kept for minutes, and must not outlive the token. */
  readonly expiresAt?: string;
}

/** As in the authorizer: clocks differ. */
const CLOCK_TOLERANCE_MS = 10_000;

/** @returns undefined unless an authorizer of ours wrote all of it, of a token that has not expired since */
export function principalOf(context: unknown, nowMs: number): Principal | undefined {
  if (typeof context !== "object" || context === null) return undefined;
  const { subject, clientId, scopes, merchantId, expiresAt } = context as Partial<
    Record<keyof AuthorizerContext, unknown>
  >;
  if (expiresAt !== undefined && !(Number(expiresAt) * 1000 + CLOCK_TOLERANCE_MS > nowMs)) return undefined;
  if (typeof subject !== "string" || subject === "" || typeof clientId !== "string") return undefined;
  if (typeof scopes !== "string" || typeof merchantId !== "string") return undefined;
  return {
    subject,
    clientId,
    scopes: new Set(scopes.split(" ").filter((scope) => scope !== "")),
    ...(merchantId !== "" && { merchantId }),
  };
}
