/**
 * The console on loopback, as CloudFront serves it: its files, `/config.json`, and `/v1/*`, which is the API, so that
 * one origin has both. Only a browser that asked for this very address gets a response.
 */
import { type IncomingMessage, request as sendRequest, type ServerResponse } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { pipeline } from "node:stream";
import { CONFIG_FILE, type ServedConfig } from "../../lib/console/console-config.ts";
import {
  ASSETS_FOLDER,
  CACHE_CONTROL,
  contentSecurityPolicy,
  isPage,
  PERMISSIONS_POLICY,
} from "../../lib/console/console-policy.ts";
import { LOOPBACK } from "../machine.ts";
import { type LoopbackServer, refuse, serveLoopback } from "../serve-loopback.ts";
import { compressed } from "./compressed.ts";

export interface ConsoleOptions {
  readonly port: number;
  /** Folder of the built files; asked when somebody opens a page, as building takes seconds. */
  readonly files: () => Promise<string>;
  readonly config: () => ServedConfig;
  /** Base of the API's stage, `http://127.0.0.1:<port>/prod`; asked at each request. */
  readonly api: () => string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
const API_PATH = "/v1/";
const BAD_GATEWAY = 502;

export function startConsole(options: ConsoleOptions): Promise<LoopbackServer> {
  /** Of the page that was asked for last: what it names is in there, of the same build. */
  let folder: string | undefined;
  const files = async (path: string) =>
    isPage(path) || folder === undefined ? (folder = await options.files()) : folder;
  return serveLoopback({
    port: options.port,
    part: "the console",
    option: "--port-console",
    respond: (request, response) => respond(request, response, { ...options, files }),
  });
}

interface Serving extends Pick<ConsoleOptions, "config" | "api"> {
  readonly files: (path: string) => Promise<string>;
}

async function respond(request: IncomingMessage, response: ServerResponse, options: Serving): Promise<void> {
  const { port } = request.socket.address() as { readonly port?: number };
  if (![`${LOOPBACK}:${port}`, `localhost:${port}`].includes(request.headers.host ?? ""))
    return refuse(response, 421, "This console responds at its own address only.");
  const url = request.url ?? "/";
  if (url.startsWith(API_PATH)) return passOn(request, response, options.api());
  if (request.method !== "GET" && request.method !== "HEAD")
    return refuse(response, 405, "There is nothing to change here.");
  const config = options.config();
  const headers = {
    "content-security-policy": contentSecurityPolicy([new URL(config.issuer).origin]),
    "permissions-policy": PERMISSIONS_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
  const path = url.split("?")[0] ?? "/";
  const found = path === `/${CONFIG_FILE}` ? configFile(config) : fileAt(await options.files(path), path);
  if (found === undefined) return refuse(response, 404, "There is no such file.");
  const sent = await compressed(found.body, request.headers["accept-encoding"]?.toString());
  response.writeHead(200, { ...headers, ...sent.headers, "content-type": found.type, "cache-control": found.kept });
  response.end(request.method === "HEAD" ? undefined : sent.body);
}

interface Found {
  readonly type: string;
  readonly kept: string;
  readonly body: Buffer | string;
}

function configFile(config: ServedConfig): Found {
  return { type: TYPES[".json"] ?? "", kept: "no-store", body: JSON.stringify(config) };
}

function fileAt(folder: string, path: string): Found | undefined {
  const name = isPage(path) ? "index.html" : normalize(path).slice(1);
  const file = join(folder, name);
  const type = TYPES[extname(name)];
  // A name that leads out of the folder was cut off at its top by `normalize`.
  if (type === undefined || !existsSync(file)) return undefined;
  const kept = name.startsWith(`${ASSETS_FOLDER}/`) ? CACHE_CONTROL.assets : CACHE_CONTROL.others;
  return { type, kept, body: readFileSync(file) };
}

/** Request and response go on as they are, but for the host, and whichever of the two ends early ends the other. */
function passOn(request: IncomingMessage, response: ServerResponse, api: string): void {
  const target = new URL(api + (request.url ?? ""));
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const sent = sendRequest(target, { method: request.method, headers }, (received) => {
    response.writeHead(received.statusCode ?? BAD_GATEWAY, received.headers);
    pipeline(received, response, () => undefined);
  });
  sent.on("error", () => {
    if (response.headersSent || response.destroyed) response.destroy();
    else refuse(response, BAD_GATEWAY, "The API does not respond.");
  });
  response.once("close", () => sent.destroy());
  request.pipe(sent);
}
