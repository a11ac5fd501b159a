/**
 * A merchant's mirror: where goes what would have been sent, while the merchant is under the mode `mirror` and the old
 * system confirms. It is an address of the merchant's, shown to be so like any other; it has a secret of its own, so
 * that nothing that is sent there passes for a confirmation; and a circuit, room and rate of its own, so that nothing
 * of it is the merchant's trouble.
 */
import type { SigningAttributes } from "../signing/signing-attributes.ts";
import { isBase64 } from "../signing/base64.ts";
import { type AttributeValue, stringOf } from "../transaction/attribute-value.ts";

export interface Mirror {
  readonly url: string;
  /** Base64, random: what its secret is derived with. */
  readonly secretSalt: string;
  /** Version of the master key that it is derived from. */
  readonly secretKeyVersion: string;
}

/** How the id of a mirror begins, of which its secret and its health are. No merchant may have such an id. */
export const MIRROR_PREFIX = "mirror of ";

export function mirrorId(merchantId: string): string {
  return `${MIRROR_PREFIX}${merchantId}`;
}

/** @returns undefined for anything else */
export function mirrorOf(attribute: AttributeValue | undefined): Mirror | undefined {
  const kept = attribute?.M;
  const [url, secretSalt, secretKeyVersion] = ["url", "secretSalt", "secretKeyVersion"].map((name) =>
    stringOf(kept?.[name]),
  );
  if (!url || !secretSalt || !isBase64(secretSalt) || !secretKeyVersion) return undefined;
  return { url, secretSalt, secretKeyVersion };
}

export function writeMirror({ url, secretSalt, secretKeyVersion }: Mirror): AttributeValue {
  return { M: { url: { S: url }, secretSalt: { S: secretSalt }, secretKeyVersion: { S: secretKeyVersion } } };
}

export function isSameMirror(one: Mirror | undefined, other: Mirror | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Whom a mirror is signed for and admitted as. Its webhooks have one signature, of the scheme `v1`. */
export interface MirrorOwner extends Pick<SigningAttributes, "signatures"> {
  readonly merchantId: string;
  readonly secretSalt: string;
  readonly secretKeyVersion: string;
}

export function mirrorOwner(merchantId: string, { secretSalt, secretKeyVersion }: Mirror): MirrorOwner {
  return { merchantId: mirrorId(merchantId), secretSalt, secretKeyVersion, signatures: ["v1"] };
}
