/**
 * What an operator reads of a connection that failed: real servers where they can be had, and each alert from a server
 * that sends it alone.
 */
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { afterEach, describe, expect, it } from "@jest/globals";
import { outcomeOfError } from "../../../core/delivery/connection-error.ts";
import { dialler } from "../../../core/http/dial.ts";
import { ConnectionPools } from "../../../core/http/connection-pools.ts";
import { selfSignedFor } from "../../../tools/chaos/run/certificate.ts";
import { ask } from "../http/asked.ts";

const TIMEOUT_MS = 20_000;
const NAME = "merchant.test";
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** @returns what is told of a call to the server, over TLS */
async function reportedOf(server: Server): Promise<string> {
  servers.push(server);
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const dial = dialler(TIMEOUT_MS);
  const pools = new ConnectionPools({ connect: (to, ...hears) => dial(to, "127.0.0.1", ...hears), maxPools: 10 });
  const { error } = await ask(pools, `https://${NAME}:${(server.address() as AddressInfo).port}`);
  pools.close();
  const outcome = outcomeOfError(error);
  expect(outcome.class).toBe("connection");
  expect(outcome.error).not.toMatch(/\n|:error:|\.c:|deps\/|[0-9A-F]{12,}/);
  return outcome.error;
}

const sending = (bytes: Buffer) =>
  createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => void socket.end(bytes));
  });
const alert = (number: number) => sending(Buffer.from([21, 3, 3, 0, 2, 2, number]));

describe("of an alert of TLS", () => {
  it.each<[number, RegExp]>([
    [40, /^it ended TLS with the alert handshake_failure \(40\): it agrees to none of our ciphers, or wants a certifi/],
    [48, /unknown_ca \(48\)/],
    [49, /access_denied \(49\): it does not let us in/],
    [70, /protocol_version \(70\): it speaks no version of TLS that we do, which are 1\.2 and 1\.3 \(ERR_SSL_\w+\)$/],
    [71, /insufficient_security \(71\)/],
    [80, /internal_error \(80\)/],
    [112, /unrecognized_name \(112\): it knows no host of the name that we asked for/],
    [116, /certificate_required \(116\): it wants a certificate of ours, and we have none/],
    [120, /no_application_protocol \(120\): it does not speak HTTP\/1\.1, perhaps HTTP\/2 only/],
  ])("%i its name and what it means are told", async (number, reported) => {
    expect(await reportedOf(alert(number))).toMatch(reported);
  });
});

describe("of a server over TLS", () => {
  const own = selfSignedFor(NAME);

  it.each<[string, TlsOptions, RegExp]>([
    ["that speaks HTTP/2 only", { ...own, ALPNProtocols: ["h2"] }, /no_application_protocol/],
    [
      "of an old version",
      { ...own, minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" },
      /protocol_version/,
    ],
    [
      "that signed its certificate itself",
      own,
      /^it has signed its certificate itself, .*\(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    ],
  ])("%s it is told", async (_, options, reported) => {
    expect(await reportedOf(createTlsServer(options))).toMatch(reported);
  });

  it.each<[string, Buffer, RegExp]>([
    [
      "that speaks plain HTTP",
      Buffer.from("HTTP/1.1 400 Bad\r\n\r\n"),
      /^the port answered, but not with TLS: is it http\?/,
    ],
    ["that closes at once", Buffer.alloc(0), /^the connection was closed before TLS was agreed on \(ECONNRESET\)$/],
  ])("%s it is told", async (_, bytes, reported) => {
    expect(await reportedOf(sending(bytes))).toMatch(reported);
  });
});

describe("of what is wrong with a certificate", () => {
  const reported = (code: string) => outcomeOfError(Object.assign(new Error("any"), { code })).error;

  it("each fault is told apart", () => {
    const codes = [
      "CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID",
      "CERT_REVOKED",
      "DEPTH_ZERO_SELF_SIGNED_CERT",
      "SELF_SIGNED_CERT_IN_CHAIN",
      "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
      "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "CERT_SIGNATURE_FAILURE",
    ];
    const sentences = codes.map(reported);
    expect(new Set(sentences.map((sentence) => sentence.split(" (")[0])).size).toBe(codes.length);
    for (const [index, code] of codes.entries()) expect(sentences[index]).toContain(`(${code})`);
  });

  it("an incomplete chain is no unknown authority", () => {
    expect(reported("UNABLE_TO_VERIFY_LEAF_SIGNATURE")).toMatch(/without the intermediate ones \(incomplete chain\)/);
    expect(reported("SELF_SIGNED_CERT_IN_CHAIN")).toMatch(/an authority of its own, which is not trusted/);
  });
});

describe("of anything else", () => {
  it.each<[string | undefined, string, string]>([
    [
      "ERR_SSL_NO_SHARED_CIPHER",
      "40FDE6E1627F0000:error:0A0000C1:SSL routines:f:no shared cipher:../deps/openssl/ssl/x.c:9:\n",
      "TLS failed: no shared cipher (ERR_SSL_NO_SHARED_CIPHER)",
    ],
    [
      "ERR_SSL_X",
      "1:error:0A000400:SSL routines:f:r:a.c:1:SSL alert number 99\n",
      "it ended TLS with the alert 99: it breaks off (ERR_SSL_X)",
    ],
    [undefined, "one\nand\r\nanother\u001b[2J", "one and another[2J"],
    ["ECONNRESET", "read ECONNRESET", "the connection was reset (ECONNRESET)"],
  ])("%s: one line, without what only a debugger wants", (code, message, reported) => {
    const error = Object.assign(new Error(message), code === undefined ? {} : { code });
    expect(outcomeOfError(error).error).toBe(reported);
  });
});
