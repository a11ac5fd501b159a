/**
 * A URL that whoever has it may read one object with, for a short while: Signature Version 4 in the query, of a request
 * that the client of the SDK made. So large files pass by the API and not through it. A test holds it against AWS's
 * own example.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
import { hash } from "node:crypto";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { HmacKey } from "../signing/hmac.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";
const UNSIGNED = "UNSIGNED-PAYLOAD";

/** Where the client would have sent it. */
interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Escaped. */
  readonly path: string;
}

/** @param nowMs epoch milliseconds. @param seconds for which it holds */
export async function presignedUrl(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  nowMs: number,
  seconds: number,
): Promise<string> {
  const { protocol, hostname, port, path } = await requestOf(client, bucket, key);
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  const region = await client.config.region();
  const date = timestampOf(nowMs);
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const query = Object.entries({
    "X-Amz-Algorithm": ALGORITHM,
    "X-Amz-Credential": `${accessKeyId}/${scope}`,
    "X-Amz-Date": date,
    "X-Amz-Expires": String(seconds),
    ...(sessionToken !== undefined && { "X-Amz-Security-Token": sessionToken }),
    "X-Amz-SignedHeaders": "host",
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  const canonical = `GET\n${path}\n${query}\nhost:${host}\n\nhost\n${UNSIGNED}`;
  const text = `${ALGORITHM}\n${date}\n${scope}\n${hash("sha256", canonical, "hex")}`;
  const signature = signingKey(secretAccessKey, scope).sign("hex", text);
  return `${protocol}//${host}${path}?${query}&X-Amz-Signature=${signature}`;
}

/** `20261130T081500Z`. */
export function timestampOf(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}

/** @param scope `<day>/<region>/s3/aws4_request` */
export function signingKey(secretAccessKey: string, scope: string): HmacKey {
  return scope
    .split("/")
    .reduce((key, part) => new HmacKey(key.digest(part)), new HmacKey(Buffer.from(`AWS4${secretAccessKey}`)));
}

/** What the SDK makes of the command, and does not send. */
export async function requestOf(client: S3Client, bucket: string, key: string): Promise<Request> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  let made: Request | undefined;
  command.middlewareStack.add(
    () => async (args) => {
      made = args.request as Request;
      return { response: {}, output: { $metadata: {} } };
    },
    { step: "build", priority: "low" },
  );
  await client.send(command);
  if (made === undefined) throw new Error("The SDK made no request of the command.");
  return made;
}
