/**
 * The authorization endpoint: `GET` shows who one may be, `POST` sends the browser back with a code. What cannot be
 * sent back, as nobody can be told where to, is said on a page.
 */
import { authorizationRequest } from "./authorization-request.ts";
import type { Codes } from "./codes.ts";
import { signInPage } from "./sign-in-page.ts";

export interface BrowserResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const SEE_OTHER = 303;
const BAD_REQUEST = 400;
const PAGE = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

export function showSignIn(query: URLSearchParams): BrowserResponse {
  const request = authorizationRequest(query);
  if ("refused" in request) return refused(request.refused);
  const { html, contentSecurityPolicy } = signInPage(request, query);
  const headers = {
    ...PAGE,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy,
  };
  return { status: 200, headers, text: html };
}

/** @param issuer as its metadata names it, which goes along (RFC 9207) */
export function signIn(form: URLSearchParams, issuer: string, codes: Pick<Codes, "give">): BrowserResponse {
  const request = authorizationRequest(new URLSearchParams(form.get("query") ?? ""));
  if ("refused" in request) return refused(request.refused);
  const subject = form.get("subject") || "local";
  const merchantId = form.get("merchant_id") || undefined;
  const target = new URL(request.redirectUri);
  target.searchParams.set("code", codes.give({ ...request, subject, ...(merchantId !== undefined && { merchantId }) }));
  target.searchParams.set("iss", issuer);
  if (request.state !== undefined) target.searchParams.set("state", request.state);
  return { status: SEE_OTHER, headers: { ...PAGE, location: target.href }, text: "" };
}

function refused(why: string): BrowserResponse {
  const headers = {
    ...PAGE,
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "default-src 'none'",
  };
  return { status: BAD_REQUEST, headers, text: `${why}\n` };
}
