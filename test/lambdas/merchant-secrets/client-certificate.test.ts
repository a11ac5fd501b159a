import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import { checkCertificate } from "../../../lambdas/merchant-secrets/client-certificate.ts";
import { temporaryDirectory } from "../../local/temporary-directory.ts";
import { CertificateMaker } from "../../support/openssl-certificates.ts";

const maker = new CertificateMaker(temporaryDirectory());
const CA = "basicConstraints=critical,CA:true";
const root = maker.selfSigned("root");
const middle = maker.issued("middle", root, CA);
const leaf = maker.issued("us", middle);
const other = maker.selfSigned("other");
/** What is made meanwhile has begun by then. */
const now = Date.now() + 600_000;
const DAY_MS = 86_400_000;

describe("a client certificate", () => {
  it("is kept with those that vouch for it and nothing else that was sent, and is told by what anybody may see", () => {
    const certificate = `Bag Attributes\n  friendlyName: us\n${leaf.certificate}\n# hush\n${middle.certificate}`;
    const checked = checkCertificate({ certificate, privateKey: leaf.privateKey }, now);
    const own = new X509Certificate(leaf.certificate);
    expect(checked).toEqual({
      certificate: leaf.certificate + middle.certificate,
      privateKey: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
      fingerprint: own.fingerprint256,
      subject: "CN=us",
      notAfter: Math.min(...[own, new X509Certificate(middle.certificate)].map((one) => one.validToDate.getTime())),
    });
  });

  it.each(["ec", "rsa", "ed25519"] as const)("may have a key of the kind %s, and be signed by itself", (kind) => {
    expect(checkCertificate(maker.selfSigned("us", kind), now)).toMatchObject({ subject: "O=Us, CN=us" });
  });

  it("ends when the first of them does", () => {
    const { certificate, privateKey } = maker.issued("short", middle);
    const [short, long] = [certificate, middle.certificate].map((pem) =>
      new X509Certificate(pem).validToDate.getTime(),
    );
    const checked = checkCertificate({ certificate: certificate + middle.certificate, privateKey }, now);
    expect(checked).toMatchObject({ notAfter: Math.min(short ?? 0, long ?? 0) });
  });

  it.each<[string, { certificate: string; privateKey: string }, number, string, RegExp]>([
    ["is another's key", { ...leaf, privateKey: other.privateKey }, now, "privateKey", /key of another certificate/],
    ["is a key with a passphrase", maker.selfSigned("us", "locked"), now, "privateKey", /without a passphrase/],
    ["is no key", { ...leaf, privateKey: "hush" }, now, "privateKey", /expected a private key/],
    ["is a public key", { ...leaf, privateKey: leaf.certificate }, now, "privateKey", /expected a private key/],
    ["is a weak key", maker.selfSigned("us", "weakRsa"), now, "privateKey", /1024 bits/],
    ["has ended", leaf, now + 3 * DAY_MS, "certificate", /ended at/],
    ["has not begun", leaf, now - DAY_MS, "certificate", /begins at/],
    [
      "is vouched for by nobody in the chain",
      { ...leaf, certificate: leaf.certificate + other.certificate },
      now,
      "certificate",
      /not issued by/,
    ],
    [
      "comes after the one that vouches for it",
      { ...leaf, certificate: middle.certificate + leaf.certificate },
      now,
      "certificate",
      /not issued by/,
    ],
    [
      "is for servers",
      maker.issued("us", middle, "extendedKeyUsage=serverAuth"),
      now,
      "certificate",
      /not for clients/,
    ],
    ["is no PEM", { ...leaf, certificate: "hush" }, now, "certificate", /expected PEM/],
    [
      "is PEM of nothing",
      { ...leaf, certificate: "-----BEGIN CERTIFICATE-----\naHVzaA==\n-----END CERTIFICATE-----" },
      now,
      "certificate",
      /holds no certificate/,
    ],
    ["are too many", { ...leaf, certificate: leaf.certificate.repeat(6) }, now, "certificate", /at most 5/],
  ])("is refused where it %s, and nothing of it is told", (_, given, at, member, detail) => {
    const checked = checkCertificate(given, at);
    expect(checked).toEqual({ member, detail: expect.stringMatching(detail) });
    expect(JSON.stringify(checked)).not.toMatch(/hush|PRIVATE/);
  });
});
