/**
 * An authority of a test's own, with certificates for servers and clients: what a merchant who asks for client
 * certificates runs. Made by OpenSSL, which Node cannot do by itself.
 */
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TlsIdentity } from "../../core/http/tls-identity.ts";

export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Authority {
  readonly cert: string;
  server(...names: readonly string[]): Issued;
  client(name: string): TlsIdentity;
}

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

export function authority(subject: string): Authority {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  try {
    openssl("req", "-x509", ...EC, "-days", "2", "-subj", `/CN=${subject}`, "-keyout", "ca.key", "-out", "ca.pem");
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const cert = readFileSync(file("ca.pem"), "utf8");
  const caKey = readFileSync(file("ca.key"), "utf8");
  rmSync(folder, { recursive: true, force: true });
  let nth = 0;
  const issue = (name: string, extensions: string): Issued => {
    const own = mkdtempSync(join(tmpdir(), "issued-"));
    const at = (part: string) => join(own, part);
    const run = (...args: readonly string[]) => execFileSync("openssl", args, { cwd: own, stdio: "pipe" });
    try {
      writeFileSync(at("ca.pem"), cert);
      writeFileSync(at("ca.key"), caKey);
      writeFileSync(at("ext"), extensions);
      run("req", ...EC, "-subj", `/CN=${name}`, "-keyout", "key.pem", "-out", "csr.pem");
      const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", String((nth += 1)), "-extfile", "ext"];
      run("x509", "-req", "-in", "csr.pem", "-days", "2", ...signed, "-out", "cert.pem");
      return { cert: readFileSync(at("cert.pem"), "utf8"), key: readFileSync(at("key.pem"), "utf8") };
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  };
  return {
    cert,
    server: (...names) =>
      issue(
        names[0] ?? subject,
        `subjectAltName=${names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",")}\n` +
          "extendedKeyUsage=serverAuth",
      ),
    client: (name) => {
      const { cert: certificate, key } = issue(name, "extendedKeyUsage=clientAuth");
      return { name: new X509Certificate(certificate).fingerprint256, certificate, privateKey: key };
    },
  };
}
