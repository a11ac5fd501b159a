/** Access tokens: real ones of an issuer's token endpoint, and ones that must not hold. */
import { createPublicKey, createSecretKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { generateKeyPair, importJWK, type JWK, SignJWT, UnsecuredJWT } from "jose";
import type { Bearer } from "./request-plan.ts";

const HOUR_SECONDS = 3600;

export class AccessTokens {
  readonly #issuer: string;
  readonly #audience: string;
  readonly #keyFile: string;
  readonly #kept = new Map<string, Promise<string>>();

  /** @param keyFile where the issuer keeps its key pair */
  constructor(issuer: string, audience: string, keyFile: string) {
    this.#issuer = issuer;
    this.#audience = audience;
    this.#keyFile = keyFile;
  }

  readonly tokenFor = async (bearer: Bearer): Promise<string | undefined> => {
    if (bearer === null) return undefined;
    const { scopes, merchantId } = bearer;
    return this.issued({ scope: scopes.join(" "), ...(merchantId !== undefined && { merchant_id: merchantId }) });
  };

  /** @param form beside the grant */
  issued(form: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ grant_type: "client_credentials", ...form });
    const key = body.toString();
    let token = this.#kept.get(key);
    if (token === undefined) this.#kept.set(key, (token = this.#issue(body)));
    return token;
  }

  /** Authorization headers that say who it is and must not be believed, by what is wrong with them. */
  async refused(scopes: readonly string[]): Promise<Record<string, string | undefined>> {
    const scope = scopes.join(" ");
    const good = await this.issued({ scope });
    const [head = "", payload = "", signature = ""] = good.split(".");
    const jwk = JSON.parse(readFileSync(this.#keyFile, "utf8")) as JWK;
    const { d: _private, ...publicJwk } = jwk;
    const header = JSON.parse(Buffer.from(head, "base64url").toString("utf8")) as { kid: string; alg: string };
    const own = await importJWK(jwk, header.alg);
    const other = await generateKeyPair(header.alg);
    const spki = createPublicKey({ key: publicJwk, format: "jwk" }).export({ type: "spki", format: "pem" });
    const claims = { client_id: "evil", scope };
    const nowSeconds = Math.floor(Date.now() / 1000);
    const made = (more: object = {}) =>
      new SignJWT({ ...claims, ...more })
        .setProtectedHeader({ alg: header.alg, typ: "at+jwt", kid: header.kid })
        .setIssuer(this.#issuer)
        .setSubject("evil")
        .setAudience(this.#audience)
        .setIssuedAt()
        .setExpirationTime("1h")
        .setJti(randomUUID());
    const none = new UnsecuredJWT(claims).setIssuer(this.#issuer).setSubject("evil").setAudience(this.#audience);
    const changed = Buffer.from(
      JSON.stringify({ ...(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as object), sub: "evil" }),
    ).toString("base64url");
    const tokens: Record<string, string> = {
      expired: await this.issued({ scope, lifetime: "-60" }),
      "not yet valid": await made({ nbf: nowSeconds + HOUR_SECONDS }).sign(own),
      "without an end": await new SignJWT({ ...claims, iss: this.#issuer, aud: this.#audience, sub: "evil" })
        .setProtectedHeader({ alg: header.alg, typ: "at+jwt", kid: header.kid })
        .sign(own),
      "of a foreign issuer": await made().setIssuer("https://issuer.example").sign(other.privateKey),
      "of a foreign key under the issuer's name": await made().sign(other.privateKey),
      "of the issuer's key under another name": await made().setIssuer("https://issuer.example").sign(own),
      "for another audience": await this.issued({ scope, audience: "another-api" }),
      "an ID token": await made({ nonce: "n" }).sign(own),
      "unsigned, alg none": none.setIssuedAt().setExpirationTime("1h").encode(),
      "signed by the public key as a secret": await new SignJWT({ ...claims, iss: this.#issuer, aud: this.#audience })
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt", kid: header.kid })
        .setSubject("evil")
        .setExpirationTime("1h")
        .sign(createSecretKey(Buffer.from(spki.toString()))),
      "with changed claims": `${head}.${changed}.${signature}`,
      "without its signature": `${head}.${payload}.`,
    };
    return {
      none: undefined,
      empty: "Bearer ",
      malformed: "Bearer not.a.token",
      "of another scheme": "Basic dXNlcjpwYXNz",
      ...Object.fromEntries(Object.entries(tokens).map(([name, token]) => [name, `Bearer ${token}`])),
    };
  }

  async #issue(body: URLSearchParams): Promise<string> {
    const response = await fetch(`${this.#issuer}/token`, { method: "POST", body });
    const answer = (await response.json()) as { readonly access_token?: string };
    if (answer.access_token === undefined) throw new Error(`the issuer gave no token: ${JSON.stringify(answer)}`);
    return answer.access_token;
  }
}
