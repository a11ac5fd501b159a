import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { guardedConnector } from "../../../../core/delivery/guarded-connector.ts";
import { CachingResolver } from "../../../../core/delivery/name-resolver.ts";
import type { Asked } from "../../../../core/delivery/oauth2/access-tokens.ts";
import { askForToken } from "../../../../core/delivery/oauth2/ask-for-token.ts";
import type { OpenedOAuth2 } from "../../../../core/delivery/opened-connection.ts";
import { type MerchantServer, startMerchant } from "../../../support/merchant-server.ts";
import { DISGUISES, FORBIDDEN_ADDRESSES, NOTATIONS } from "../ssrf/corpus.ts";
import { type NameAnswer, startNameServer } from "../ssrf/name-server.ts";
import { TRANSPORTS, type TransportName, transportsOver } from "../over-transports.ts";

const DEADLINE_MS = 20_000;
const TRAP = "127.0.0.2";
/** Of 64 KiB: 10 MB. */
const PARTS = 160;
const stops: (() => Promise<void>)[] = [];
const accepted: string[] = [];
let trap: Server;
let over: TransportName;

beforeAll(async () => {
  trap = createServer((socket) => {
    accepted.push(TRAP);
    socket.destroy();
  });
  trap.listen(0, TRAP);
  await once(trap, "listening");
});
afterAll(() => void trap.close());
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
  expect(accepted.splice(0)).toEqual([]);
});

const trapPort = () => (trap.address() as { port: number }).port;
const inUrl = (address: string): string => (address.includes(":") ? `[${address}]` : address);

/** Asks as the worker does. @param listed what the operator allows */
async function asking(listed: readonly string[], names: (name: string) => NameAnswer, deadlineMs = DEADLINE_MS) {
  const nameServer = await startNameServer(names);
  const guard = new AddressGuard(listed);
  const resolver = new CachingResolver(5000, Date.now, nameServer.resolver, undefined, { hasIpv6: () => true });
  const transports = transportsOver(over, guardedConnector(guard, resolver, DEADLINE_MS, Date.now));
  stops.push(
    async () => transports.close(),
    () => nameServer.stop(),
  );
  const ask = askForToken({
    transport: transports.of({}),
    guard,
    deadlineMs,
    isOurs: () => false,
    now: Date.now,
    elapsedMs: () => performance.now(),
  });
  return (tokenUrl: string): Promise<Asked> => ask({ ...client, tokenUrl });
}

const client: OpenedOAuth2 = {
  merchantId: "m-1",
  name: "one",
  tokenUrl: "",
  clientId: "us",
  clientSecret: "hush",
  authMethod: "client_secret_basic",
};
const noNames = (name: string): NameAnswer => {
  throw new Error(`${name} was asked for, and must not be in this test`);
};

async function asked(answer: Parameters<typeof startMerchant>[0], deadlineMs?: number) {
  const server: MerchantServer = await startMerchant(answer);
  stops.push(() => server.stop());
  const ask = await asking([`127.0.0.1:${server.port}`], noNames, deadlineMs);
  return { got: await ask(`${server.origin}/token`), server };
}

describe.each(TRANSPORTS)("over %s", (transport) => {
  beforeAll(() => {
    over = transport;
  });

  it("a token server is asked once, as RFC 6749 has it", async () => {
    const { got, server } = await asked((response) =>
      response.end(JSON.stringify({ access_token: "abc", token_type: "Bearer", expires_in: 60 })),
    );
    expect(got).toEqual({ value: "abc", lifeMs: 60_000 });
    expect(server.deliveries).toEqual([
      expect.objectContaining({
        method: "POST",
        url: "/token",
        body: "grant_type=client_credentials",
        headers: expect.objectContaining({
          authorization: `Basic ${Buffer.from("us:hush").toString("base64")}`,
          "content-type": "application/x-www-form-urlencoded",
        }),
      }),
    ]);
  });

  it.each([301, 302, 303, 307, 308])("one that redirects inside with %i is not followed", async (status) => {
    const { got } = await asked((response) =>
      response.writeHead(status, { location: `http://${TRAP}:${trapPort()}/latest/meta-data` }).end(),
    );
    expect(got).toEqual({ error: `the token server answered ${status}`, isOurs: false });
  });

  it("one that hangs is given up at the deadline", async () => {
    const { got } = await asked(() => undefined, 150);
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server: .*150 ms/) });
  });

  it("one that hangs within its answer is given up at the deadline", async () => {
    const { got } = await asked((response) => void response.writeHead(200).write('{"access_token":"abc",'), 150);
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server/) });
  });

  it("one that sends 10 MB is read to the bound and no further", async () => {
    let parts = 0;
    const { got } = await asked((response) => {
      response.writeHead(200);
      // Each part once the one before it has left this process.
      const next = () => {
        if ((parts += 1) > PARTS) response.end('{"access_token":"abc"}');
        else response.write(Buffer.alloc(65_536, " "), (error) => (error ? undefined : next()));
      };
      next();
    });
    expect(got).toMatchObject({ error: expect.stringMatching(/more than a token response may have/) });
    // What the sockets of both sides hold comes on top.
    expect(parts).toBeLessThan(PARTS);
  });

  it.each<[string, string]>([
    ["says what it was sent", '{"error":"Basic dXM6aHVzaA== hush"}'],
    ["has a token that ends a line", '{"access_token":"a\\r\\nx-evil: hush","token_type":"Bearer"}'],
    ["is cut short", '{"access_token":"hush'],
  ])("an answer that %s is refused, and nothing of it is told", async (_, body) => {
    const { got } = await asked((response) => response.end(body));
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server/) });
    expect(JSON.stringify(got)).not.toMatch(/hush|dXM6/);
  });

  it("one that closes without an answer has given none", async () => {
    const { got } = await asked((response) => void response.socket?.destroy());
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server: /) });
  });

  describe("a token address inside", () => {
    const hosts = { ...FORBIDDEN_ADDRESSES, ...NOTATIONS };
    it.each(Object.entries(hosts))("is not called: %s", async (_, all) => {
      const ask = await asking([], () => [TRAP, "::1"]);
      for (const host of all)
        for (const url of [`https://${inUrl(host.replace(/^\[|\]$/g, ""))}:${trapPort()}/`, `https://${host}/`])
          expect([url, await ask(url)]).toEqual([url, { error: expect.any(String), isOurs: false }]);
    });

    it.each(Object.entries(FORBIDDEN_ADDRESSES))("is not called by a name: %s", async (_, all) => {
      const ask = await asking([], (name) => [all[Number(/^m(\d+)/.exec(name)?.[1])] ?? TRAP]);
      for (const index of all.keys())
        expect(await ask(`https://m${index}.evil.example:${trapPort()}/`)).toMatchObject({ error: expect.any(String) });
    });

    it("is not called in any disguise", async () => {
      const ask = await asking([], noNames);
      for (const url of DISGUISES.map((disguise) => disguise(trapPort())))
        expect([url, await ask(url)]).toEqual([url, { error: expect.any(String), isOurs: false }]);
    });
  });
});
