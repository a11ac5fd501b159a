/**
 * Signature Version 4 of what others send to S3 with our credentials: a URL, or a form. Where it goes is where a
 * request of the SDK's client would go.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { HmacKey } from "../signing/hmac.ts";

export const ALGORITHM = "AWS4-HMAC-SHA256";

/** Where the client would have sent it. */
interface Request {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  /** Escaped. */
  readonly path: string;
}

export interface S3Signer {
  readonly protocol: string;
  readonly host: string;
  /** Of the object, escaped. */
  readonly path: string;
  /** `20261130T081500Z`. */
  readonly date: string;
  /** `<day>/<region>/s3/aws4_request`. */
  readonly scope: string;
  readonly credential: string;
  readonly sessionToken: string | undefined;
  /** @returns hexadecimal */
  readonly sign: (text: string) => string;
}

/** @param nowMs epoch milliseconds */
export async function s3Signer(
  client: S3Client,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  nowMs: number,
): Promise<S3Signer> {
  const { protocol, hostname, port, path } = await requestOf(client, bucket, key);
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  const date = timestampOf(nowMs);
  const scope = `${date.slice(0, 8)}/${await client.config.region()}/s3/aws4_request`;
  const signing = signingKey(secretAccessKey, scope);
  return {
    protocol,
    host: port === undefined ? hostname : `${hostname}:${port}`,
    path,
    date,
    scope,
    credential: `${accessKeyId}/${scope}`,
    sessionToken,
    sign: (text) => signing.sign("hex", text),
  };
}

function timestampOf(nowMs: number): string {
  return new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}

export function signingKey(secretAccessKey: string, scope: string): HmacKey {
  return scope
    .split("/")
    .reduce((key, part) => new HmacKey(key.digest(part)), new HmacKey(Buffer.from(`AWS4${secretAccessKey}`)));
}

/** What the SDK makes of the command, and does not send. */
async function requestOf(client: S3Client, bucket: string, key: string): Promise<Request> {
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
