/** What is said of a request's token: whose it is, or why it does not hold. */

export interface Identity {
  readonly subject: string;
  readonly clientId: string;
  /** Without the issuer's prefix. */
  readonly scopes: readonly string[];
  /** Narrows the token to one merchant. */
  readonly merchantId?: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export interface Refusal {
  readonly kind: "refused";
  /** For the caller: a sentence that holds nothing of the token. */
  readonly reason: string;
  /** Whether the same token may hold a moment later: then the refusal must not be kept. */
  readonly mayHoldLater: boolean;
}

export type Verdict = { readonly kind: "identified"; readonly identity: Identity } | Refusal;

export function refused(reason: string, mayHoldLater = false): Refusal {
  return { kind: "refused", reason, mayHoldLater };
}
