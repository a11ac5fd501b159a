/**
 * The authorization endpoint: `GET` shows who one may be, unless that is known, `POST` sends the browser back with a
 * code. What cannot be sent back, as nobody can be told where to, is said on a page.
 */
import { type AuthorizationRequest, authorizationRequest } from "./authorization-request.ts";
import type { Codes } from "./codes.ts";
import { signInPage } from "./sign-in-page.ts";
import { type Person, personIn, signedInCookie } from "./signed-in-cookie.ts";

export interface BrowserResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const SEE_OTHER = 303;
const BAD_REQUEST = 400;
const PAGE = { "cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" };

/** Who gives out codes, and keeps them. */
export interface CodeGiver {
  /** As its metadata names it, which goes along with a code (RFC 9207). */
  readonly issuer: string;
  readonly codes: Pick<Codes, "give">;
}

/** @param cookies value of `Cookie` */
export function showSignIn(query: URLSearchParams, cookies: string | undefined, giver: CodeGiver): BrowserResponse {
  const request = authorizationRequest(query);
  if ("refused" in request) return refused(request.refused);
  const person = request.isAsked ? undefined : personIn(cookies);
  if (person !== undefined) return sentBack(request, person, giver);
  const { html, contentSecurityPolicy } = signInPage(request, query);
  const headers = {
    ...PAGE,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy,
  };
  return { status: 200, headers, text: html };
}

export function signIn(form: URLSearchParams, giver: CodeGiver): BrowserResponse {
  const request = authorizationRequest(new URLSearchParams(form.get("query") ?? ""));
  if ("refused" in request) return refused(request.refused);
  const merchantId = form.get("merchant_id") || undefined;
  const person = { subject: form.get("subject") || "local", ...(merchantId !== undefined && { merchantId }) };
  return sentBack(request, person, giver);
}

function sentBack(request: AuthorizationRequest, person: Person, { issuer, codes }: CodeGiver): BrowserResponse {
  const target = new URL(request.redirectUri);
  target.searchParams.set("code", codes.give({ ...request, ...person }));
  target.searchParams.set("iss", issuer);
  if (request.state !== undefined) target.searchParams.set("state", request.state);
  const headers = { ...PAGE, "set-cookie": signedInCookie(person), location: target.href };
  return { status: SEE_OTHER, headers, text: "" };
}

function refused(why: string): BrowserResponse {
  const headers = {
    ...PAGE,
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": "default-src 'none'",
  };
  return { status: BAD_REQUEST, headers, text: `${why}\n` };
}
