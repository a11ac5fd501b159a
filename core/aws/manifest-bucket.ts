/**
 * Where manifests lie: `<merchant>/<day>/manifest-<revision>.jsonl`, and the files that they name beside them. Written,
 * never read.
 */
import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** Ids that can be read in a key as they are. */
const PLAIN_ID = /^(?!\.+$)[\w.-]{1,128}$/;

/** @returns the key, for a file name of a merchant's day */
export function manifestKey(merchantId: string, day: string, name: string): string {
  return `${manifestFolder(merchantId)}${day}/${name}`;
}

/** Of all days of a merchant, with a slash at its end. */
export function manifestFolder(merchantId: string): string {
  if (PLAIN_ID.test(merchantId)) return `${merchantId}/`;
  return `sha256-${createHash("sha256").update(merchantId).digest("hex")}/`;
}

/** The bucket locks what is put; the SDK sends the checksum that it asks for. */
export async function putFile(client: S3Client, bucket: string, key: string, text: string): Promise<void> {
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "application/x-ndjson" }),
  );
}
