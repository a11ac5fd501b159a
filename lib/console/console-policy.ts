/**
 * What whoever serves the console tells a browser: nothing is loaded from elsewhere, nothing runs that is not a file of
 * its own, nobody frames it. Beside its own origin it may ask the issuer, and nobody else.
 */

/** @param connectTo origins, `https://…` */
export function contentSecurityPolicy(connectTo: readonly string[]): string {
  const directives = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": ["'self'", ...new Set(connectTo)].join(" "),
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** What a browser keeps and what not. Names of files below `assets/` change with their content. */
export const CACHE_CONTROL = {
  assets: "public, max-age=31536000, immutable",
  others: "no-cache",
} as const;

export const ASSETS_FOLDER = "assets";

/** Files are at the top, with a dot in their name, or below `assets/`; all else is a page, and `index.html` has it. */
export function isPage(path: string): boolean {
  const [, first = "", ...more] = path.split("/");
  return first !== ASSETS_FOLDER && (more.length > 0 || !first.includes("."));
}

/** Where the issuer sends one back to who has signed in there, or out; `console/src/routing/routes.ts` has the same. */
export const SIGNED_IN_PATH = "/signed-in";
export const SIGNED_OUT_PATH = "/signed-out";

/** Permissions that no page of it asks for. */
export const PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
