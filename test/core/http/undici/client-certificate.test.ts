/** Mutual TLS, against the server of Node: who we are is told to whoever asks, and never mixed up. */
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createSecureServer } from "node:http2";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../../core/delivery/address-guard.ts";
import { attempt, type Call } from "../../../../core/delivery/attempt.ts";
import { guardedConnector } from "../../../../core/delivery/guarded-connector.ts";
import type { HttpVersion, TlsIdentity } from "../../../../core/http/tls-identity.ts";
import { selfSignedFor } from "../../../../tools/chaos/run/certificate.ts";
import { keysOf } from "../../../support/keys.ts";
import { trustedCertificate } from "../../../support/trusted-certificate.ts";
import { settle } from "../../../support/until.ts";
import { transportsOver } from "../../delivery/over-transports.ts";

const DEADLINE_MS = 20_000;
const NAME = "merchant.test";
const certificate = trustedCertificate(NAME);
const [one, two, foreign] = ["pipeline-one", "pipeline-two", "foreign"].map(identityOf) as [
  TlsIdentity,
  TlsIdentity,
  TlsIdentity,
];
const stops: (() => unknown)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Seen {
  readonly who: string;
  readonly isResumed: boolean;
  readonly httpVersion: string;
}

/** @returns who each request came from, as its connection says */
async function merchant(kind: "https" | "http2", maxVersion: "TLSv1.2" | "TLSv1.3" = "TLSv1.3") {
  const seen: Seen[] = [];
  const options = {
    ...certificate,
    ca: [one.certificate, two.certificate],
    requestCert: true,
    rejectUnauthorized: true,
    maxVersion,
  };
  const server = kind === "https" ? createServer(options) : createSecureServer({ ...options, allowHTTP1: true });
  (server as Server).on("request", (request, response) => {
    const socket = (request as { stream?: { session?: { socket: TLSSocket } } }).stream?.session?.socket;
    const tls = socket ?? (request.socket as TLSSocket);
    const who = String(tls.getPeerCertificate().subject?.["CN"] ?? "");
    seen.push({ who, isResumed: tls.isSessionReused(), httpVersion: request.httpVersion });
    request.resume().on("end", () => response.end("ok"));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  stops.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const guard = new AddressGuard([`127.0.0.1:${port}`]);
  const connect = guardedConnector(guard, { resolve: async () => ["127.0.0.1"] }, DEADLINE_MS, Date.now);
  const transports = transportsOver("http1", connect, { keepAliveMs: 4000 });
  stops.push(() => transports.close());
  const call = async (changes: Partial<Call> = {}) => {
    const made: Call = {
      merchant: { merchantId: "m-1" },
      destination: { origin: `https://${NAME}:${port}`, path: "/" },
      webhook: { id: "msg_1", body: "{}" },
      keys: keysOf(Buffer.alloc(32, 7)),
      deadlineMs: DEADLINE_MS,
      now: Date.now(),
      ...changes,
    };
    const outcome = await attempt(transports.of(made), made);
    await settle();
    return outcome;
  };
  return { call, seen };
}

const DELIVERED = { kind: "delivered", status: 200, answer: "ok" };

describe("a merchant that asks for a client certificate", () => {
  it.each<["https" | "http2", HttpVersion | undefined, string]>([
    ["https", undefined, "1.1"],
    ["https", "2", "1.1"],
    ["http2", undefined, "1.1"],
    ["http2", "2", "2.0"],
  ])("gets its own, at a server of %s by a call of HTTP/%s", async (kind, wanted, httpVersion) => {
    const { call, seen } = await merchant(kind);
    expect(await call({ identity: one, httpVersion: wanted })).toEqual(DELIVERED);
    expect(seen).toEqual([{ who: "pipeline-one", isResumed: false, httpVersion }]);
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "says so to whoever has none, and to whoever has another's: %s",
    async (version) => {
      const { call, seen } = await merchant("https", version);
      const failed = {
        kind: "failed",
        class: "connection",
        error: expect.stringMatching(/^it ended TLS with the alert/),
      };
      expect(await call()).toMatchObject(failed);
      expect(await call({ httpVersion: "2" })).toMatchObject(failed);
      // The server of Node ends it without a word.
      expect(await call({ identity: foreign })).toMatchObject({ kind: "failed", class: "connection" });
      expect(seen).toEqual([]);
    },
  );

  it.each(["TLSv1.2", "TLSv1.3"] as const)(
    "never takes one of two for the other: neither connections nor sessions are shared: %s",
    async (version) => {
      const { call, seen } = await merchant("https", version);
      for (const identity of [one, two, one, two]) expect(await call({ identity })).toEqual(DELIVERED);
      expect(seen.map(({ who }) => who)).toEqual(["pipeline-one", "pipeline-two", "pipeline-one", "pipeline-two"]);
      // Those of one are taken up again by that one.
      const before = seen.length;
      await Promise.all([one, one, two, two].map((identity) => call({ identity })));
      const now = seen.slice(before).map(({ who }) => who);
      expect(now.toSorted()).toEqual(["pipeline-one", "pipeline-one", "pipeline-two", "pipeline-two"]);
      expect(seen.slice(before).some(({ isResumed }) => isResumed)).toBe(true);
    },
  );

  it("is not called with what is no certificate, or not with that key", async () => {
    const { call, seen } = await merchant("https");
    const error = expect.stringMatching(/^our client certificate \S+ and its key cannot be used/);
    for (const identity of [
      { ...one, certificate: "no PEM" },
      { ...one, privateKey: two.privateKey },
    ])
      expect(await call({ identity })).toMatchObject({ kind: "failed", class: "connection", error });
    expect(seen).toEqual([]);
  });
});

function identityOf(name: string): TlsIdentity {
  const { cert, key } = selfSignedFor(name);
  return { name: new X509Certificate(cert).fingerprint256, certificate: cert, privateKey: key };
}
