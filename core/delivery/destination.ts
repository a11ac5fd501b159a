/**
 * The URL of a merchant, checked before anything is sent: https, no credentials, no address or port that must not be
 * called.
 * Names are checked again, address by address, when a connection is opened (`guarded-connector.ts`).
 */
import { isIP } from "node:net";
import { type Failure, failure } from "../transaction/failure.ts";
import { withoutRootDot } from "../merchant/absolute-name.ts";
import { RecentMap } from "../cache/recent-map.ts";
import type { AddressGuard } from "./address-guard.ts";

export interface Destination {
  /** Scheme, host and port; connections are shared by origin. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
}

const MAX_URL_LENGTH = 2048;
/** What names for this machine stand for. */
export const LOOPBACK: readonly string[] = ["127.0.0.1", "::1"];

/**
 * A merchant has the same URL for each of its webhooks; what was found good once is good for as long as the guard lists
 * the same.
 */
const MAX_REMEMBERED = 20_000;
const remembered = new WeakMap<AddressGuard, RecentMap<Destination>>();

/** @param text as found in the row of the transaction or of its merchant */
export function parseDestination(text: string, guard: AddressGuard): Destination | Failure {
  let known = remembered.get(guard);
  if (known === undefined) remembered.set(guard, (known = new RecentMap(MAX_REMEMBERED)));
  const kept = known.get(text);
  if (kept !== undefined) return kept;
  const destination = checkDestination(text, guard);
  if (!("code" in destination)) known.set(text, destination);
  return destination;
}

function checkDestination(text: string, guard: AddressGuard): Destination | Failure {
  const shown = JSON.stringify(text.slice(0, 200));
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) {
    return failure(
      "url_invalid",
      `confirmationUrl: got ${shown}, expected an absolute URL of at most ${MAX_URL_LENGTH} characters ` +
        "such as https://merchant.example/confirmations.",
    );
  }
  const url = new URL(withoutRootDot(text));
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return failure("url_invalid", `confirmationUrl: got the scheme ${url.protocol}, expected https:.`);
  }
  if (url.username !== "" || url.password !== "") {
    return failure(
      "url_invalid",
      "confirmationUrl: got a URL with a user name or password, expected one without; merchants verify the signature.",
    );
  }
  if (url.hostname.split(".").includes("")) {
    return failure(
      "url_invalid",
      `confirmationUrl: got the host ${url.hostname}, expected a name whose labels are not empty, such as ` +
        "merchant.example.",
    );
  }
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const port = portOf(url);
  /** As far as they are known without asking a name server. */
  const addresses = isIP(host) !== 0 ? [host] : isLocalName(host) ? LOOPBACK : undefined;
  if (addresses?.some((address) => guard.isRefused(address, port))) {
    return failure(
      "url_not_allowed",
      `confirmationUrl: got ${host}:${port}, which settings.delivery.refuseDestinations lists: nobody's ` +
        "webhook is there, on one machine it is a part of the pipeline itself; expected the merchant's own address.",
    );
  }
  // Which address a name for tests has is seen when it is dialled; plain http goes to listed ones alone.
  const isListed = addresses?.some((address) => guard.isListed(address, port));
  if (url.protocol === "http:" && !(isListed ?? (isTestName(host) && guard.listsPort(port)))) {
    return failure(
      "url_not_allowed",
      `confirmationUrl: got plain http to ${host}:${port}, expected https; http is only for destinations ` +
        "in settings.delivery.allowDestinations.",
    );
  }
  if (addresses?.every((address) => !guard.isAllowed(address, port) && !guard.isClosedPort(address, port))) {
    return failure(
      "url_not_allowed",
      `confirmationUrl: got ${host}:${port}, which is not a public address; expected one, or an entry in ` +
        "settings.delivery.allowDestinations.",
    );
  }
  // A name may have a listed address: that is seen when it is dialled, as any of its addresses.
  if (!guard.allowsPort(port) && !(isListed ?? guard.listsPort(port))) {
    return failure(
      "url_port_not_allowed",
      `confirmationUrl: got port ${port} of ${host}, expected 443 or one in settings.delivery.allowPorts, which the ` +
        "operator of the pipeline can add to.",
    );
  }
  return { origin: url.origin, path: url.pathname + url.search };
}

/** Names for this machine itself (RFC 6761); they are never asked of a name server. */
export function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

/** Reserved for tests (RFC 6761): no public name server knows such a name. */
function isTestName(host: string): boolean {
  return host.endsWith(".test");
}

export function portOf(url: URL): number {
  if (url.port !== "") return Number(url.port);
  return url.protocol === "https:" ? 443 : 80;
}
