/**
 * What a browser or a program uploads one file with, for a short while, without credentials: a POST policy that says
 * which key it is put under, and how many bytes it may have. S3 holds it against the form. A test holds it against
 * AWS's own example.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import type { S3Client } from "@aws-sdk/client-s3";
import { ALGORITHM, s3Signer } from "./s3-signer.ts";

export interface UploadForm {
  readonly url: string;
  /** To be sent as they are, before the field `file`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface UploadBounds {
  readonly bucket: string;
  readonly key: string;
  readonly maxBytes: number;
  /** For which it holds. */
  readonly seconds: number;
}

export async function uploadForm(
  client: S3Client,
  { bucket, key, maxBytes, seconds }: UploadBounds,
  nowMs: number,
): Promise<UploadForm> {
  const { protocol, host, path, date, credential, sessionToken, sign } = await s3Signer(client, { bucket, key }, nowMs);
  const signed = {
    key,
    "x-amz-algorithm": ALGORITHM,
    "x-amz-credential": credential,
    "x-amz-date": date,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
  const policy = Buffer.from(
    JSON.stringify({
      expiration: new Date(nowMs + seconds * 1000).toISOString(),
      conditions: [
        { bucket },
        ...Object.entries(signed).map(([name, value]) => ({ [name]: value })),
        ["content-length-range", 1, maxBytes],
      ],
    }),
  ).toString("base64");
  return {
    url: `${protocol}//${host}${path.slice(0, path.length - key.length)}`,
    fields: { ...signed, policy, "x-amz-signature": sign(policy) },
  };
}
