/**
 * What `npm run merchant` prints of a merchant: what it is to be told, and how long the key before the current one is
 * still good for.
 */
import { publicJwk, publicKeyText } from "../core/signing/ed25519-key.ts";
import { merchantKeys, type SigningKey } from "../core/signing/merchant-keys.ts";
import type { Merchant } from "../core/merchant/merchant.ts";
import { type MasterKeys, secretText } from "../core/signing/signature.ts";
import { SIGNATURE_SCHEMES } from "../core/signing/signing-attributes.ts";

/** @param keySetUrl with `{merchantId}` in it. @param healthLines what is to be said of its health row, by name */
export function describeMerchant(
  merchant: Merchant,
  masterKeys: MasterKeys,
  keySetUrl: string,
  now: number,
  healthLines: readonly [string, string][],
): string {
  const keys = merchantKeys(masterKeys, merchant, now);
  const previous = keys.filter(({ until }) => until !== undefined);
  const lines = [
    ["merchant", merchant.merchantId],
    ["url", merchant.confirmationUrl ?? "none: each transaction must carry its own"],
    ["retries", retriesOf(merchant)],
    ...healthLines,
    ["signed with", (merchant.signatures ?? SIGNATURE_SCHEMES).join(" ")],
    ...keys.filter((key) => !previous.includes(key)).flatMap(describeKey),
    ["key set", keySetUrl.replace("{merchantId}", encodeURIComponent(merchant.merchantId))],
    ...(previous.length > 0
      ? [
          ["overlap", `the key before signs too until ${new Date(previous[0]?.until ?? 0).toISOString()}`],
          ...previous.flatMap(describeKey).map(([name, value]) => [`  ${name}`, value]),
        ]
      : []),
  ];
  return lines.map(([name = "", value]) => `${name.padEnd(13)}${value}\n`).join("");
}

function retriesOf({ retryScheduleSeconds: waits }: Merchant): string {
  if (waits === undefined) return "on the pipeline's schedule";
  return waits.length === 0 ? "none" : `after ${waits.join(", ")} s`;
}

function describeKey(key: SigningKey): string[][] {
  if (key.scheme === "v1") return [["secret", secretText(key.key.secret)]];
  return [
    ["public key", publicKeyText(key.privateKey)],
    ["key id", publicJwk(key.privateKey).kid],
  ];
}
