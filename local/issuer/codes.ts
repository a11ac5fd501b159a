/**
 * Authorization codes: each is given out once, taken once, by who has the verifier of its challenge, and within a
 * minute (RFC 6749, section 4.1.2).
 */
import { hash, randomBytes } from "node:crypto";
import type { AuthorizationRequest } from "./authorization-request.ts";

export interface Grant extends AuthorizationRequest {
  readonly subject: string;
  readonly merchantId?: string;
}

export interface CodeClaim {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly verifier: string;
}

const HELD_MS = 60_000;
const MOST_HELD = 1000;
const CODE_BYTES = 32;

export class Codes {
  readonly #held = new Map<string, { readonly grant: Grant; readonly untilMs: number }>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  give(grant: Grant): string {
    const code = randomBytes(CODE_BYTES).toString("base64url");
    this.#held.set(code, { grant, untilMs: this.#nowMs() + HELD_MS });
    const [oldest] = this.#held.keys();
    if (this.#held.size > MOST_HELD && oldest !== undefined) this.#held.delete(oldest);
    return code;
  }

  /** @returns undefined for a code that is none, was taken, is over, or was given to somebody else */
  take({ code, clientId, redirectUri, verifier }: CodeClaim): Grant | undefined {
    const held = this.#held.get(code);
    this.#held.delete(code);
    if (held === undefined || this.#nowMs() >= held.untilMs) return undefined;
    const { grant } = held;
    const isTheirs = grant.clientId === clientId && grant.redirectUri === redirectUri;
    return isTheirs && hash("sha256", verifier, "base64url") === grant.codeChallenge ? grant : undefined;
  }
}
