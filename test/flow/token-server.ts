/** A token server that was not written here, on loopback: oidc-provider, with one client for merchants' webhooks. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { jest } from "@jest/globals";
import { Provider } from "oidc-provider";

export const CLIENT_ID = "pipeline";

export interface TokenServer {
  readonly port: number;
  readonly tokenUrl: string;
  /** Requests for tokens so far. */
  asked(): number;
  /** The token of a webhook's `authorization`, where it is one of this server's that holds. */
  tokenIn(authorization: string | undefined): Promise<string | undefined>;
  /** It holds no more from then on. */
  revoke(token: string): Promise<void>;
  stop(): void;
}

export async function startTokenServer(clientSecret: string): Promise<TokenServer> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  // It warns of what is good enough for a test: keys of its own, and tokens that are gone with it.
  const quiet = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 3600 },
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: clientSecret,
        grant_types: ["client_credentials"],
        redirect_uris: [],
        response_types: [],
      },
    ],
  });
  quiet.mockRestore();
  const respond = provider.callback();
  let requests = 0;
  server.on("request", (request, response) => {
    if (request.url === "/token") requests += 1;
    void respond(request, response);
  });
  return {
    port,
    tokenUrl: `http://127.0.0.1:${port}/token`,
    asked: () => requests,
    async tokenIn(authorization = "") {
      const [, token = ""] = /^Bearer (\S+)$/.exec(authorization) ?? [];
      const found = await provider.ClientCredentials.find(token);
      return found === undefined ? undefined : token;
    },
    async revoke(token) {
      await (await provider.ClientCredentials.find(token))?.destroy();
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
