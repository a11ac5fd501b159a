/**
 * What a merchant's calls need beyond its row: keys and connection that KMS has to open, then a token that its token
 * server gives. Merchants that need neither never come here.
 */
import type { Merchant } from "../merchant/merchant.ts";
import type { WaitReason } from "../merchant/merchant-health.ts";
import type { SigningKey } from "../signing/merchant-keys.ts";
import type { Failure } from "../transaction/failure.ts";
import type { KeyRing } from "./key-ring.ts";
import type { AccessToken, AccessTokens, FailedOutcome } from "./oauth2/access-tokens.ts";
import { AUTHORIZATION, type CallConnection, tokenName } from "./opened-connection.ts";

export interface Credentials {
  readonly kind: "there";
  readonly keys: readonly SigningKey[];
  /** @default the plain one */
  readonly connection?: CallConnection;
  /** The one that is in the connection's headers. */
  readonly token?: AccessToken;
}

/** Not now. */
export interface CredentialsAway {
  readonly kind: "away";
  readonly reason: Extract<WaitReason, "key unavailable" | "token unavailable">;
  readonly error: string;
  /** What that says about the merchant, for its circuit; undefined where it is nothing. */
  readonly outcome?: FailedOutcome;
}

export class CredentialsOfMerchants {
  readonly #ring: Pick<KeyRing, "isResting" | "open">;
  readonly #tokens: Pick<AccessTokens, "isResting" | "tokenFor" | "refused">;

  constructor(
    ring: Pick<KeyRing, "isResting" | "open">,
    tokens: Pick<AccessTokens, "isResting" | "tokenFor" | "refused">,
  ) {
    this.#ring = ring;
    this.#tokens = tokens;
  }

  /** @returns what it is not worth asking for now */
  whyResting(merchant: Merchant): CredentialsAway["reason"] | undefined {
    if (this.#ring.isResting(merchant)) return "key unavailable";
    const { merchantId, connection } = merchant;
    if (connection?.oauth2 === undefined) return undefined;
    return this.#tokens.isResting(tokenName(merchantId, connection.oauth2)) ? "token unavailable" : undefined;
  }

  /** For a message that has the merchant's room. @returns a failure where there can never be any */
  async of(merchant: Merchant): Promise<Credentials | CredentialsAway | Failure> {
    const opened = await this.#ring.open(merchant);
    if (opened === undefined)
      return { kind: "away", reason: "key unavailable", error: "KMS does not open its secret just now" };
    if ("code" in opened) return opened;
    const { keys } = opened;
    if (opened.connection === undefined) return { kind: "there", keys };
    const { oauth2, ...connection } = opened.connection;
    if (oauth2 === undefined) return { kind: "there", keys, connection };
    const token = await this.#tokens.tokenFor(oauth2);
    if ("kind" in token) return { ...token, reason: "token unavailable" };
    const headerLines = `${connection.headerLines ?? ""}${AUTHORIZATION}: Bearer ${token.value}\r\n`;
    return { kind: "there", keys, connection: { ...connection, headerLines }, token };
  }

  /** The webhook answered 401. */
  refused(token: AccessToken): void {
    this.#tokens.refused(token);
  }
}
