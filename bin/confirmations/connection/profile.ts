/**
 * A deployed API and where its access token comes from. What is kept is checked as it is read: a file may be edited by
 * hand. A token never goes over plain http but to this machine.
 */
import { wrongLine } from "../frame/command-failure.ts";

/** Where a secret is, rather than the secret; `value` only where its user asked for that. */
export type SecretPlace = { readonly variable: string } | { readonly file: string } | { readonly value: string };

export type TokenSource =
  | { readonly from: "token"; readonly token: SecretPlace }
  | {
      readonly from: "client credentials";
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: SecretPlace;
      readonly scope?: string;
      readonly audience?: string;
    };

export interface Profile {
  /** With `/v1` or without. */
  readonly url: string;
  readonly access: TokenSource;
}

const NAME = /^[\w.-]{1,64}$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function profileName(text: string): string {
  if (NAME.test(text)) return text;
  throw wrongLine(`The profile is ${JSON.stringify(text.slice(0, 80))}, expected 1 to 64 letters, digits, - _ and .`);
}

/** @param option as the user named it */
export function safeUrl(option: string, text: string): string {
  const url = URL.parse(text);
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.has(url.hostname));
  if (url !== null && isSafe && url.username === "" && url.password === "" && url.search === "" && url.hash === "")
    return text;
  throw wrongLine(
    `${option} is ${JSON.stringify(text.slice(0, 200))}, expected an https URL without user and query ` +
      "(http on this machine alone), as the access token is sent there",
  );
}

/** @returns undefined for what is no profile */
export function profileFrom(value: unknown): Profile | undefined {
  if (!isObject(value) || typeof value["url"] !== "string" || !isObject(value["access"])) return undefined;
  const { url, access } = value;
  if (access["from"] === "token") {
    const token = secretPlaceFrom(access["token"]);
    return token && { url, access: { from: "token", token } };
  }
  const { tokenUrl, clientId, scope, audience } = access;
  const clientSecret = secretPlaceFrom(access["clientSecret"]);
  if (access["from"] !== "client credentials" || clientSecret === undefined) return undefined;
  if (typeof tokenUrl !== "string" || typeof clientId !== "string") return undefined;
  return {
    url,
    access: {
      from: "client credentials",
      tokenUrl,
      clientId,
      clientSecret,
      ...(typeof scope === "string" && { scope }),
      ...(typeof audience === "string" && { audience }),
    },
  };
}

function secretPlaceFrom(value: unknown): SecretPlace | undefined {
  if (!isObject(value)) return undefined;
  const { variable, file, value: secret } = value;
  if (typeof variable === "string") return { variable };
  if (typeof file === "string") return { file };
  return typeof secret === "string" ? { value: secret } : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
