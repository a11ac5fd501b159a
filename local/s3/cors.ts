/**
 * Which pages of other origins a browser lets ask a bucket, as S3 decides it: the first rule that has origin and
 * method, and in a preflight each header too. Rules are those of the template.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
 */
import { isObject, type ResolvedResource } from "../assembly/template.ts";
import { LocalError } from "../local-error.ts";

export interface CorsRule {
  /** Of pages, with one `*` at most each. */
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  /** That a preflight may name, with one `*` at most each. */
  readonly allowedHeaders: readonly string[];
  /** Of a response, that a page may read. */
  readonly exposedHeaders: readonly string[];
  /** For which a browser may keep a preflight. */
  readonly maxAgeSeconds?: number;
}

/** Of a bucket, by its name. */
export type BucketCors = Readonly<Record<string, readonly CorsRule[]>>;

export interface CrossOriginRequest {
  /** The header `Origin`. */
  readonly origin: string;
  /** Of the request, or that a preflight asks for. */
  readonly method: string;
  /** That a preflight asks for. @default none */
  readonly headers?: readonly string[];
}

const ANY = "*";
const MEMBERS = ["AllowedHeaders", "AllowedMethods", "AllowedOrigins", "ExposedHeaders", "Id", "MaxAge"];
const VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

/** @throws LocalError for a rule that this machine does not know */
export function corsRulesOf({ logicalId, type, properties }: ResolvedResource): CorsRule[] {
  const { CorsConfiguration: given } = properties;
  if (given === undefined) return [];
  const rules = isObject(given) ? given["CorsRules"] : undefined;
  if (!Array.isArray(rules) || !rules.every(isObject))
    throw unsupported(`${logicalId} (${type}) has a CorsConfiguration without a list of CorsRules`);
  return rules.map((rule) => {
    const unknown = Object.keys(rule).find((member) => !MEMBERS.includes(member));
    if (unknown !== undefined)
      throw unsupported(`${logicalId} (${type}) has a CORS rule with ${unknown}; expected only ${MEMBERS.join(", ")}`);
    const maxAge = rule["MaxAge"];
    return {
      allowedOrigins: textsOf(rule["AllowedOrigins"]),
      allowedMethods: textsOf(rule["AllowedMethods"]),
      allowedHeaders: textsOf(rule["AllowedHeaders"]),
      exposedHeaders: textsOf(rule["ExposedHeaders"]),
      ...(maxAge !== undefined && { maxAgeSeconds: Number(maxAge) }),
    };
  });
}

/** @returns headers of the response; undefined where no rule lets the page have it */
export function corsHeaders(
  rules: readonly CorsRule[],
  { origin, method, headers = [] }: CrossOriginRequest,
): Readonly<Record<string, string>> | undefined {
  for (const rule of rules) {
    const allowed = rule.allowedOrigins.find((pattern) => matches(pattern, origin));
    const hasAll = headers.every((name) => rule.allowedHeaders.some((pattern) => matchesName(pattern, name)));
    if (allowed === undefined || !rule.allowedMethods.includes(method) || !hasAll) continue;
    return {
      "access-control-allow-origin": allowed === ANY ? ANY : origin,
      "access-control-allow-methods": rule.allowedMethods.join(", "),
      ...(headers.length > 0 && { "access-control-allow-headers": headers.join(", ") }),
      ...(rule.exposedHeaders.length > 0 && { "access-control-expose-headers": rule.exposedHeaders.join(", ") }),
      ...(rule.maxAgeSeconds !== undefined && { "access-control-max-age": String(rule.maxAgeSeconds) }),
      ...(allowed !== ANY && { "access-control-allow-credentials": "true" }),
      vary: VARY,
    };
  }
  return undefined;
}

function matchesName(pattern: string, name: string): boolean {
  return matches(pattern.toLowerCase(), name.toLowerCase());
}

function matches(pattern: string, text: string): boolean {
  const at = pattern.indexOf(ANY);
  if (at < 0) return pattern === text;
  const [start, end] = [pattern.slice(0, at), pattern.slice(at + ANY.length)];
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

function textsOf(given: unknown): readonly string[] {
  return given === undefined ? [] : [given].flat().map(String);
}

function unsupported(what: string): LocalError {
  return new LocalError("LOCAL_TEMPLATE_UNSUPPORTED", `${what}. Leave it out of the stack that runs here.`);
}
