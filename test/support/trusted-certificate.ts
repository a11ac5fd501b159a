/** A certificate for a server of a test, which this process trusts while the tests around it run. */
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, beforeAll } from "@jest/globals";
import { selfSignedFor, type TestCertificate } from "../../tools/chaos/run/certificate.ts";

/** To be called where hooks may be. @param names DNS names and IPv4 addresses that it is for */
export function trustedCertificate(...names: readonly string[]): TestCertificate {
  const certificate = selfSignedFor(...names);
  const isOther = (pem: string) => pem.trim() !== certificate.cert.trim();
  beforeAll(() => setDefaultCACertificates([...getCACertificates("default"), certificate.cert]));
  afterAll(() => setDefaultCACertificates(getCACertificates("default").filter(isOther)));
  return certificate;
}
