import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { type Connect, endpointOf } from "../../../core/http/dial.ts";
import { type MerchantServer, startRawMerchant } from "../../support/merchant-server.ts";
import { neverCalled } from "../../support/strict-fake.ts";
import { settle, until } from "../../support/until.ts";

const TIMEOUT_MS = 20_000;
const merchants: MerchantServer[] = [];

afterEach(async () => {
  await Promise.all(merchants.splice(0).map((one) => one.stop()));
});

async function merchant(talk: (socket: Socket) => void = (socket) => void socket.resume()): Promise<MerchantServer> {
  const started = await startRawMerchant(talk);
  merchants.push(started);
  return started;
}

/** A resolver that gives one response after the other, as a rebinding name server does. */
function answering(...responses: string[][]) {
  const asked: string[] = [];
  return { asked, resolve: async (host: string) => responses[asked.push(host) - 1] ?? [] };
}

function connect(connector: Connect, host: string, port: number | undefined, protocol = "http:"): Promise<Socket> {
  const endpoint = endpointOf(`${protocol}//${host}${port === undefined ? "" : `:${port}`}`);
  return new Promise((resolve, reject) => {
    connector(
      endpoint,
      () => neverCalled("receive")(),
      (error, socket) => {
        if (socket === undefined) reject(error);
        else resolve(socket);
      },
    );
  });
}

