/**
 * What is wrong with settings, one line a fault: the full path, what was expected, what was got. What was got is shown
 * short, never a whole group; for a setting that does not exist the likely one is named.
 */
import type { z } from "zod";

/** Longest text that is shown of what was got. */
const SHOWN_MAX = 80;

/**
 * @param issues with their input
 * @param known paths of all settings and groups, such as `worker` and `worker.maxTasks`
 */
export function describeFaults(issues: readonly z.core.$ZodIssue[], known: readonly string[]): string[] {
  return issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const group = issue.path.map(String);
      return issue.keys.map((key) => unknownSetting([...group, key].join("."), known));
    }
    const path = ["settings", ...issue.path].join(".");
    return [`${path}: ${expectation(issue.message)}, got ${shortly(inputAt(issue.input, issue.path))}`];
  });
}

/** Paths of all settings and groups below a schema. */
export function settingPaths(schema: unknown, above = ""): string[] {
  const { shape } = unwrapped(schema);
  return Object.entries(shape ?? {}).flatMap(([name, inner]) => [
    `${above}${name}`,
    ...settingPaths(inner, `${above}${name}.`),
  ]);
}

/** A value for a person: as JSON when that is short, else what it is. */
export function shortly(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? typeof value;
  if (text.length <= SHOWN_MAX) return text;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return `an object of ${Object.keys(value ?? {}).length} members`;
  return `${text.slice(0, SHOWN_MAX)}…`;
}

interface Schema {
  readonly shape?: Readonly<Record<string, unknown>>;
  unwrap?(): unknown;
}

function unwrapped(schema: unknown): Schema {
  let inner = schema as Schema;
  while (inner.shape === undefined && typeof inner.unwrap === "function" && !isList(inner))
    inner = inner.unwrap() as Schema;
  return inner;
}

function isList(schema: Schema): boolean {
  return "element" in schema;
}

/** Zod says `Invalid input: expected object, received null`; what was got follows anyway. */
function expectation(message: string): string {
  return message.replace(/^[A-Z][a-z ]+: /, "").replace(/, received \w+$/, "");
}

/** A rule over a whole group has the group as its input: the setting it names is looked up there. */
function inputAt(input: unknown, path: readonly PropertyKey[]): unknown {
  for (let from = 0; from < path.length; from += 1) {
    let value = input;
    const rest = path.slice(from);
    const isThere = rest.every((name) => {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
      value = (value as Record<PropertyKey, unknown>)[name];
      return true;
    });
    if (isThere) return value;
  }
  return input;
}

function unknownSetting(path: string, known: readonly string[]): string {
  const likely = likelySetting(path, known);
  const hint = likely === undefined ? "" : `, did you mean settings.${likely}?`;
  return `settings.${path}: there is no such setting${hint}`;
}

/** The same name in another group, else the path that takes the fewest changes of letters, if they are few. */
function likelySetting(path: string, known: readonly string[]): string | undefined {
  const name = lastName(path);
  const elsewhere = known.find((candidate) => lastName(candidate) === name);
  if (elsewhere !== undefined) return elsewhere;
  const byDistance = known
    .map((candidate) => ({ candidate, distance: distance(lastName(candidate).toLowerCase(), name.toLowerCase()) }))
    .filter((one) => one.distance <= Math.max(1, Math.floor(name.length / 3)))
    .toSorted((a, b) => a.distance - b.distance || distance(a.candidate, path) - distance(b.candidate, path));
  return byDistance[0]?.candidate;
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

/** Letters to put in, take out or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
