/**
 * For whoever imports a merchant's secret: encrypts it as the programs that sign expect it. Needs `kms:Encrypt` and
 * nothing more.
 */
import { EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { encryptionContext } from "../signing/imported-secret.ts";

/** @param secret `whsec_` and base64. @returns what goes into `encryptedSecret` of the merchant's row */
export async function encryptSecret(
  kms: KMSClient,
  keyArn: string,
  merchantId: string,
  secret: string,
): Promise<Uint8Array> {
  const { CiphertextBlob: ciphertext } = await kms.send(
    new EncryptCommand({
      KeyId: keyArn,
      Plaintext: Buffer.from(secret),
      EncryptionContext: { ...encryptionContext(merchantId) },
    }),
  );
  if (ciphertext === undefined) throw new Error("KMS answered Encrypt without a ciphertext.");
  return ciphertext;
}
