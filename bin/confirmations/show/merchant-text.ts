/** A merchant for a person: where and how it gets confirmations, and what it verifies with. No secret. */
import type { components } from "../api/api-types.ts";
import { pairs, table } from "./output.ts";

type Merchant = components["schemas"]["Merchant"];
type PublicKey = components["schemas"]["MerchantKeys"]["keys"][number];

export function merchantText(merchant: Merchant): string {
  const { merchantId, confirmationUrl, rateLimitPerSecond, maxConcurrency, deadlineMs, signatures } = merchant;
  const { secret, secretKeyVersion, previousKeyUntil, faults = [], environment, limits } = merchant;
  return pairs({
    merchant: merchantId,
    faults: faults.length === 0 ? undefined : `${faults.join("; ")}: nothing is delivered to it`,
    url: confirmationUrl ?? "none: each transaction must carry its own",
    address: addressText(merchant),
    environment: environment === "sandbox" ? "sandbox" : undefined,
    mode: modeText(merchant),
    mirror: merchant.mirror?.url,
    limits: limits && `${limits.rateLimitPerSecond} calls a second, ${limits.maxConcurrency} at once from one task`,
    retries: retriesOf(merchant),
    "rate limit": rateLimitPerSecond === undefined ? "none" : `${rateLimitPerSecond} calls a second`,
    "at once": maxConcurrency === undefined ? "as many as its answers allow" : `${maxConcurrency} calls from one task`,
    deadline: deadlineMs && `${deadlineMs} ms`,
    "signed with": signatures.join(" "),
    secret: secret === "imported" ? "its own" : `derived, master key ${secretKeyVersion}`,
    overlap: previousKeyUntil && `the key before signs too until ${previousKeyUntil}`,
    headers: headersText(merchant),
    body: merchant.payloadVersion && `form ${merchant.payloadVersion}`,
    http: merchant.httpVersion,
    channels: merchant.channels && `${merchant.channels.map(({ id }) => id).join(", ")}; ${merchant.plan ?? ""}`,
    acknowledges: merchant.acknowledgement && `within ${merchant.acknowledgement.withinSeconds} s of its 202`,
    ...secretPairs(merchant),
  });
}

const SAYS = {
  live: "live: confirmed from here",
  mirror: "mirror: the old system confirms it; what would be sent goes to its mirror",
  shadow: "shadow: the old system confirms it; what would be sent is recorded",
} as const;

/** Of one that was never cut over there is nothing to say. */
function modeText({ mode, liveFrom, liveUntil, switches = [] }: Merchant): string | undefined {
  if (switches.length === 0) return undefined;
  const from = liveFrom === undefined ? "" : `; live from ${liveFrom}, by occurredAt`;
  return `${SAYS[mode]}${from}${liveUntil === undefined ? "" : `; the old system's again from ${liveUntil}`}`;
}

type Connection = Pick<Merchant, "clientCertificate" | "oauth2" | "secretHeaders">;

/** The same that may be secret, without what is. */
export function connectionText({ merchantId, ...connection }: Connection & { readonly merchantId: string }): string {
  return pairs({ merchant: merchantId, ...secretPairs(connection) });
}

function secretPairs({ clientCertificate, oauth2, secretHeaders }: Connection): Record<string, string | undefined> {
  return {
    certificate: clientCertificate && `${clientCertificate.subject}, until ${clientCertificate.notAfter}`,
    fingerprint: clientCertificate?.fingerprint,
    token: oauth2 && `of ${oauth2.tokenUrl}, as ${oauth2.clientId}`,
    "secret headers": secretHeaders?.join(", "),
  };
}

function headersText({ headers = {} }: Pick<Merchant, "headers">): string | undefined {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return lines.length === 0 ? undefined : lines.join("; ");
}

export function merchantKeysText(keys: readonly PublicKey[]): string {
  return keys.map(({ x, kid }) => pairs({ "public key": publicKeyText(x), "key id": kid })).join("\n");
}

export function merchantsTable(items: readonly Merchant[]): string {
  return table(
    ["merchant", "url", "address", "rate limit", "at once", "retries", "faults"],
    items.map((merchant) => [
      merchant.merchantId,
      merchant.confirmationUrl,
      ownershipOf(merchant)?.state,
      merchant.rateLimitPerSecond,
      merchant.maxConcurrency,
      retriesOf(merchant),
      merchant.faults?.join("; "),
    ]),
  );
}

/** Of an API from before addresses were challenged there is nothing to say. */
function ownershipOf({ ownership }: Partial<Pick<Merchant, "ownership">>): Merchant["ownership"] | undefined {
  return ownership;
}

export function addressText(of: Partial<Pick<Merchant, "ownership">>): string | undefined {
  const ownership = ownershipOf(of);
  return ownership && `${ownership.state}. ${ownership.explanation}`;
}

function retriesOf({ retryScheduleSeconds: waits }: Merchant): string {
  if (waits === undefined) return "on the pipeline's schedule";
  return waits.length === 0 ? "none" : `after ${waits.join(", ")} s`;
}

/** As merchants' libraries take it. */
function publicKeyText(x: string): string {
  return `whpk_${Buffer.from(x, "base64url").toString("base64")}`;
}
