/**
 * Has the embedded S3 answer browsers for pages of other origins: preflights, and the headers of each response,
 * refusals included. It knows no CORS itself. Rules come from the stack at start:
 * `PUT /_local/buckets/<bucket>/cors`.
 */
import type { FauxqsParts } from "../sqs/fauxqs-internals.ts";
import { corsHeaders, type CorsRule } from "./cors.ts";
import { errorXml } from "./error-xml.ts";

const NOT_ENABLED = "CORSResponse: CORS is not enabled for this bucket.";
const NOT_ALLOWED =
  "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / " +
  "Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.";
const NO_ORIGIN = "Insufficient information. Origin request header needed.";

interface OfBucket {
  readonly bucket?: string;
}

export function serveCors(app: FauxqsParts["app"]): void {
  const rulesOf = new Map<string, readonly CorsRule[]>();

  app.put<{ Params: { bucket: string }; Body: Buffer }>("/_local/buckets/:bucket/cors", (request, reply) => {
    rulesOf.set(request.params.bucket, JSON.parse(request.body.toString("utf8")) as readonly CorsRule[]);
    return reply.status(204).send();
  });

  for (const path of ["/:bucket", "/:bucket/*"])
    app.options<{ Params: Required<OfBucket> }>(path, (request, reply) => {
      const { origin, "access-control-request-method": method = "" } = request.headers;
      const refuse = (status: 400 | 403, code: string, message: string) =>
        reply.status(status).header("content-type", "application/xml").send(errorXml({ code, message }));
      if (origin === undefined) return refuse(400, "BadRequest", NO_ORIGIN);
      const rules = rulesOf.get(request.params.bucket) ?? [];
      if (rules.length === 0) return refuse(403, "AccessForbidden", NOT_ENABLED);
      const headers = namesIn(request.headers["access-control-request-headers"]);
      const allowed = corsHeaders(rules, { origin, method, headers });
      if (allowed === undefined) return refuse(403, "AccessForbidden", NOT_ALLOWED);
      return reply.status(200).headers(allowed).send();
    });

  app.addHook("onSend", (request, reply, _payload, done) => {
    const { origin } = request.headers;
    const { bucket = "" } = (request.params ?? {}) as OfBucket;
    if (origin !== undefined && request.method !== "OPTIONS")
      reply.headers(corsHeaders(rulesOf.get(bucket) ?? [], { origin, method: request.method }) ?? {});
    done();
  });
}

function namesIn(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
