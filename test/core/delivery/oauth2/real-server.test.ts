/** A token server that was not written here: oidc-provider, which is certified for OpenID. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { Provider } from "oidc-provider";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { guardedConnector } from "../../../../core/delivery/guarded-connector.ts";
import { askForToken } from "../../../../core/delivery/oauth2/ask-for-token.ts";
import type { AuthMethod } from "../../../../core/merchant/connection/sealed-connection.ts";
import { patienceMs } from "../../../support/machine-speed.ts";
import { neverCalled } from "../../../support/strict-fake.ts";
import { TRANSPORTS, transportsOver } from "../over-transports.ts";

/** With what has to be encoded, for HTTP Basic most of all. */
const SECRET = "s:e%c&r=e+t /?~ \"'";
const METHODS: readonly AuthMethod[] = ["client_secret_basic", "client_secret_post"];
let server: Server;
let issuer = "";

beforeAll(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // It warns of what is good enough for a test: keys of its own, and tokens that are gone with it.
  const quiet = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  const provider = new Provider(issuer, {
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 600 },
    scopes: ["webhooks:write", "webhooks:read"],
    clients: METHODS.map((method) => ({
      client_id: `us:${method}`,
      client_secret: SECRET,
      token_endpoint_auth_method: method,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      scope: "webhooks:write",
    })),
  });
  quiet.mockRestore();
  const respond = provider.callback();
  server.on("request", (request, response) => void respond(request, response));
}, patienceMs(30_000));
afterAll(() => void server.close());

describe.each(TRANSPORTS)("over %s, a real token server", (transport) => {
  const ask = async (authMethod: AuthMethod, clientSecret: string, scope?: string) => {
    const guard = new AddressGuard([issuer.slice("http://".length)]);
    const connect = guardedConnector(guard, { resolve: neverCalled("resolve") }, 10_000, Date.now);
    const transports = transportsOver(transport, connect);
    const tokenOf = askForToken({
      transport: transports.of({}),
      guard,
      deadlineMs: 10_000,
      isOurs: () => false,
      now: Date.now,
      elapsedMs: () => performance.now(),
    });
    const asked = await tokenOf({
      merchantId: "m-1",
      name: "one",
      tokenUrl: `${issuer}/token`,
      clientId: `us:${authMethod}`,
      clientSecret,
      authMethod,
      ...(scope !== undefined && { scope }),
    });
    transports.close();
    return asked;
  };

  it.each(METHODS)("gives a token to who says who he is by %s", async (method) => {
    expect(await ask(method, SECRET, "webhooks:write")).toEqual({
      value: expect.stringMatching(/^[\w-]{20,}$/),
      lifeMs: 600_000,
    });
  });

  it.each(METHODS)("refuses another secret sent by %s, and says so in its own words", async (method) => {
    expect(await ask(method, "another")).toEqual({
      error: "the token server answered 401, invalid_client",
      isOurs: false,
    });
  });

  it("refuses a scope that is not for this client", async () => {
    expect(await ask("client_secret_basic", SECRET, "webhooks:read")).toEqual({
      error: "the token server answered 400, invalid_scope",
      isOurs: false,
    });
  });
});
