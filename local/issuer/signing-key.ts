/**
 * The issuer's key pair, made once and kept in the state directory, for its owner's eyes only: tokens outlive restarts.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from "jose";

export const ALGORITHM = "ES256";
const OWNER_ONLY = 0o600;

export interface SigningKey {
  readonly privateKey: Awaited<ReturnType<typeof importJWK>>;
  /** As the key set has it. */
  readonly publicJwk: JWK & { readonly kid: string };
}

/** @param file undefined keeps it nowhere */
export async function keepSigningKey(file: string | undefined): Promise<SigningKey> {
  const jwk =
    file !== undefined && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as JWK) : await madeKey();
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(jwk), { mode: OWNER_ONLY });
  }
  const { d: _private, ...open } = jwk;
  const kid = await calculateJwkThumbprint(open);
  return { privateKey: await importJWK(jwk, ALGORITHM), publicJwk: { ...open, kid, alg: ALGORITHM, use: "sig" } };
}

async function madeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return exportJWK(privateKey);
}
