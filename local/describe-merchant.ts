/**
 * What `npm run merchant` prints of a merchant: what it is to be told, and how long the key before the current one is
 * still good for.
 */
import { publicJwk, publicKeyText } from "../core/signing/ed25519-key.ts";
import { merchantKeys, type SigningKey } from "../core/signing/merchant-keys.ts";
import type { Merchant } from "../core/merchant/merchant.ts";
import { type MasterKeys, secretText } from "../core/signing/signature.ts";
import { SIGNATURE_SCHEMES } from "../core/signing/signing-attributes.ts";

export interface MerchantToDescribe {
  readonly merchant: Merchant;
  readonly masterKeys: MasterKeys;
  /** With `{merchantId}` in it. */
  readonly keySetUrl: string;
  readonly now: number;
  /** What is to be said of its health row, by name. */
  readonly healthLines: readonly [string, string][];
  /** Otherwise it is not in the text: what is on a screen is soon in a log, a shared terminal, a ticket. */
  readonly showSecret: boolean;
}

export function describeMerchant(described: MerchantToDescribe): string {
  const { merchant, masterKeys, keySetUrl, now, healthLines, showSecret } = described;
  const linesOf = (key: SigningKey): string[][] => describeKey(key, showSecret);
  const keys = merchantKeys(masterKeys, merchant, now);
  const previous = keys.filter(({ until }) => until !== undefined);
  const lines = [
    ["merchant", merchant.merchantId],
    ["url", merchant.confirmationUrl ?? "none: each transaction must carry its own"],
    ["retries", retriesOf(merchant)],
    ...healthLines,
    ["signed with", (merchant.signatures ?? SIGNATURE_SCHEMES).join(" ")],
    ...keys.filter((key) => !previous.includes(key)).flatMap(linesOf),
    ["key set", keySetUrl.replace("{merchantId}", encodeURIComponent(merchant.merchantId))],
    ...(previous.length > 0
      ? [
          ["overlap", `the key before signs too until ${new Date(previous[0]?.until ?? 0).toISOString()}`],
          ...previous.flatMap(linesOf).map(([name, value]) => [`  ${name}`, value]),
        ]
      : []),
  ];
  return lines.map(([name = "", value]) => `${name.padEnd(13)}${value}\n`).join("");
}

function retriesOf({ retryScheduleSeconds: waits }: Merchant): string {
  if (waits === undefined) return "on the pipeline's schedule";
  return waits.length === 0 ? "none" : `after ${waits.join(", ")} s`;
}

function describeKey(key: SigningKey, showSecret: boolean): string[][] {
  if (key.scheme === "v1")
    return [["secret", showSecret ? secretText(key.key.secret) : "not shown; --show-secret prints it"]];
  return [
    ["public key", publicKeyText(key.privateKey)],
    ["key id", publicJwk(key.privateKey).kid],
  ];
}
