/**
 * Reads the body of a request once: within its bound, as JSON with exact numbers. Schemas are held against what was
 * read here.
 */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "./api-env.ts";
import { ApiError } from "./api-error.ts";
import { parseExactJson } from "./exact-json.ts";

const BODILESS = new Set(["GET", "HEAD", "DELETE", "OPTIONS"]);
const JSON_TYPE = /^application\/json(?:\s*;.*)?$/i;
/** Of a change (RFC 7396). */
const PATCH_TYPE = /^application\/merge-patch\+json(?:\s*;.*)?$/i;

export type FileTypes = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * @param isOperation whether there is one of that method and path; for none the body does not matter
 * @param fileTypes content types of files, in small letters, by the path that takes them and nothing else; of a body of
 * one the handler asks for the bytes
 */
export function readBody(
  maxBodyBytes: number,
  isOperation: (method: string, path: string) => boolean,
  fileTypes: FileTypes = {},
) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    if (BODILESS.has(c.req.method)) return next();
    // The bytes are kept, and are those of a file: a text has no byte-order mark any more.
    const text = new TextDecoder().decode(await c.req.arrayBuffer());
    try {
      understand(c, text, maxBodyBytes, fileTypes[c.req.path]);
    } catch (refusal) {
      if (isOperation(c.req.method, c.req.path)) throw refusal;
    }
    return next();
  });
}

/** @throws ApiError where the body is too large, or of another type than is read there */
function understand(c: Context<ApiEnv>, text: string, maxBodyBytes: number, taken: readonly string[] | undefined) {
  if (text === "") {
    // Else whoever needs one takes none for an empty object.
    c.req.raw.headers.set("content-type", "application/json");
    c.req.json = () => Promise.reject(new SyntaxError("no body"));
    return;
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBodyBytes)
    throw new ApiError(
      "API_BODY_TOO_LARGE",
      `got ${bytes} bytes, expected at most ${maxBodyBytes}; send less at once.`,
    );
  const type = c.req.header("content-type") ?? "";
  if (taken !== undefined) {
    if (taken.includes(type.split(";")[0]?.trim().toLowerCase() ?? "")) return;
    throw new ApiError(
      "API_BODY_NOT_UNDERSTOOD",
      `got content-type ${JSON.stringify(type.slice(0, 80))}, expected ${taken.join(" or ")}.`,
    );
  }
  if (!JSON_TYPE.test(type) && !(c.req.method === "PATCH" && PATCH_TYPE.test(type)))
    throw new ApiError(
      "API_BODY_NOT_UNDERSTOOD",
      `got content-type ${JSON.stringify(type.slice(0, 80))}, expected application/json.`,
    );
  let body: unknown;
  try {
    body = parseExactJson(text);
  } catch (cause) {
    throw new ApiError("API_BODY_NOT_JSON", `got a body that is no JSON: ${(cause as Error).message}.`, { cause });
  }
  // What validators ask for; of itself it would be read again, with numbers of JavaScript.
  c.req.json = () => Promise.resolve(body as never);
}
