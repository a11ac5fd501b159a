/** A merchant's mirror as it is given, and as it is kept: with what its secret is derived from. */
import { randomBytes } from "node:crypto";
import { ApiError } from "../../../../core/api/api-error.ts";
import type { Mirror } from "../../../../core/merchant/mirror.ts";
import type { MerchantContent } from "../../../../core/merchant/merchant-content.ts";
import type { Switches } from "../../../../core/merchant/modes.ts";

const SALT_BYTES = 16;
const FIRST_KEY_VERSION = "1";

export interface GivenMirror {
  readonly url: string;
}

/**
 * One that was there keeps its secret, whatever its address is.
 * @param secretKeyVersion of the merchant. @default the first
 */
export function mirrorFor(
  { url }: GivenMirror,
  { mirror }: Pick<MerchantContent, "mirror">,
  secretKeyVersion = FIRST_KEY_VERSION,
): Mirror {
  return { secretSalt: randomBytes(SALT_BYTES).toString("base64"), secretKeyVersion, ...mirror, url };
}

/** @throws ApiError API_MERCHANT_CONFLICT for a merchant that is, or will be, under the mode `mirror` */
export function requireNoMirrorMode(switches: Switches | undefined): void {
  if (switches?.at(-1)?.mode !== "mirror") return;
  throw new ApiError(
    "API_MERCHANT_CONFLICT",
    "got a merchant under the mode mirror that is to have none, expected another mode; switch it to shadow first.",
  );
}
