/**
 * The frame of the API's apps: request ids, headers, the principal, bodies that are read within bounds, and refusals as
 * problems. What an app is for are its routes, made with `operation`; nothing but they reach an app that was framed
 * here.
 */
import { randomUUID } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { principalOf } from "../access/principal.ts";
import type { Log } from "../telemetry/log-error.ts";
import { errorFields } from "../errors/error-fields.ts";
import type { ApiEnv } from "./api-env.ts";
import { ApiError } from "./api-error.ts";
import { cursorInvalid } from "./cursor.ts";
import { allowedMethods } from "./allowed-methods.ts";
import { faultsOfZod } from "./zod-faults.ts";
import { methodOf } from "./request-method.ts";
import { problemOf } from "./problem.ts";
import { PROBLEMS } from "./problems.ts";
import { type FileTypes, readBody } from "./read-body.ts";

export type ApiApp = OpenAPIHono<ApiEnv>;
export type ApiContext = Context<ApiEnv>;

export interface ApiAppOptions {
  /** Told of what failed on our side. */
  readonly logError: Log;
  /** Largest body that is read. */
  readonly maxBodyBytes: number;
  /** Content types of files, by the path that takes them. @default every path takes JSON */
  readonly fileTypes?: FileTypes;
}

const BASE_PATH = "/v1";
/** 24 months. */
const HSTS = "max-age=63072000; includeSubDomains";
const RETRY_AFTER_SECONDS = "1";

export function apiApp({ logError, maxBodyBytes, fileTypes }: ApiAppOptions): ApiApp {
  const frame = new OpenAPIHono<ApiEnv>({
    strict: true,
    defaultHook: (result) => {
      if (result.success) return;
      const errors = faultsOfZod(result.error);
      if (result.target === "json")
        throw new ApiError("API_BODY_INVALID", "The body cannot be used; `errors` has each fault.", { errors });
      const named = errors.map(({ pointer, detail }) => ({ pointer: pointer.slice(1), detail }));
      const [{ pointer: name, detail } = { pointer: "?", detail: "cannot be used" }] = named;
      throw new ApiError("API_PARAMETER_INVALID", `${name}: ${detail}.`, { errors: named });
    },
  });

  // Around every path: one with dots, as `/v1/templates/../../..`, is another path by the time that it is looked up.
  frame.use(async (c, next) => {
    const { requestContext } = c.env;
    const requestId = requestContext?.requestId ?? randomUUID();
    c.set("requestId", requestId);
    c.set("principal", principalOf(requestContext?.authorizer, Date.now()));
    await next();
    c.header("x-request-id", requestId);
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  });
  frame.use(
    secureHeaders({
      strictTransportSecurity: HSTS,
      contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      xFrameOptions: "DENY",
    }),
  );
  const isOperation = (method: string, path: string) => allowedMethods(frame, path).includes(method);
  frame.use(readBody(maxBodyBytes, isOperation, fileTypes));
  const app = frame.basePath(BASE_PATH) as ApiApp;
  app.notFound((c) => {
    const allowed = allowedMethods(app, c.req.path);
    if (allowed.length === 0)
      return respond(c, new ApiError("API_NOT_FOUND", "There is no such path; /v1/openapi.json has all."));
    const detail = `got ${methodOf(c.req)}, expected ${allowed.join(" or ")}.`;
    return respond(c, new ApiError("API_METHOD_NOT_ALLOWED", detail, { headers: { allow: allowed.join(", ") } }));
  });
  app.onError((error, c) => {
    const refusal = refusalOf(error, c);
    if (refusal !== undefined) return respond(c, refusal);
    logError("request failed", { requestId: c.get("requestId"), path: c.req.routePath, error: errorFields(error) });
    if (isUnavailable(error))
      return respond(
        c,
        new ApiError("API_UNAVAILABLE", "A service that the request needs did not answer; send it again.", {
          headers: { "retry-after": RETRY_AFTER_SECONDS },
        }),
      );
    return respond(c, new ApiError("API_FAILED", "The request failed; the logs name it by its requestId."));
  });
  return app;
}

/** Of the caller's making: ours, what the framework's own validators find before ours, and forged cursors. */
function refusalOf(error: Error, c: ApiContext): ApiError | undefined {
  if (error instanceof ApiError) return error;
  // A place of another form than the table has it: nothing else of a query is the caller's to choose.
  if (error.name === "ValidationException" && c.req.query("cursor") !== undefined) return cursorInvalid();
  if (!(error instanceof HTTPException)) return undefined;
  if (error.status === 400) return new ApiError("API_BODY_NOT_JSON", "got a body that is no JSON, or none.");
  if (error.status === 415)
    return new ApiError("API_BODY_NOT_UNDERSTOOD", "expected the content-type application/json.");
  return undefined;
}

function respond(c: ApiContext, { code, message, details, headers }: ApiError): Response {
  const body = problemOf(code, message, c.get("requestId"), details);
  return c.body(JSON.stringify(body), PROBLEMS[code].status, {
    ...headers,
    "content-type": "application/problem+json",
  });
}

const OUR_TROUBLE = new Set([
  "TimeoutError",
  "ThrottlingException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "InternalServerError",
  "ServiceUnavailable",
  "RowsUnreadError",
  "MerchantsUnreadError",
  "AuditedWriteError",
  "AcknowledgementUnrecordedError",
]);

/** Told by name as the SDK does, or by the code of a connection that failed. */
function isUnavailable(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return OUR_TROUBLE.has(error.name) || code === "ECONNREFUSED" || code === "ECONNRESET" || code === "ETIMEDOUT";
}
