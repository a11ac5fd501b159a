/** The console before an API that tells what a test makes up for the Live page: its files, its server and an issuer. */
import { createServer } from "node:http";
import { SCOPES } from "../../core/access/scopes.ts";
import { parseSettings } from "../../core/settings/settings.ts";
import type { LiveView } from "../../lambdas/confirmations-api/routes/live/live-schema.ts";
import { consoleConfig } from "../../lib/console/console-config.ts";
import { consoleFilesSoon } from "../../lib/console/console-files.ts";
import { startConsole } from "../../local/console/console-server.ts";
import { startIssuer } from "../../local/issuer/issuer-server.ts";

export interface MadeUpConsole extends AsyncDisposable {
  readonly endpoints: { readonly console: string; readonly issuer: string };
  /** What is told from now on; undefined where the API cannot be reached. */
  live: LiveView | undefined;
  /** How often it was asked for. */
  readonly asked: () => number;
}

const CLIENT = "console";
const LOOPBACK = "127.0.0.1";

export async function startMadeUpConsole(live: LiveView): Promise<MadeUpConsole> {
  let asked = 0;
  const bodies: Readonly<Record<string, () => unknown>> = {
    "/v1/access": () => ({ subject: "anna", scopes: Object.keys(SCOPES) }),
    "/v1/live": () => {
      asked += 1;
      return world.live;
    },
  };
  const api = createServer((request, response) => {
    const body = bodies[request.url ?? ""]?.();
    if (body === undefined) response.destroy();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => api.listen({ port: 0, host: LOOPBACK }, resolve));
  const { port } = api.address() as { readonly port: number };
  const issuer = await startIssuer({ port: 0, audience: "confirmations" });
  const settings = parseSettings({ api: { issuer: issuer.issuer, audience: ["confirmations"] } });
  const server = await startConsole({
    port: 0,
    files: consoleFilesSoon,
    config: () => consoleConfig(settings, issuer.issuer, CLIENT),
    api: () => `http://${LOOPBACK}:${port}`,
  });
  const world: MadeUpConsole = {
    endpoints: { console: server.origin, issuer: issuer.issuer },
    live,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      await Promise.all([server.stop(), issuer.stop()]);
      api.closeAllConnections();
      await new Promise((done) => api.close(done));
    },
  };
  return world;
}

/** Told at once again, so that a test need not wait for a minute. */
export function madeUp(panels: LiveView["sections"][number]["panels"], title = "Made up", periods = 2): LiveView {
  return {
    readAt: "2026-11-22T12:00:04.000Z",
    freshSeconds: 1,
    isLate: false,
    endAt: "2026-11-22T12:00:00.000Z",
    periodSeconds: 10,
    periods,
    sections: [{ title, panels }],
  };
}
