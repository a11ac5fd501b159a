/**
 * A client certificate as somebody sent it, checked before it is kept: the key belongs to it, those that vouch for it
 * do, and it holds now and for a client. Nothing of the key is ever told.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

export interface CheckedCertificate {
  /** PEM of all of them and of nothing else. */
  readonly certificate: string;
  /** PKCS #8 in PEM. */
  readonly privateKey: string;
  readonly fingerprint: string;
  readonly subject: string;
  /** Epoch milliseconds: when the first of them ends. */
  readonly notAfter: number;
}

export interface CertificateFault {
  readonly member: "certificate" | "privateKey";
  readonly detail: string;
}

const MOST_CERTIFICATES = 5;
/** What KMS encrypts. */
const MOST_KEY_BYTES = 4096;
const LEAST_RSA_BITS = 2048;
const MOST_SUBJECT_CHARACTERS = 200;
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]{1,16384}-----END CERTIFICATE-----/g;
/** Extended key usages: of a client in TLS, and any. */
const CLIENT_AUTH = new Set(["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"]);

/** @param nowMs epoch milliseconds */
export function checkCertificate(
  given: { readonly certificate: string; readonly privateKey: string },
  nowMs: number,
): CheckedCertificate | CertificateFault {
  const chain = chainOf(given.certificate);
  if (typeof chain === "string") return { member: "certificate", detail: chain };
  const [own] = chain;
  const wrong = whyNotUsable(own, chain, nowMs);
  if (wrong !== undefined) return { member: "certificate", detail: wrong };
  const key = keyOf(given.privateKey);
  if (typeof key === "string") return { member: "privateKey", detail: key };
  if (!own.checkPrivateKey(key)) return { member: "privateKey", detail: "got the key of another certificate" };
  const privateKey = key.export({ type: "pkcs8", format: "pem" }).toString();
  if (Buffer.byteLength(privateKey) > MOST_KEY_BYTES)
    return { member: "privateKey", detail: `expected at most ${MOST_KEY_BYTES} bytes of PKCS #8, as of RSA with 4096` };
  return {
    certificate: chain.map((one) => one.toString()).join(""),
    privateKey,
    fingerprint: own.fingerprint256,
    subject: own.subject.replaceAll("\n", ", ").slice(0, MOST_SUBJECT_CHARACTERS),
    notAfter: Math.min(...chain.map(({ validToDate }) => validToDate.getTime())),
  };
}

type Chain = [X509Certificate, ...X509Certificate[]];

/** @returns why it is none */
function chainOf(pem: string): Chain | string {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) return "expected PEM with BEGIN CERTIFICATE in it";
  if (blocks.length > MOST_CERTIFICATES)
    return `got ${blocks.length} certificates, expected at most ${MOST_CERTIFICATES}`;
  try {
    return blocks.map((block) => new X509Certificate(block)) as Chain;
  } catch {
    return "got PEM that holds no certificate (X.509)";
  }
}

function whyNotUsable(own: X509Certificate, chain: Chain, nowMs: number): string | undefined {
  for (const [place, one] of chain.entries()) {
    const which = place === 0 ? "the certificate" : `certificate ${place + 1}`;
    if (one.validToDate.getTime() <= nowMs) return `${which} ended at ${one.validToDate.toISOString()}`;
    if (one.validFromDate.getTime() > nowMs) return `${which} begins at ${one.validFromDate.toISOString()}`;
    const next = chain[place + 1];
    if (next !== undefined && !(one.checkIssued(next) && one.verify(next.publicKey)))
      return `${which} was not issued by the one after it; expected each before the one that vouches for it`;
  }
  const usages: readonly string[] | undefined = own.keyUsage;
  if (usages !== undefined && !usages.some((usage) => CLIENT_AUTH.has(usage)))
    return "got a certificate that is not for clients (its extended key usage)";
  return undefined;
}

function keyOf(pem: string): KeyObject | string {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: pem, format: "pem" });
  } catch {
    return "expected a private key in PEM without a passphrase";
  }
  const { modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa" && (modulusLength ?? 0) < LEAST_RSA_BITS)
    return `got a key of RSA with ${modulusLength} bits, expected at least ${LEAST_RSA_BITS}`;
  return key;
}
