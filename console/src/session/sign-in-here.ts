/** Signing in from where this browser is, and back to it. */
import type { ConsoleConfig } from "../config.ts";
import { beginSignIn, type SignInParts } from "./sign-in.ts";

/** Goes to the issuer, and comes back to where one is. */
export async function signInHere(config: ConsoleConfig): Promise<void> {
  const { pathname, search } = window.location;
  window.location.assign(await beginSignIn(config, pathname + search, partsHere()));
}

export function partsHere(): SignInParts {
  return { origin: window.location.origin, storage: window.sessionStorage, nowMs: Date.now };
}
