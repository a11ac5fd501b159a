/**
 * What undici makes of a response, ours makes of it too, but where the corpus says otherwise: over real sockets, in
 * whatever pieces it comes.
 */
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Pool } from "undici";
import { dialler } from "../../../core/http/dial.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { type MerchantServer, startRawMerchant } from "../../support/merchant-server.ts";
import { ask } from "./asked.ts";
import { DEVIATIONS } from "./corpus/deviations.ts";
import { ODD } from "./corpus/odd.ts";
import { WELL_FORMED } from "./corpus/well-formed.ts";

const TIMEOUT_MS = 20_000;
const dial = dialler(TIMEOUT_MS);
let server: MerchantServer;
/** What the server sends to a request, in pieces of so many bytes, before it closes. */
let response = "";
let pieceBytes = 1;

beforeAll(async () => {
  server = await startRawMerchant((socket) => {
    let received = "";
    socket.setNoDelay(true);
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
      if (received.endsWith("}")) void send(socket, Buffer.from(response, "latin1"));
    });
  });
});

afterAll(() => server.stop());

async function send(socket: Socket, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length && !socket.destroyed; at += pieceBytes) {
    socket.write(bytes.subarray(at, at + pieceBytes));
    // The other side is in this process: it reads in between.
    await new Promise(setImmediate);
  }
  await new Promise(setImmediate);
  socket.end();
}

type Verdict = "fails" | { status: number | undefined; headers: Record<string, unknown>; body: string };

async function ours(): Promise<Verdict> {
  const pools = new ConnectionPools({ connect: (to, ...hears) => dial(to, to.host, ...hears), maxPools: 1 });
  const { status, headers, body, error } = await ask(pools, server.origin);
  pools.close();
  return error === undefined ? { status, headers: { ...headers }, body } : "fails";
}

async function undici(): Promise<Verdict> {
  const pool = new Pool(server.origin, { connections: 1 });
  try {
    const { statusCode, headers, body } = await pool.request({ path: "/", method: "POST", body: "{}" });
    const text = Buffer.from(await body.arrayBuffer()).toString("latin1");
    return { status: statusCode, headers: { ...headers }, body: text };
  } catch {
    return "fails";
  } finally {
    await pool.destroy();
  }
}

/** What both make of it, in one piece, in small ones, and byte by byte where that is not too many. */
async function read(text: string, client: () => Promise<Verdict>): Promise<Verdict[]> {
  response = text;
  const verdicts: Verdict[] = [];
  for (pieceBytes of text.length > 1000 ? [text.length, 997, 16_384] : [text.length + 1, 7, 1])
    verdicts.push(await client());
  return verdicts;
}

describe("a response that is well-formed", () => {
  it.each(Object.entries(WELL_FORMED))("is to both the same: %s", async (_, text) => {
    const verdicts = await read(text, ours);
    expect(verdicts[0]).toMatchObject({ status: expect.any(Number) });
    expect(verdicts).toEqual(await read(text, undici));
  });
});

describe("a response that is odd", () => {
  it.each(Object.entries(ODD))("is to both the same: %s", async (_, text) => {
    expect(await read(text, ours)).toEqual(await read(text, undici));
  });

  it.each(Object.entries(DEVIATIONS).map(([name, [text, expected, why]]) => ({ name, text, expected, why })))(
    "$expected to ours and not to undici: $name ($why)",
    async ({ text, expected }) => {
      const verdicts = await read(text, ours);
      expect(verdicts.map((verdict) => (verdict === "fails" ? "fails" : "is whole"))).toEqual(
        verdicts.map(() => expected),
      );
      expect(await read(text, undici)).not.toEqual(verdicts);
    },
  );
});

describe("a response that ends early", () => {
  it.each([
    WELL_FORMED["a length"],
    WELL_FORMED["chunks and a trailer"],
    WELL_FORMED["to the end of the connection"],
    WELL_FORMED["204 with a length"],
  ] as string[])("fails to both, or to neither, at each byte: %j", async (text) => {
    pieceBytes = text.length;
    for (let end = 0; end <= text.length; end += 1) {
      response = text.slice(0, end);
      expect([response, await ours()]).toEqual([response, await undici()]);
    }
  });
});
