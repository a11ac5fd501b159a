/**
 * A URL that whoever has it may read one object with, for a short while: Signature Version 4 in the query, of a request
 * that the client of the SDK made. So large files pass by the API and not through it. A test holds it against AWS's
 * own example.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { hash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { ALGORITHM, s3Signer } from "./s3-signer.ts";

const UNSIGNED = "UNSIGNED-PAYLOAD";

/** @param nowMs epoch milliseconds. @param seconds for which it holds */
export async function presignedUrl(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string },
  nowMs: number,
  seconds: number,
): Promise<string> {
  const { protocol, host, path, date, scope, credential, sessionToken, sign } = await s3Signer(client, object, nowMs);
  const query = Object.entries({
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": credential,
    "X-Amz-Date": date,
    "X-Amz-Expires": String(seconds),
    ...(sessionToken !== undefined && { "X-Amz-Security-Token": sessionToken }),
    "X-Amz-SignedHeaders": "host",
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  const canonical = `GET\n${path}\n${query}\nhost:${host}\n\nhost\n${UNSIGNED}`;
  const text = `${ALGORITHM}\n${date}\n${scope}\n${hash("sha256", canonical, "hex")}`;
  return `${protocol}//${host}${path}?${query}&X-Amz-Signature=${sign(text)}`;
}
