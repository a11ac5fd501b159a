/**
 * The template's REST APIs on one loopback port: `http://127.0.0.1:<port>/<stage>/<path>`, with an id in front for an
 * API of the app's own, invokes the function behind it, after its authorizer if the route has one. What API Gateway
 * answers by itself is as the template has it.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { arnOf, LOOPBACK } from "../machine.ts";
import { type LoopbackServer, serveLoopback } from "../serve-loopback.ts";
import { Authorizers } from "./authorizers.ts";
import { gatewayResponse, type GatewayResponseType } from "./gateway-responses.ts";
import { httpResponse, type HttpRequest, type HttpResponse, missingParameters, proxyEvent } from "./proxy-event.ts";
import { type MatchedRoute, matchRoute } from "./routes.ts";
import { apiAt, type ServedApi } from "./served-apis.ts";

export interface ApiOptions {
  readonly port: number;
  /** Asked at each call: the server listens before the routes are known. */
  readonly apis: () => readonly ServedApi[];
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
  readonly nowMs: () => number;
}

/** Of API Gateway ("Amazon API Gateway endpoints and quotas"). */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const ORIGIN = `http://${LOOPBACK}`;
const NO_API: ServedApi = { base: "", routes: [], gatewayResponses: new Map() };
const REQUEST_ID = "x-amzn-requestid";

export function startApi(options: ApiOptions): Promise<LoopbackServer> {
  const authorizers = new Authorizers(options);
  return serveLoopback({
    port: options.port,
    part: "the API",
    option: "--port-api",
    async respond(request, response) {
      const id = randomUUID();
      const { status, headers, body } = await respondTo(request, id, options, authorizers);
      response.statusCode = status;
      response.setHeader(REQUEST_ID, id);
      for (const [name, value] of headers) response.appendHeader(name, value);
      response.end(body);
    },
  });
}

async function respondTo(
  incoming: IncomingMessage,
  id: string,
  { apis, invoke }: ApiOptions,
  authorizers: Authorizers,
): Promise<HttpResponse> {
  const { pathname } = urlOf(incoming);
  const { base, routes, gatewayResponses } = apiAt(apis(), pathname) ?? NO_API;
  const own = (type: GatewayResponseType, message?: string, authorizer?: object): HttpResponse =>
    gatewayResponse(type, gatewayResponses, { requestId: id, authorizer }, message);
  const request = await readRequest(incoming, id, base);
  if (request === undefined) return own("REQUEST_TOO_LARGE");
  const matched = matchRoute(routes, request.method, request.url.pathname);
  if (matched === undefined) return own("MISSING_AUTHENTICATION_TOKEN");
  const { authorizer, functionArn } = matched.route;
  const asked =
    authorizer === undefined
      ? undefined
      : await authorizers.ask(authorizer, request, proxyEvent(request, matched), methodArn(request, matched));
  if (asked?.kind === "refused") return own(asked.type, undefined, asked.context);
  const missing = missingParameters(request, matched);
  if (missing.length > 0)
    return own("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${missing.join(", ")}]`);
  let result: unknown;
  try {
    result = await invoke(functionArn, proxyEvent(request, matched, asked?.context));
  } catch {
    // The function's log says why.
    return own("DEFAULT_5XX");
  }
  return httpResponse(result) ?? own("DEFAULT_5XX");
}

function methodArn({ method }: HttpRequest, { route, path }: MatchedRoute): string {
  return arnOf("execute-api", `local/${route.stage}/${method}${path}`);
}

/** Where the path is none, one that has no route either. */
function urlOf({ url = "/" }: IncomingMessage): URL {
  return URL.parse(url, ORIGIN) ?? new URL(ORIGIN);
}

/** As API Gateway was called: by a host of the API's own, with the stage in front. */
function below(base: string, url: URL): URL {
  if (base === "") return url;
  const called = new URL(url);
  called.pathname = url.pathname.slice(base.length);
  return called;
}

/** @returns undefined for one that is too large */
async function readRequest(incoming: IncomingMessage, id: string, base: string): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  if (bytes > MAX_BODY_BYTES) return undefined;
  return {
    id,
    method: incoming.method ?? "GET",
    url: below(base, urlOf(incoming)),
    rawHeaders: incoming.rawHeaders,
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? LOOPBACK,
  };
}
