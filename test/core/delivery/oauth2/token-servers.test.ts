import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { createServer, type Server } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { guardedConnector } from "../../../../core/delivery/guarded-connector.ts";
import { CachingResolver } from "../../../../core/delivery/name-resolver.ts";
import type { Asked } from "../../../../core/delivery/oauth2/access-tokens.ts";
import { askForToken } from "../../../../core/delivery/oauth2/ask-for-token.ts";
import type { OpenedOAuth2 } from "../../../../core/delivery/opened-connection.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { type MerchantServer, startMerchant, startRawMerchant } from "../../../support/merchant-server.ts";
import { forbiddenUrls } from "../ssrf/asked-urls.ts";
import { FORBIDDEN_ADDRESSES } from "../ssrf/corpus.ts";
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
/** Of names alone. */
const clock = new FakeClock();

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

/** Asks as the worker does. @param listed what the operator allows */
async function asking(
  listed: readonly string[],
  names: (name: string, before: number) => NameAnswer,
  deadlineMs = DEADLINE_MS,
) {
  const nameServer = await startNameServer(names);
  const guard = new AddressGuard(listed);
  const resolver = new CachingResolver(5000, clock.now, nameServer.resolver, undefined, { hasIpv6: () => true });
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
const GRANT = { access_token: "hush", token_type: "Bearer", expires_in: 600 };

/** Sends the same again and again, each once the one before has left this process. */
function onAndOn(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, (error) => (error ? undefined : setImmediate(() => onAndOn(response, bytes))));
}

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

  it.each<[string, string | Buffer, Readonly<Record<string, string>>]>([
    ["is compressed", gzipSync(JSON.stringify(GRANT)), { "content-encoding": "gzip" }],
    ["is compressed, and does not say so", gzipSync(JSON.stringify(GRANT)), {}],
    ["has a token of another alphabet", JSON.stringify({ ...GRANT, access_token: "tökën" }), {}],
    ["has a list of tokens", JSON.stringify({ ...GRANT, access_token: ["hush"] }), {}],
    ["has a token that ended before", JSON.stringify({ ...GRANT, expires_in: -1 }), {}],
    ["has a token that ended long before", JSON.stringify({ ...GRANT, expires_in: -1e308 }), {}],
    ["has a token of another type", JSON.stringify({ ...GRANT, token_type: { is: "Bearer" } }), {}],
    ["is a text", JSON.stringify("hush"), {}],
    ["is null", "null", {}],
    ["is a page", "<html>hush</html>", { "content-type": "text/html" }],
    ["is deep", '{"access_token":'.repeat(4000), {}],
  ])("an answer that %s is refused", async (_, body, headers) => {
    const { got } = await asked((response) => response.writeHead(200, headers).end(body));
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server/), isOurs: false });
    expect(JSON.stringify(got)).not.toMatch(/hush|tökën/);
  });

  it.each([1e12, "99999999999999999999", 2 ** 53])(
    "one whose token lives for %j s is asked again in an hour",
    async (expiresIn) => {
      const { got } = await asked((response) => response.end(JSON.stringify({ ...GRANT, expires_in: expiresIn })));
      expect(got).toEqual({ value: "hush", lifeMs: 3_600_000 });
    },
  );

  it("one that never ends its answer is read to the bound and no further", async () => {
    const { got } = await asked((response) => onAndOn(response.writeHead(200), Buffer.alloc(65_536, " ")));
    expect(got).toMatchObject({ error: expect.stringMatching(/more than a token response may have/) });
  });

  it("one that sends a byte now and then is given up at the deadline, or at the bound", async () => {
    const { got } = await asked((response) => onAndOn(response.writeHead(200), Buffer.from(" ")), 150);
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server/) });
  });

  it("one that answers with more headers than there may be is given up", async () => {
    const headers = Object.fromEntries(Array.from({ length: 2000 }, (_, nth) => [`x-${nth}`, "x".repeat(1000)]));
    const { got } = await asked((response) => response.writeHead(200, headers).end(JSON.stringify(GRANT)));
    expect(got).toMatchObject({ error: expect.stringMatching(/^the token server: /), isOurs: false });
  });

  it.each<[string, string | Buffer]>([
    ["no HTTP", "hello"],
    ["HTTP of no version", "HTTP/9.9 200 OK\r\n\r\n"],
    ["two lengths", 'HTTP/1.1 200 OK\r\ncontent-length: 22\r\ncontent-length: 5\r\n\r\n{"access_token":"hush"}'],
    ["bytes", Buffer.alloc(5000, 255)],
  ])("one that speaks %s is given up", async (_, answer) => {
    const server = await startRawMerchant((socket) => void socket.once("data", () => socket.end(answer)));
    stops.push(() => server.stop());
    const ask = await asking([`127.0.0.1:${server.port}`], noNames);
    expect(await ask(`${server.origin}/token`)).toMatchObject({ error: expect.stringMatching(/^the token server: /) });
  });

  it("one whose name resolves inside from then on is asked no more", async () => {
    const server = await startMerchant((response) =>
      response.setHeader("connection", "close").end(JSON.stringify(GRANT)),
    );
    stops.push(() => server.stop());
    const ask = await asking([`127.0.0.1:${server.port}`], (_, before) => [before === 0 ? "127.0.0.1" : TRAP]);
    const url = `http://rebinding.test:${server.port}/token`;
    expect(await ask(url)).toMatchObject({ value: "hush" });
    clock.advance(2000);
    expect(await ask(url)).toMatchObject({ error: expect.stringMatching(/^the token server: /), isOurs: false });
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
    it.each(Object.keys(forbiddenUrls(0)))("is not called: %s", async (what) => {
      const ask = await asking([], noNames);
      for (const url of forbiddenUrls(trapPort())[what] ?? [])
        expect([url, await ask(url)]).toEqual([
          url,
          { error: expect.stringMatching(/^the token address may not be called/), isOurs: false },
        ]);
    });

    it.each(Object.entries(FORBIDDEN_ADDRESSES))("is not called by a name: %s", async (_, all) => {
      const ask = await asking([], (name) => [all[Number(/^m(\d+)/.exec(name)?.[1])] ?? TRAP]);
      for (const index of all.keys())
        expect(await ask(`https://m${index}.evil.example:${trapPort()}/`)).toMatchObject({ error: expect.any(String) });
    });
  });
});
