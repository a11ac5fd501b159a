/** Certificates of every kind that somebody might send, made by OpenSSL. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface MadeCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

export const KEYS = {
  ec: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
  rsa: ["-newkey", "rsa:2048", "-nodes"],
  weakRsa: ["-newkey", "rsa:1024", "-nodes"],
  ed25519: ["-newkey", "ed25519", "-nodes"],
  locked: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-passout", "pass:hush"],
} as const;

export class CertificateMaker {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Signed by itself. */
  selfSigned(name: string, key: keyof typeof KEYS = "ec"): MadeCertificate {
    const [keyFile, certificateFile] = this.#files();
    const passphrase = key === "locked" ? ["-passin", "pass:hush"] : [];
    const subject = ["-subj", `/O=Us/CN=${name}`, "-days", "2"];
    this.#openssl("req", "-x509", ...KEYS[key], ...passphrase, ...subject, "-keyout", keyFile, "-out", certificateFile);
    return made(keyFile, certificateFile);
  }

  /** The same, with the same key, and its end a day ago. */
  ended({ privateKey }: MadeCertificate, name: string): MadeCertificate {
    const [keyFile, certificateFile, request] = this.#files();
    writeFileSync(keyFile, privateKey);
    this.#openssl("req", "-new", "-key", keyFile, "-subj", `/O=Us/CN=${name}`, "-out", request);
    this.#openssl("x509", "-req", "-in", request, "-signkey", keyFile, "-days", "-1", "-out", certificateFile);
    return made(keyFile, certificateFile);
  }

  /** @param extensions as OpenSSL's configuration has them */
  issued(name: string, by: MadeCertificate, extensions = "extendedKeyUsage=clientAuth"): MadeCertificate {
    const [keyFile, certificateFile] = this.#files();
    const [request, byKey, byCertificate, extensionFile] = this.#files();
    writeFileSync(byKey, by.privateKey);
    writeFileSync(byCertificate, by.certificate);
    writeFileSync(extensionFile, extensions);
    this.#openssl("req", ...KEYS.ec, "-subj", `/CN=${name}`, "-keyout", keyFile, "-out", request);
    const signer = ["-CA", byCertificate, "-CAkey", byKey, "-set_serial", String(this.#count)];
    const what = ["-in", request, "-days", "1", "-extfile", extensionFile, "-out", certificateFile];
    this.#openssl("x509", "-req", ...what, ...signer);
    return made(keyFile, certificateFile);
  }

  #files(): [string, string, string, string] {
    this.#count += 1;
    const at = (part: string) => join(this.#folder, `${this.#count}-${part}`);
    return [at("one"), at("two"), at("three"), at("four")];
  }

  #openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: "pipe" });
  }
}

function made(keyFile: string, certificateFile: string): MadeCertificate {
  return { certificate: readFileSync(certificateFile, "utf8"), privateKey: readFileSync(keyFile, "utf8") };
}