describe("a connection to a merchant", () => {
  it("is opened to the address that was checked, after one look-up", async () => {
    const { port, opened } = await merchant();
    const resolver = answering(["127.0.0.1"], ["10.0.0.1"]);
    const connector = guardedConnector(new AddressGuard([`127.0.0.1:${port}`]), resolver, TIMEOUT_MS, Date.now);
    const socket = await connect(connector, "m-1.localhost", port);
    expect(socket.remoteAddress).toBe("127.0.0.1");
    expect(resolver.asked).toEqual(["m-1.localhost"]);
    expect(opened).toHaveLength(1);
    socket.destroy();
  });

  it("is told of with its origin once it is made, and not when it fails", async () => {
    const started = await merchant();
    const { port } = started;
    const guard = new AddressGuard([`127.0.0.1:${port}`]);
    const reported: string[] = [];
    const connector = guardedConnector(guard, { resolve: neverCalled("resolve") }, TIMEOUT_MS, Date.now, (endpoint) =>
      reported.push(endpoint.origin),
    );
    const socket = await connect(connector, "127.0.0.1", port);
    expect(reported).toEqual([`http://127.0.0.1:${port}`]);
    socket.destroy();
    await started.stop();
    merchants.length = 0;
    await expect(connect(connector, "127.0.0.1", port)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(reported).toHaveLength(1);
  });

  it("passes over addresses that must not be called, and takes the first that may", async () => {
    const { port } = await merchant();
    const resolver = answering(["10.0.0.1", "::ffff:127.0.0.1", "127.0.0.1"]);
    const connector = guardedConnector(new AddressGuard([`127.0.0.1:${port}`]), resolver, TIMEOUT_MS, Date.now);
    const socket = await connect(connector, "m-1.localhost", port);
    expect(socket.remoteAddress).toBe("127.0.0.1");
    socket.destroy();
  });

  it.each([
    ["loopback", ["127.0.0.1"]],
    ["the metadata address", ["169.254.169.254"]],
    ["a mapped address", ["::ffff:127.0.0.1"]],
    ["several private ones", ["10.0.0.1", "192.168.0.1", "fd00::1"]],
    ["no address", []],
  ])("is refused for a name that resolves to %s", async (_, addresses) => {
    const { port, opened } = await merchant();
    const connector = guardedConnector(new AddressGuard([]), answering(addresses), TIMEOUT_MS, Date.now);
    await expect(connect(connector, "evil.example", port, "https:")).rejects.toMatchObject({
      code: "DESTINATION_REFUSED",
    });
    expect(opened).toHaveLength(0);
  });

  it("is refused when a name that was public before now resolves to loopback", async () => {
    const { port, opened } = await merchant();
    const resolver = answering(["127.0.0.1"], ["127.0.0.1"]);
    const connector = guardedConnector(new AddressGuard([`127.0.0.1:${port + 1}`]), resolver, TIMEOUT_MS, Date.now);
    await expect(connect(connector, "evil.example", port, "https:")).rejects.toMatchObject({
      code: "DESTINATION_REFUSED",
    });
    expect(opened).toHaveLength(0);
  });

  it.each(["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1"])(
    "is refused for the literal %s, without a look-up",
    async (host) => {
      const connector = guardedConnector(
        new AddressGuard([]),
        { resolve: neverCalled("resolve") },
        TIMEOUT_MS,
        Date.now,
      );
      await expect(connect(connector, host, 443, "https:")).rejects.toMatchObject({ code: "DESTINATION_REFUSED" });
    },
  );

  it("is refused at a port that is not open to merchants, by a code of its own and without a connection", async () => {
    const guard = new AddressGuard([], [], [8443]);
    const connector = guardedConnector(guard, answering(["8.8.8.8"]), TIMEOUT_MS, Date.now);
    await expect(connect(connector, "merchant.example", 9443, "https:")).rejects.toMatchObject({
      code: "DESTINATION_PORT_REFUSED",
      message:
        "merchant.example:9443 has a port that may not be called, expected 443 or one in settings.delivery.allowPorts",
    });
  });

  it("is refused in plain http to a public address", async () => {
    const connector = guardedConnector(new AddressGuard([]), answering(["8.8.8.8"]), TIMEOUT_MS, Date.now);
    await expect(connect(connector, "merchant.example", 80)).rejects.toMatchObject({ code: "DESTINATION_REFUSED" });
  });

  it("knows the port that a URL leaves out", async () => {
    const guard = new AddressGuard(["127.0.0.1:1-79"]);
    const connector = guardedConnector(guard, { resolve: neverCalled("resolve") }, TIMEOUT_MS, Date.now);
    const without = (protocol: string) => connect(connector, "127.0.0.1", undefined, protocol);
    await expect(without("http:")).rejects.toThrow("127.0.0.1:80 has no address");
    await expect(without("https:")).rejects.toThrow("127.0.0.1:443 has no address");
  });

  it("fails as the name does when it has no address", async () => {
    const failing = {
      resolve: async () => Promise.reject(Object.assign(new Error("queryA ENOTFOUND"), { code: "ENOTFOUND" })),
    };
    const connector = guardedConnector(new AddressGuard([]), failing, TIMEOUT_MS, Date.now);
    await expect(connect(connector, "dead.example", 443, "https:")).rejects.toMatchObject({ code: "ENOTFOUND" });
  });

  it("asks for the name in the URL over TLS, though it dials an address", async () => {
    let hello = Buffer.alloc(0);
    const { port } = await merchant(
      (socket) =>
        void socket.on("data", (chunk) => {
          hello = Buffer.concat([hello, chunk]);
        }),
    );
    const connector = guardedConnector(
      new AddressGuard([`127.0.0.1:${port}`]),
      answering(["127.0.0.1"]),
      TIMEOUT_MS,
      Date.now,
    );
    const ended = connect(connector, "merchant.example", port, "https:");
    await until(() => hello.includes("merchant.example"));
    for (const { open } of merchants) for (const socket of open) socket.destroy();
    await expect(ended).rejects.toHaveProperty("code");
  });

  it("that stands only after the deadline, by the clock, is not handed over", async () => {
    const { port, open } = await merchant();
    let now = 0;
    const slow = { resolve: async () => ((now += TIMEOUT_MS + 1), ["127.0.0.1"]) };
    const connector = guardedConnector(new AddressGuard([`127.0.0.1:${port}`]), slow, TIMEOUT_MS, () => now);
    await expect(connect(connector, "m-1.localhost", port)).rejects.toMatchObject({ code: "CONNECTED_LATE" });
    await until(() => open.size === 0);
  });

  it("ends when nothing answers in its time", async () => {
    const { port, open } = await merchant();
    const connector = guardedConnector(
      new AddressGuard([`127.0.0.1:${port}`]),
      { resolve: neverCalled("resolve") },
      100,
      Date.now,
    );
    await expect(connect(connector, "127.0.0.1", port, "https:")).rejects.toMatchObject({
      code: "TLS_TIMEOUT",
    });
    await Promise.all([...open].map((socket) => once(socket, "close")));
  });

  it("tries no further address once it is too late for any", async () => {
    let now = 0;
    const closed = await merchant();
    await closed.stop();
    merchants.length = 0;
    const addresses = ["127.0.0.1", "127.0.0.2", "127.0.0.3"];
    const guard = new AddressGuard(addresses.map((address) => `${address}:${closed.port}`));
    const connector = guardedConnector(guard, answering(addresses), TIMEOUT_MS, () => now);
    const ended = connect(connector, "dead.example", closed.port, "https:");
    now = TIMEOUT_MS + 1;
    // The first of them; the system says which.
    await expect(ended).rejects.toMatchObject({ code: "ECONNREFUSED", address: "127.0.0.1" });
  });

  it("that is abandoned while its name is looked up is never opened, and nobody hears of it", async () => {
    const { port, opened } = await merchant();
    const name = Promise.withResolvers<string[]>();
    const guard = new AddressGuard([`127.0.0.1:${port}`]);
    const connector = guardedConnector(guard, { resolve: () => name.promise }, TIMEOUT_MS, Date.now);
    const endpoint = endpointOf(`http://m-1.localhost:${port}`);
    connector(
      endpoint,
      () => neverCalled("receive")(),
      () => neverCalled("dialled")(),
    )();
    name.resolve(["127.0.0.1"]);
    await settle();
    expect(opened).toHaveLength(0);
  });
});
