/**
 * For whoever imports a merchant's secret: encrypts it as the programs that sign expect it. Needs `kms:Encrypt` and
 * nothing more.
 */
import { EncryptCommand, type KMSClient } from "@aws-sdk/client-kms";
import { encryptionContext, type SecretPurpose } from "../signing/imported-secret.ts";

/**
 * @param secret such as `whsec_` and base64; at most 4,096 bytes, which is what KMS encrypts
 * @param purpose that it is sealed for. @default to sign with
 * @returns what goes into the merchant's row, such as `encryptedSecret`
 */
export async function encryptSecret(
  kms: KMSClient,
  keyArn: string,
  merchantId: string,
  secret: string,
  purpose?: SecretPurpose,
): Promise<Uint8Array> {
  const { CiphertextBlob: ciphertext } = await kms.send(
    new EncryptCommand({
      KeyId: keyArn,
      Plaintext: Buffer.from(secret),
      EncryptionContext: { ...encryptionContext(merchantId, purpose) },
    }),
  );
  if (ciphertext === undefined) throw new Error("KMS answered Encrypt without a ciphertext.");
  return ciphertext;
}
