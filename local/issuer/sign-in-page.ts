/**
 * Where a person says at this machine who to be: an operator, or the engineer of one merchant. Nobody is asked for a
 * password, as everyone who can reach it may do everything here anyway. It has no script.
 */
import { hash } from "node:crypto";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { OPENID } from "./authorization-request.ts";

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 28rem; margin: 10vh auto; padding: 0 1rem; }
fieldset { border: 1px solid #8888; border-radius: 8px; margin: 0 0 1rem; padding: 1rem; }
label { display: block; margin: 0 0 .75rem; }
input[type="text"] { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
button { padding: .6rem 1.2rem; font: inherit; }
li { overflow-wrap: anywhere; }
`;

export interface SignInPage {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** @param query as it came, which the form sends back */
export function signInPage(
  { clientId, redirectUri, scopes }: AuthorizationRequest,
  query: URLSearchParams,
): SignInPage {
  const { origin } = new URL(redirectUri);
  const asked = scopes.filter((scope) => scope !== OPENID);
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in</title>
<style>${STYLE}</style>
<main>
<h1>Sign in</h1>
<p><b>${escaped(clientId)}</b> at ${escaped(origin)} asks who you are. On this machine whoever asks is believed.</p>
<form method="post">
<input type="hidden" name="query" value="${escaped(query.toString())}">
<fieldset>
<label>Name <input type="text" name="subject" value="local" maxlength="200" required autocomplete="username"></label>
<label>Merchant, of whom alone you see what there is; empty for all
<input type="text" name="merchant_id" maxlength="400" autocomplete="off"></label>
</fieldset>
<button>Sign in</button>
</form>
<details><summary>What it may do then</summary><ul>${asked.map((scope) => `<li>${escaped(scope)}</li>`).join("")}</ul>
</details>
</main>
</html>
`;
  // Chromium holds the redirect after a form to the policy too.
  const contentSecurityPolicy =
    `default-src 'none'; style-src 'sha256-${hash("sha256", STYLE, "base64")}'; form-action 'self' ${origin}; ` +
    "base-uri 'none'; frame-ancestors 'none'";
  return { html, contentSecurityPolicy };
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
