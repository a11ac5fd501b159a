/** Where an API is, and how its access tokens come. */

/** What a token is to be like; an issuer of one's own decides that itself. */
export interface TokenWish {
  readonly scopes?: readonly string[];
  readonly merchantId?: string;
  readonly lifetimeSeconds?: number;
}

export interface ApiPlace {
  /** Without `/v1` and without a slash at the end. */
  readonly url: string;
  /** What to do when it cannot be reached. */
  readonly remedy: string;
  readonly isLocal: boolean;
  /** Of the stack on this machine. */
  readonly consoleUrl?: string;
  token(wish?: TokenWish): Promise<string>;
}

/** Callers name it with `/v1` or without. */
export function withoutVersion(url: string): string {
  return url.replace(/\/+$/, "").replace(/\/v1$/, "");
}
