/**
 * DynamoDB's attribute values as they come over the wire, and as JSON. Numbers keep every digit on their way to the
 * merchant: a DynamoDB number holds 38, a JavaScript one about 16, so they are never made one; and no object is made on
 * the way, in which a name could be special.
 */
import { quoted } from "./json-text.ts";

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

/** A number as JSON has it; DynamoDB writes no other. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

// ECMAScript's JSON.rawJSON, which TypeScript's library does not declare yet.
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

export function stringOf(attribute: AttributeValue | undefined): string | undefined {
  return typeof attribute?.S === "string" ? attribute.S : undefined;
}

export function numberOf(attribute: AttributeValue | undefined): number | undefined {
  return typeof attribute?.N === "string" ? Number(attribute.N) : undefined;
}

/** An attribute as JSON text: numbers exact, sets as lists, binary as base64. */
export function attributeJson(attribute: AttributeValue): string {
  if (attribute.S !== undefined) return quoted(attribute.S);
  if (attribute.N !== undefined) return numberJson(attribute.N);
  if (attribute.BOOL !== undefined) return String(attribute.BOOL);
  if (attribute.M !== undefined) return `{${membersJson(attribute.M)}}`;
  if (attribute.L !== undefined) return `[${attribute.L.map(attributeJson).join(",")}]`;
  if (attribute.SS !== undefined) return JSON.stringify(attribute.SS);
  if (attribute.NS !== undefined) return `[${attribute.NS.map(numberJson).join(",")}]`;
  if (attribute.B !== undefined) return quoted(base64(attribute.B));
  if (attribute.BS !== undefined) return JSON.stringify(attribute.BS.map(base64));
  return "null";
}

/** The members of a map, without braces. @param left names that are left out. @default none */
export function membersJson(map: AttributeMap, left?: ReadonlySet<string>): string {
  let members = "";
  for (const name of Object.keys(map)) {
    const attribute: AttributeValue | undefined = map[name];
    // The SDK lists `__proto__` and loses its value.
    if (attribute === undefined || left?.has(name) === true) continue;
    if (members !== "") members += ",";
    members += `${quoted(name)}:${attributeJson(attribute)}`;
  }
  return members;
}

/** @throws SyntaxError for what is no number */
function numberJson(text: string): string {
  return JSON_NUMBER.test(text) ? text : JSON.stringify(rawJSON(text));
}

function base64(bytes: Uint8Array | string): string {
  return typeof bytes === "string" ? bytes : Buffer.from(bytes).toString("base64");
}
