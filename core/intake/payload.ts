/**
 * A payload of JSON as DynamoDB holds it, with every digit of its numbers. What the table would refuse, or give back as
 * something else, is told with its place.
 */
import type { AttributeMap, AttributeValue } from "../transaction/attribute-value.ts";
import { ExactNumber } from "../api/exact-json.ts";
import { type FaultAt, MOST_FAULTS } from "../api/problem.ts";

/** DynamoDB nests 32 levels deep, of which the row has one (DynamoDB Developer Guide, "Constraints"). */
const MAX_DEPTH = 30;
/** Significant digits, and powers of ten, of a DynamoDB number. */
const MAX_DIGITS = 38;
const MAX_EXPONENT = 125;
const MIN_EXPONENT = -130;
/** Of an attribute's name (DynamoDB Developer Guide, "Naming rules and data types"). */
const MAX_NAME_BYTES = 65_535;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** @returns the map, or undefined with what is wrong in `faults`, of which it tells MOST_FAULTS */
export function payloadAttributes(
  payload: Readonly<Record<string, unknown>>,
  faults: FaultAt[],
  pointer = "/payload",
): AttributeMap | undefined {
  const before = faults.length;
  const map = mapOf(payload, pointer, 1, faults);
  return faults.length === before ? map : undefined;
}

function mapOf(object: object, pointer: string, depth: number, faults: FaultAt[]): AttributeMap {
  const map: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(object)) {
    const at = `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!name.isWellFormed()) tell(faults, at, "expected a name of well-formed Unicode");
    else if (name === "__proto__") tell(faults, at, 'got the name "__proto__", expected another');
    else if (name === "" || Buffer.byteLength(name) > MAX_NAME_BYTES)
      tell(faults, at, `expected a name of 1 to ${MAX_NAME_BYTES} bytes`);
    else map[name] = attributeOf(value, at, depth, faults);
  }
  return map;
}

function attributeOf(value: unknown, pointer: string, depth: number, faults: FaultAt[]): AttributeValue {
  if (depth > MAX_DEPTH) {
    tell(faults, pointer, `expected at most ${MAX_DEPTH} levels`);
    return { NULL: true };
  }
  if (value === null) return { NULL: true };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "string") {
    if (!value.isWellFormed()) tell(faults, pointer, "expected a text of well-formed Unicode");
    return { S: value };
  }
  if (typeof value === "number") return numberOf(String(value), pointer, faults);
  if (value instanceof ExactNumber) return numberOf(value.text, pointer, faults);
  if (Array.isArray(value))
    return { L: value.map((entry, index) => attributeOf(entry, `${pointer}/${index}`, depth + 1, faults)) };
  return { M: mapOf(value as object, pointer, depth + 1, faults) };
}

function numberOf(text: string, pointer: string, faults: FaultAt[]): AttributeValue {
  if (!isDynamoNumber(text))
    tell(
      faults,
      pointer,
      `got a number that the table cannot hold, expected at most ${MAX_DIGITS} significant digits between 1e` +
        `${MIN_EXPONENT} and 1e${MAX_EXPONENT + 1}; send it as text`,
    );
  return { N: text };
}

function tell(faults: FaultAt[], pointer: string, detail: string): void {
  if (faults.length < MOST_FAULTS) faults.push({ pointer, detail });
}

/** DynamoDB Developer Guide, "Supported data types", Number. */
function isDynamoNumber(text: string): boolean {
  const [, whole = "", fraction = "", exponent = "0"] = NUMBER.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = digits.replace(/0+$/, "");
  if (significant === "") return true;
  const magnitude = digits.length - fraction.length + Number(exponent) - 1;
  return significant.length <= MAX_DIGITS && magnitude <= MAX_EXPONENT && magnitude >= MIN_EXPONENT;
}
