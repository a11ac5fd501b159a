/**
 * A digest of the payload that a merchant gets, over what it says and not over how it is written: the same for members
 * and sets in any order, and for any spelling of a number. Members that never reach the merchant are not in it. It is
 * kept on rows for as long as they live, so it never changes; another way to make one gets another number.
 */
import { hash } from "node:crypto";
import { type AttributeMap, type AttributeValue, attributeJson } from "./attribute-value.ts";
import { canonicalDecimal } from "./canonical-decimal.ts";
import { quoted } from "./json-text.ts";
import { OWN_NAMES } from "../delivery/webhook.ts";

/**
 * How `payloadDigest` makes it: SHA-256, in base64url, of JSON whose members are sorted by UTF-16 units (RFC 8785),
 * numbers exact.
 */
export const DIGEST_VERSION = 1;

/**
 * The SDK lists a member of this name and loses its value, so that a digest over it would differ by who has read the
 * row.
 */
const LOST_BY_SDK = "__proto__";
/** A map with more names is sorted by `toSorted`, whose time does not grow with the square of them. */
const MOST_SORTED_IN_PLACE = 16;
const DIGEST_OF_NONE = digestOf("{}");

/** @param payload as the row has it; none says the same as one without members */
export function payloadDigest(payload: AttributeMap | undefined): string {
  if (payload === undefined) return DIGEST_OF_NONE;
  const json = mapJson(payload, OWN_NAMES);
  return json === "{}" ? DIGEST_OF_NONE : digestOf(json);
}

function mapJson(map: AttributeMap, left?: ReadonlySet<string>): string {
  let members = "";
  for (const name of sortedNames(map)) {
    if (left?.has(name) === true || name === LOST_BY_SDK) continue;
    if (members !== "") members += ",";
    members += `${quoted(name)}:${canonicalJson(map[name] as AttributeValue)}`;
  }
  return `{${members}}`;
}

/** In place, as maps are short and many are in order already: `toSorted` makes two copies. */
function sortedNames(map: AttributeMap): string[] {
  const names = Object.keys(map);
  if (names.length > MOST_SORTED_IN_PLACE) return names.toSorted();
  for (let index = 1; index < names.length; index += 1) {
    const name = names[index] as string;
    let to = index;
    for (; to > 0 && (names[to - 1] as string) > name; to -= 1) names[to] = names[to - 1] as string;
    names[to] = name;
  }
  return names;
}

/** As a merchant reads it: a set is a list, and binary is base64. */
function canonicalJson(attribute: AttributeValue): string {
  if (attribute.S !== undefined) return quoted(attribute.S);
  if (attribute.N !== undefined) return canonicalDecimal(attribute.N);
  if (attribute.M !== undefined) return mapJson(attribute.M);
  if (attribute.L !== undefined) return `[${attribute.L.map(canonicalJson).join(",")}]`;
  if (attribute.SS !== undefined) return `[${attribute.SS.map(quoted).toSorted().join(",")}]`;
  if (attribute.NS !== undefined) return `[${attribute.NS.map(canonicalDecimal).toSorted().join(",")}]`;
  if (attribute.BS !== undefined)
    return `[${attribute.BS.map((B) => attributeJson({ B }))
      .toSorted()
      .join(",")}]`;
  return attributeJson(attribute);
}

function digestOf(json: string): string {
  return hash("sha256", json, "base64url");
}
