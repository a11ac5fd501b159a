/** Mutual TLS and challenges at web servers that were not written here, by HTTP/1.1 and HTTP/2. */
import { createHmac, X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { AddressGuard } from "../../../core/delivery/address-guard.ts";
import { attempt, type Call } from "../../../core/delivery/attempt.ts";
import { challengeEvent, challengeResponses, whyWrongResponse } from "../../../core/delivery/challenge.ts";
import { guardedConnector } from "../../../core/delivery/guarded-connector.ts";
import { recordedAttempt } from "../../../core/delivery/recorded-attempt.ts";
import type { Transports } from "../../../core/delivery/transports.ts";
import type { HttpVersion, TlsIdentity } from "../../../core/http/tls-identity.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";
import { keysOf } from "../../support/keys.ts";
import { patienceMs } from "../../support/machine-speed.ts";
import { type MerchantServer, startMerchant } from "../../support/merchant-server.ts";
import { CertificateMaker, type MadeCertificate } from "../../support/openssl-certificates.ts";
import { trustedCertificate } from "../../support/trusted-certificate.ts";
import { transportsOver } from "../delivery/over-transports.ts";
import {
  FOREIGN_SERVERS,
  type ForeignServer,
  type ForeignServerName,
  isThere,
  startForeignServer,
} from "./foreign-servers.ts";

const DEADLINE_MS = 20_000;
const NAME = "merchant.test";
const SECRET = Buffer.alloc(32, 7);
const NONCE = "n".repeat(43);
const CHALLENGE = { merchantId: "m-1", nonce: NONCE, url: `https://${NAME}/hook` };
const VERSIONS: readonly (readonly [HttpVersion, string])[] = [
  ["1.1", "HTTP/1.1"],
  ["2", "HTTP/2.0"],
];
/** What a client without the right certificate gets: an answer, or an end of TLS. */
const REFUSAL: Readonly<Record<ForeignServerName, object>> = {
  nginx: { kind: "failed", class: "status_4xx", status: 400 },
  caddy: { kind: "failed", class: "connection", error: expect.stringMatching(/^it ended TLS with the alert/) },
};

const certificate = trustedCertificate(NAME);
const maker = new CertificateMaker(temporaryDirectory());

describe.each(Object.keys(FOREIGN_SERVERS) as ForeignServerName[])("at %s", (name) => {
  const test = isThere(name) ? it : it.skip;
  let upstream: MerchantServer;
  let server: ForeignServer;
  let transports: Transports;
  let own: TlsIdentity;
  let foreign: TlsIdentity;

  beforeAll(async () => {
    if (test === it.skip) return;
    const authority = maker.selfSigned("authority");
    own = identityOf(maker.issued("pipeline", authority));
    foreign = identityOf(maker.issued("pipeline", maker.selfSigned("another authority")));
    upstream = await startMerchant((response) => {
      const { body = "" } = upstream.deliveries.at(-1) ?? {};
      const { data } = JSON.parse(body) as { data?: { challenge: string } };
      const challenge = data && createHmac("sha256", SECRET).update(data.challenge).digest("base64");
      response.end(JSON.stringify({ challenge }));
    });
    const files = {
      certificate: certificate.cert,
      privateKey: certificate.key,
      clientAuthority: authority.certificate,
    };
    server = await startForeignServer(name, files, upstream.port);
    const guard = new AddressGuard([`127.0.0.1:${server.port}`]);
    transports = transportsOver(
      "http1",
      guardedConnector(guard, { resolve: async () => ["127.0.0.1"] }, DEADLINE_MS, Date.now),
    );
  }, patienceMs(60_000));
  afterAll(async () => {
    transports?.close();
    await server?.stop();
    await upstream?.stop();
  });

  const callOf = (changes: Partial<Call>): Call => ({
    merchant: { merchantId: "m-1" },
    destination: { origin: `https://${NAME}:${server.port}`, path: "/hook" },
    webhook: { id: "msg_1", body: "{}" },
    keys: keysOf(SECRET),
    deadlineMs: DEADLINE_MS,
    now: Date.now(),
    ...changes,
  });
  const call = (changes: Partial<Call>) => {
    const made = callOf(changes);
    return attempt(transports.of(made), made);
  };

  test.each(VERSIONS)("a webhook by HTTP/%s shows who sends it", async (httpVersion, protocol) => {
    for (let nth = 0; nth < 3; nth += 1)
      expect(await call({ identity: own, httpVersion })).toMatchObject({ kind: "delivered", status: 200 });
    const seen = upstream.deliveries.splice(0).map(({ headers }) => [headers["x-who"], headers["x-protocol"]]);
    expect(seen).toEqual(Array.from({ length: 3 }, () => ["CN=pipeline", protocol]));
  });

  test.each(VERSIONS)("nothing passes by HTTP/%s without the certificate, or with another's", async (httpVersion) => {
    for (const identity of [undefined, foreign])
      expect(await call({ identity, httpVersion })).toMatchObject(REFUSAL[name]);
    expect(upstream.deliveries).toEqual([]);
  });

  test.each(VERSIONS)("a challenge by HTTP/%s is answered by who is behind it", async (httpVersion) => {
    const made = callOf({ identity: own, httpVersion, webhook: challengeEvent("ch_1", CHALLENGE, Date.now()) });
    const { outcome, body = Buffer.alloc(0) } = await recordedAttempt(transports.of(made), made);
    expect(outcome).toMatchObject({ kind: "delivered" });
    expect(whyWrongResponse(body, NONCE, challengeResponses(made.keys, NONCE, made.now))).toBeUndefined();
    upstream.deliveries.length = 0;
  });
});

function identityOf({ certificate: pem, privateKey }: MadeCertificate): TlsIdentity {
  return { name: new X509Certificate(pem).fingerprint256, certificate: pem, privateKey };
}
