/** Keys of a merchant as tests need them: made of a secret, without master keys. */
import { createHash } from "node:crypto";
import { privateKeyOf } from "../../core/signing/ed25519-key.ts";
import { HmacKey } from "../../core/signing/hmac.ts";
import type { SigningKey } from "../../core/signing/merchant-keys.ts";

/** One key of each scheme; the ed25519 key follows from the secret. @param until epoch milliseconds */
export function keysOf(secret: Uint8Array, until?: number): readonly SigningKey[] {
  const seed = createHash("sha256").update(secret).digest();
  const time = until === undefined ? {} : { until };
  return [
    { scheme: "v1", key: new HmacKey(secret), ...time },
    { scheme: "v1a", privateKey: privateKeyOf(seed), ...time },
  ];
}
