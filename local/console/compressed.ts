/** As CloudFront compresses: what is opened over a slow line here takes about as long as there. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Of eleven; each costs more time than the one before. */
const BROTLI_QUALITY = 5;
const COMPRESSORS = {
  br: (body: Buffer | string) =>
    promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }),
  gzip: (body: Buffer | string) => promisify(gzip)(body),
} as const;
const ENCODINGS = ["br", "gzip"] as const;
/** What a browser takes not at all (RFC 9110, section 12.4.2). */
const NOT_AT_ALL = /;\s*q=0(?:\.0*)?\s*$/;

/** @param accepted value of `Accept-Encoding` */
export async function compressed(body: Buffer | string, accepted: string | undefined): Promise<Sent> {
  const named = (accepted ?? "").split(",").filter((one) => !NOT_AT_ALL.test(one));
  const encoding = ENCODINGS.find((one) => named.some((given) => given.split(";")[0]?.trim() === one));
  const vary = { vary: "accept-encoding" };
  if (encoding === undefined) return { headers: vary, body };
  return { headers: { ...vary, "content-encoding": encoding }, body: await COMPRESSORS[encoding](body) };
}
