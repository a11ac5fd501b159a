/**
 * The live page on loopback: one page, its style and its script, and the dashboard's data as JSON. Nothing is loaded
 * from elsewhere, nothing can be changed through it, and only a browser that asked for this very address gets a
 * response (a name that somebody else's page resolves to loopback does not).
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { toneStyles } from "../../core/dashboard/show.ts";
import type { Shown } from "../../core/dashboard/shown.ts";
import { LOOPBACK } from "../machine.ts";
import { portError } from "../processes/ports.ts";

export interface PageServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  stop(): Promise<void>;
}

export interface PageOptions {
  readonly port: number;
  /** Asked at each look of the page. */
  readonly shown: () => Shown;
}

interface Part {
  readonly type: string;
  readonly body: () => string;
}

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri " +
    "'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
const HERE = join(import.meta.dirname, "browser");
const CHART_STYLES = readFileSync(createRequire(import.meta.url).resolve("uplot/dist/uPlot.min.css"), "utf8");

export async function startPage({ port, shown }: PageOptions): Promise<PageServer> {
  let script: string | undefined;
  const parts: Readonly<Record<string, Part>> = {
    "/": { type: "text/html; charset=utf-8", body: () => file("page.html") },
    "/page.css": {
      type: "text/css; charset=utf-8",
      body: () => `${toneStyles()}\n${CHART_STYLES}\n${file("page.css")}`,
    },
    "/page.js": { type: "text/javascript; charset=utf-8", body: () => (script ??= bundledScript()) },
    "/data": { type: "application/json", body: () => JSON.stringify(shown()) },
  };
  const server = createServer((request, response) => {
    respond(request, response, parts);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) => reject(portError(cause, port, "the live page", "--port-page")));
  server.listen({ port, host: LOOPBACK }, resolve);
  await promise;
  const address = server.address();
  return {
    origin: `http://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function respond(request: IncomingMessage, response: ServerResponse, parts: Readonly<Record<string, Part>>): void {
  const refuse = (status: number, why: string): unknown =>
    response.writeHead(status, { ...HEADERS, "content-type": "text/plain; charset=utf-8" }).end(`${why}\n`);
  const { port } = request.socket.address() as { readonly port?: number };
  if (![`${LOOPBACK}:${port}`, `localhost:${port}`].includes(request.headers.host ?? ""))
    return void refuse(421, "This page answers at its own address only.");
  if (request.method !== "GET" && request.method !== "HEAD")
    return void refuse(405, "There is nothing to change here.");
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const part = Object.hasOwn(parts, path) ? parts[path] : undefined;
  if (part === undefined) return void refuse(404, "There is no such page.");
  try {
    response.writeHead(200, { ...HEADERS, "content-type": part.type });
    response.end(request.method === "HEAD" ? undefined : part.body());
  } catch (error) {
    response.destroy(error instanceof Error ? error : undefined);
  }
}

function file(name: string): string {
  return readFileSync(join(HERE, name), "utf8");
}

/** The page's script with what it imports, in one file. */
function bundledScript(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(HERE, "page.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}
