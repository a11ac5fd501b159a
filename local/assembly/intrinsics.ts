/**
 * Resolves CloudFormation's intrinsic functions. Whatever is not known here throws and says where: a value that was
 * guessed would make this machine behave unlike the cloud.
 */
import { LocalError } from "../local-error.ts";
import { isObject } from "./template.ts";

/** What a template's references mean; each throws for what it does not know. */
export interface Meanings {
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapped(mapName: string, topKey: string, secondKey: string): unknown;
  readonly zones: readonly string[];
}

/** What `{ "Ref": "AWS::NoValue" }` stands for: the property is left out. */
export const NO_VALUE = Symbol("AWS::NoValue");

type Resolve = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, meanings: Meanings, resolve: Resolve, where: string) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, meanings) => meanings.ref(String(name)),
  Condition: (name, meanings) => meanings.condition(String(name)),
  "Fn::GetAtt": (argument, meanings) => {
    const [logicalId = "", ...name] = Array.isArray(argument) ? argument.map(String) : String(argument).split(".");
    return meanings.attribute(logicalId, name.join("."));
  },
  "Fn::Join": (argument, _meanings, resolve, where) => {
    const [separator, parts] = pair(argument, where);
    return list(resolve(parts), where).map(String).join(String(separator));
  },
  "Fn::Sub": (argument, meanings, resolve) => {
    const [text, own] = Array.isArray(argument)
      ? [String(argument[0]), isObject(argument[1]) ? argument[1] : {}]
      : [String(argument), {}];
    return text.replaceAll(/\$\{([^}]+)\}/g, (_whole, name: string) => {
      if (name.startsWith("!")) return `\${${name.slice(1)}}`;
      if (name in own) return String(resolve(own[name]));
      const dot = name.indexOf(".");
      return String(dot === -1 ? meanings.ref(name) : meanings.attribute(name.slice(0, dot), name.slice(dot + 1)));
    });
  },
  "Fn::Select": (argument, _meanings, resolve, where) => {
    const [index, items] = pair(argument, where);
    const chosen = list(resolve(items), where)[Number(resolve(index))];
    if (chosen === undefined) throw unsupported(where, `Fn::Select has no element ${String(index)}`);
    return chosen;
  },
  "Fn::Split": (argument, _meanings, resolve, where) => {
    const [separator, text] = pair(argument, where);
    return String(resolve(text)).split(String(separator));
  },
  "Fn::GetAZs": (_region, meanings) => meanings.zones,
  "Fn::FindInMap": (argument, meanings, resolve, where) => {
    const [mapName, topKey, secondKey] = list(resolve(argument), where).map(String);
    return meanings.mapped(mapName ?? "", topKey ?? "", secondKey ?? "");
  },
  "Fn::Base64": (argument, _meanings, resolve) => Buffer.from(String(resolve(argument))).toString("base64"),
  "Fn::If": (argument, meanings, resolve, where) => {
    const [name, then, otherwise] = list(argument, where);
    return resolve(meanings.condition(String(name)) ? then : otherwise);
  },
  "Fn::Equals": (argument, _meanings, resolve, where) => {
    const [left, right] = pair(resolve(argument), where);
    return String(left) === String(right);
  },
  "Fn::And": (argument, _meanings, resolve, where) => list(resolve(argument), where).every((value) => value === true),
  "Fn::Or": (argument, _meanings, resolve, where) => list(resolve(argument), where).some((value) => value === true),
  "Fn::Not": (argument, _meanings, resolve, where) => list(resolve(argument), where)[0] !== true,
};

/** @param where said in errors, for example the logical id of the resource */
export function resolveIntrinsics(value: unknown, meanings: Meanings, where: string): unknown {
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolveIntrinsics(item, meanings, `${where}[${index}]`))
      .filter((item) => item !== NO_VALUE);
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const [key = ""] = keys;
  if (
    keys.length === 1 &&
    (key === "Ref" || key.startsWith("Fn::") || (key === "Condition" && typeof value[key] === "string"))
  ) {
    const intrinsic = INTRINSICS[key];
    if (intrinsic === undefined) throw unsupported(where, `${key} is not known`);
    return intrinsic(value[key], meanings, (inner) => resolveIntrinsics(inner, meanings, where), where);
  }
  const resolved: Record<string, unknown> = {};
  for (const name of keys) {
    const inner = resolveIntrinsics(value[name], meanings, `${where}.${name}`);
    if (inner !== NO_VALUE) resolved[name] = inner;
  }
  return resolved;
}

function list(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw unsupported(where, `a list was expected, got ${JSON.stringify(value)}`);
}

function pair(value: unknown, where: string): readonly [unknown, unknown] {
  const items = list(value, where);
  if (items.length === 2) return [items[0], items[1]];
  throw unsupported(where, `two values were expected, got ${JSON.stringify(value)}`);
}

function unsupported(where: string, what: string): LocalError {
  return new LocalError(
    "LOCAL_TEMPLATE_UNSUPPORTED",
    `The template uses what this machine does not know: ${where}: ${what}. Teach local/assembly/intrinsics.ts.`,
  );
}
