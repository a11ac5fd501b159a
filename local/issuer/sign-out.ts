/** The end of a session at the issuer (OpenID Connect RP-Initiated Logout), and back to the page that asks for it. */
import { isOfThisMachine } from "./authorization-request.ts";
import type { BrowserResponse } from "./sign-in.ts";
import { signedOutCookie } from "./signed-in-cookie.ts";

const SEE_OTHER = 303;
const OK = 200;

export function signOut(query: URLSearchParams): BrowserResponse {
  const headers = { "cache-control": "no-store", "set-cookie": signedOutCookie() };
  const target = URL.parse(query.get("post_logout_redirect_uri") ?? "");
  if (target === null || !isOfThisMachine(target)) {
    const page = { "content-type": "text/plain; charset=utf-8", "content-security-policy": "default-src 'none'" };
    return { status: OK, headers: { ...headers, ...page }, text: "You are signed out.\n" };
  }
  const state = query.get("state");
  if (state !== null) target.searchParams.set("state", state);
  return { status: SEE_OTHER, headers: { ...headers, location: target.href }, text: "" };
}
