/** Asks an issuer for an access token by client credentials (RFC 6749, section 4.4). */
import { CommandFailure } from "../frame/command-failure.ts";
import { reach } from "./reach.ts";

export interface TokenEndpoint {
  readonly url: string;
  readonly what: string;
  readonly remedy: string;
  /** Sent as HTTP Basic (RFC 6749, section 2.3.1). */
  readonly client?: { readonly id: string; readonly secret: string };
}

const FORM = "application/x-www-form-urlencoded";

export async function requestToken(
  fetcher: typeof fetch,
  endpoint: TokenEndpoint,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const { url, what, client } = endpoint;
  const body = new URLSearchParams({ grant_type: "client_credentials", ...parameters });
  const headers = {
    accept: "application/json",
    "content-type": FORM,
    ...(client !== undefined && { authorization: `Basic ${basic(client)}` }),
  };
  const response = await reach(fetcher, url, { method: "POST", headers, body: body.toString() }, endpoint);
  const answer = (await response.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  const token = answer["access_token"];
  if (response.ok && typeof token === "string" && token !== "") return token;
  const why = [answer["error"], answer["error_description"]].filter((text) => typeof text === "string").join(": ");
  throw new CommandFailure(
    "noAccess",
    `${what} gives no access token: it answered ${response.status}${why === "" ? "" : ` (${why})`}.`,
  );
}

function basic({ id, secret }: { readonly id: string; readonly secret: string }): string {
  return Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64");
}
