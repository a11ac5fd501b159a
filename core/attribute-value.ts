/**
 * DynamoDB's attribute values as they come over the wire. Numbers keep every digit on their way to the merchant: a DynamoDB number
 * holds 38, a JavaScript one about 16, so those that would lose some become raw JSON text.
 */

/** One attribute, in DynamoDB's JSON; the same shape in the SDK, in stream records and in PartiQL parameters. */
export interface AttributeValue {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: Uint8Array | string | undefined;
  readonly BOOL?: boolean | undefined;
  readonly NULL?: boolean | undefined;
  readonly M?: AttributeMap | undefined;
  readonly L?: readonly AttributeValue[] | undefined;
  readonly SS?: readonly string[] | undefined;
  readonly NS?: readonly string[] | undefined;
  readonly BS?: readonly (Uint8Array | string)[] | undefined;
}

export type AttributeMap = Readonly<Record<string, AttributeValue>>;

// ECMAScript's JSON.rawJSON, which TypeScript's library does not declare yet.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

export function stringOf(attribute: AttributeValue | undefined): string | undefined {
  return typeof attribute?.S === "string" ? attribute.S : undefined;
}

export function numberOf(attribute: AttributeValue | undefined): number | undefined {
  return typeof attribute?.N === "string" ? Number(attribute.N) : undefined;
}

/** A map as an object ready for `JSON.stringify`; without a prototype, so that no name in it is special. */
export function plainMap(map: AttributeMap): Record<string, unknown> {
  const plain = Object.create(null) as Record<string, unknown>;
  for (const name of Object.keys(map)) plain[name] = plainValue(map[name] as AttributeValue);
  return plain;
}

/** Numbers exact, sets as lists, binary as base64. */
function plainValue(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return exactNumber(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.M !== undefined) return plainMap(attribute.M);
  if (attribute.L !== undefined) return attribute.L.map(plainValue);
  if (attribute.SS !== undefined) return attribute.SS;
  if (attribute.NS !== undefined) return attribute.NS.map(exactNumber);
  if (attribute.B !== undefined) return base64(attribute.B);
  if (attribute.BS !== undefined) return attribute.BS.map(base64);
  return null;
}

function exactNumber(text: string): unknown {
  const number = Number(text);
  return String(number) === text ? number : rawJSON(text);
}

function base64(bytes: Uint8Array | string): string {
  return typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("base64");
}
