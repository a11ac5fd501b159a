/** Writes manifests and the files that they name, once: the bucket lets none be replaced. */
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** The bucket locks what is put; the SDK sends the checksum that it asks for. */
export async function putFile(client: S3Client, bucket: string, key: string, text: string): Promise<void> {
  await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: "application/x-ndjson" }),
  );
}
