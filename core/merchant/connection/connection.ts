/**
 * How a merchant is reached where that is not the plain way: further headers, another form of the body, another version
 * of HTTP, a client certificate, a token. A plain merchant has no connection at all, and its calls look for nothing.
 */
import { type AttributeMap, type AttributeValue, numberOf, stringOf } from "../../transaction/attribute-value.ts";
import { PAYLOAD_VERSIONS, type PayloadVersion, payloadVersionIn } from "../../transaction/payload-version.ts";
import type { HttpVersion } from "../../http/tls-identity.ts";
import { headerFaults, headerLines, type Headers, normalHeaders } from "./header-rules.ts";
import { readSealed, type SealedConnection } from "./sealed-connection.ts";

export const HTTP_VERSIONS = ["1.1", "2"] as const satisfies readonly HttpVersion[];

export interface MerchantConnection extends SealedConnection {
  /** Further headers as they are written, each with its CRLF. */
  readonly headerLines?: string;
  /** @default 1 */
  readonly payloadVersion?: Exclude<PayloadVersion, 1>;
  /** @default "1.1" */
  readonly httpVersion?: Exclude<HttpVersion, "1.1">;
}

const NAMES = ["headers", "payloadVersion", "httpVersion", "clientCertificate", "oauth2", "secretHeaders"] as const;

/** @param faults gets what is wrong, without values. @returns undefined for a merchant that is reached the plain way */
export function parseConnection(row: AttributeMap, faults: string[]): MerchantConnection | undefined {
  if (NAMES.every((name) => row[name] === undefined)) return undefined;
  const headers = readHeaders(row["headers"], faults);
  const payloadVersion = readPayloadVersion(row["payloadVersion"], faults);
  const httpVersion = readHttpVersion(row["httpVersion"], faults);
  const connection: MerchantConnection = {
    ...(headers !== undefined && { headerLines: headerLines(headers) }),
    ...(payloadVersion === 2 && { payloadVersion }),
    ...(httpVersion === "2" && { httpVersion }),
    ...readSealed(row, faults),
  };
  return Object.keys(connection).length === 0 ? undefined : connection;
}

/** One with secrets is never taken for the same: what KMS opened belongs to the row that was read. */
export function isSameConnection(one: MerchantConnection | undefined, other: MerchantConnection | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    !hasSecrets(one) &&
    !hasSecrets(other) &&
    one.headerLines === other.headerLines &&
    one.payloadVersion === other.payloadVersion &&
    one.httpVersion === other.httpVersion
  );
}

export function hasSecrets({ clientCertificate, oauth2, secretHeaders }: MerchantConnection): boolean {
  return clientCertificate !== undefined || oauth2 !== undefined || secretHeaders !== undefined;
}

/** @returns undefined where there are none, or one cannot be used */
export function headersOf(attribute: AttributeValue): Headers | undefined {
  return readHeaders(attribute, []);
}

export function payloadVersionOf(attribute: AttributeValue): PayloadVersion | undefined {
  return payloadVersionIn(numberOf(attribute));
}

export function httpVersionOf(attribute: AttributeValue): HttpVersion | undefined {
  const given = stringOf(attribute);
  return HTTP_VERSIONS.find((known) => known === given);
}

function readHeaders(attribute: AttributeValue | undefined, faults: string[]): Headers | undefined {
  if (attribute === undefined) return undefined;
  const entries = Object.entries(attribute.M ?? {}).map(([name, value]) => [name, stringOf(value)] as const);
  const isMap = attribute.M !== undefined && entries.every(([, value]) => value !== undefined);
  const headers = Object.fromEntries(entries) as Headers;
  const found = isMap
    ? headerFaults(headers, "plain").map(({ name, detail }) => (name === undefined ? detail : `${name}: ${detail}`))
    : ["expected a map (M) of strings (S)"];
  faults.push(...found.map((fault) => `headers: ${fault}`));
  return found.length > 0 || entries.length === 0 ? undefined : normalHeaders(headers);
}

function readPayloadVersion(attribute: AttributeValue | undefined, faults: string[]): PayloadVersion | undefined {
  const version = attribute && payloadVersionOf(attribute);
  if (attribute !== undefined && version === undefined)
    faults.push(`payloadVersion: expected ${PAYLOAD_VERSIONS.join(" or ")} (N)`);
  return version;
}

function readHttpVersion(attribute: AttributeValue | undefined, faults: string[]): HttpVersion | undefined {
  const version = attribute && httpVersionOf(attribute);
  if (attribute !== undefined && version === undefined)
    faults.push(`httpVersion: expected ${HTTP_VERSIONS.map((known) => `"${known}"`).join(" or ")} (S)`);
  return version;
}
