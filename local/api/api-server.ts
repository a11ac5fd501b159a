/**
 * The template's REST APIs on one loopback port: `http://127.0.0.1:<port>/<stage>/<path>` invokes the function behind
 * it.
 */
import { createServer, type IncomingMessage } from "node:http";
import { LOOPBACK } from "../machine.ts";
import { portError } from "../processes/ports.ts";
import {
  httpResponse,
  type HttpResponse,
  type HttpRequest,
  messageResponse,
  missingParameters,
  proxyEvent,
} from "./proxy-event.ts";
import { matchRoute, type Route } from "./routes.ts";

export interface ApiServer {
  readonly origin: string;
  stop(): Promise<void>;
}

export interface ApiOptions {
  readonly port: number;
  /** Asked at each call: the server listens before the routes are known. */
  readonly routes: () => readonly Route[];
  readonly invoke: (functionArn: string, event: unknown) => Promise<unknown>;
}

export async function startApi(options: ApiOptions): Promise<ApiServer> {
  const server = createServer((request, response) => {
    void respondTo(request, options).then(({ status, headers, body }) => {
      response.statusCode = status;
      for (const [name, value] of headers) response.appendHeader(name, value);
      response.end(body);
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) => reject(portError(cause, options.port, "the API", "--port-api")));
  server.listen({ port: options.port, host: LOOPBACK }, resolve);
  await promise;
  const address = server.address();
  return {
    origin: `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : options.port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function respondTo(incoming: IncomingMessage, { routes, invoke }: ApiOptions): Promise<HttpResponse> {
  try {
    const request = await readRequest(incoming);
    const matched = matchRoute(routes(), request.method, request.url.pathname);
    if (matched === undefined) return messageResponse(403, "Missing Authentication Token");
    const missing = missingParameters(request, matched);
    if (missing.length > 0) return messageResponse(400, `Missing required request parameters: [${missing.join(", ")}]`);
    return httpResponse(await invoke(matched.route.functionArn, proxyEvent(request, matched)));
  } catch {
    // The function's log says why.
    return messageResponse(502, "Internal server error");
  }
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? "GET",
    url: new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? LOOPBACK}`),
    rawHeaders: incoming.rawHeaders,
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? LOOPBACK,
  };
}
