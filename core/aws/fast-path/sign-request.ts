/**
 * Signature Version 4 for the one form of request that the hot calls have: POST to the root, a JSON body, no query. The
 * day's signing key is kept. Tests hold it against the SDK's own signer.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { hash } from "node:crypto";
import { HmacKey } from "../../signing/hmac.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignerOptions {
  readonly region: string;
  /** As in the scope of the signature: `sqs`, `dynamodb`. */
  readonly service: string;
  /** As in the `host` header. */
  readonly host: string;
  /** Of the endpoint. @default "/" */
  readonly path?: string;
}

const CONTENT_TYPE = "application/x-amz-json-1.0";

interface SigningKey {
  readonly secretAccessKey: string;
  readonly day: string;
  readonly key: HmacKey;
}

export class RequestSigner {
  readonly #options: Required<SignerOptions>;
  #kept: SigningKey | undefined;
  /** The second that the date was made for, and the date. */
  #second = 0;
  #date = "";

  constructor(options: SignerOptions) {
    this.#options = { path: "/", ...options };
  }

  /**
   * @param target value of `x-amz-target`
   * @param now epoch milliseconds
   * @returns all headers of the request, names and values in turn
   */
  sign(credentials: Credentials, target: string, body: string, now: number): string[] {
    const { region, service, host, path } = this.#options;
    const { accessKeyId, sessionToken } = credentials;
    const date = this.#dateOf(now);
    const day = date.slice(0, 8);
    const scope = `${day}/${region}/${service}/aws4_request`;
    const token = sessionToken === undefined ? "" : `x-amz-security-token:${sessionToken}\n`;
    const tokenName = sessionToken === undefined ? "" : "x-amz-security-token;";
    const signedHeaders = `content-type;host;x-amz-date;${tokenName}x-amz-target`;
    const lines = `content-type:${CONTENT_TYPE}\nhost:${host}\nx-amz-date:${date}\n${token}x-amz-target:${target}\n`;
    const canonical = `POST\n${path}\n\n${lines}\n${signedHeaders}\n${hash("sha256", body, "hex")}`;
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash("sha256", canonical, "hex")}`;
    const signature = this.#keyFor(credentials, day).sign("hex", text);
    const headers = [
      "host",
      host,
      "content-type",
      CONTENT_TYPE,
      "x-amz-date",
      date,
      "x-amz-target",
      target,
      "authorization",
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    ];
    if (sessionToken !== undefined) headers.push("x-amz-security-token", sessionToken);
    return headers;
  }

  #keyFor({ secretAccessKey }: Credentials, day: string): HmacKey {
    if (this.#kept?.day === day && this.#kept.secretAccessKey === secretAccessKey) return this.#kept.key;
    const { region, service } = this.#options;
    let key = new HmacKey(Buffer.from(`AWS4${secretAccessKey}`));
    for (const part of [day, region, service, "aws4_request"]) key = new HmacKey(key.digest(part));
    this.#kept = { secretAccessKey, day, key };
    return key;
  }

  /** `20261122T081500Z` */
  #dateOf(now: number): string {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#date = new Date(second * 1000).toISOString().replaceAll(/[-:]|\.000/g, "");
    }
    return this.#date;
  }
}
