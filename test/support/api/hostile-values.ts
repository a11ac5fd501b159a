/** What a hostile client, a careless one, and every alphabet would send. */
import fc from "fast-check";
import { Literal, Members, type ValueTree } from "./value-tree.ts";

/** Bytes of an id, at most, and their neighbours. */
const BOUNDARY = 1024;

export const HOSTILE_TEXTS = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\uD800",
  "\uDC00x",
  "x\uD83D",
  "😀",
  "e\u0301",
  "\u202Egnp.exe",
  "\uFEFFbom",
  "\u0085",
  "line\r\nbreak",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  ".",
  "..",
  "*",
  "/",
  "a/b",
  "a#b",
  "a?b=c",
  "a%2Fb",
  "a%b",
  "a+b",
  "a;b=c",
  "~0~1",
  "#",
  "null",
  "undefined",
  "NaN",
  "-0",
  "0x10",
  "' OR 1=1 --",
  '"}],"x":[{"',
  "${jndi:ldap://x}",
  "{{7*7}}",
  "<script>alert(1)</script>",
  "../../../../etc/passwd",
  "x".repeat(BOUNDARY),
  "x".repeat(BOUNDARY + 1),
  "é".repeat(BOUNDARY / 2),
  `${"é".repeat(BOUNDARY / 2)}x`,
  "😀".repeat(BOUNDARY / 4),
  "€".repeat(BOUNDARY / 3),
  "x".repeat(70_000),
] as const;

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ maxLength: 40 }),
);

/** Numbers of every spelling that JSON has, and of some that it has not. */
const NUMBERS = [
  ["0", "-0", "0.0", "1", "1.0", "1e0", "1E+0", "10e-1", "-1", "1.5", "0.1", "100", "101", "500"],
  ["9007199254740991", "9007199254740993", "12345678901234567890.123456789", "1e21", "1e125", "1e126"],
  ["1e-130", "1e-131", "1e308", "1e309", "-1e309", "1e400", "5e-324", "0e999999999", "1e99999999999999999999"],
  ["99999999999999999999999999999999999999", "999999999999999999999999999999999999999", "0.30000000000000004"],
].flat();
const NO_JSON = ["01", "+1", ".5", "1.", "0x10", "NaN", "Infinity", "1_000", "undefined", "'x'", "{,}", "[1,]", "{"];

export const numberLiteral: fc.Arbitrary<Literal> = fc.constantFrom(...NUMBERS).map((text) => new Literal(text));

export const noJson: fc.Arbitrary<Literal> = fc.constantFrom(...NO_JSON).map((text) => new Literal(text));

const DEPTHS = [2, 28, 29, 30, 31, 32, 33, 100, 20_000];

/** Nested as deep as a table, a parser or a stack takes, and deeper. */
const deep: fc.Arbitrary<Literal> = fc
  .tuple(fc.constantFrom(...DEPTHS), fc.boolean())
  .map(([depth, isList]) =>
    isList
      ? new Literal(`${"[".repeat(depth)}${"]".repeat(depth)}`)
      : new Literal(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`),
  );

/** Any JSON. */
export const hostileValue: fc.Arbitrary<ValueTree> = fc.letrec<{ value: ValueTree }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<ValueTree>(null, true, false),
    hostileText,
    numberLiteral,
    deep,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(hostileText, tie("value")), { maxLength: 3 }).map((entries) => new Members(entries)),
  ),
})).value;

/** For the place of a parameter in a path, as it stands there. */
export const HOSTILE_SEGMENTS = [
  ["%00", "%2F", "a%2Fb", "%2f%2e%2e%2f", ".", "..", "%2e", "%2E%2e", "...", "%", "%zz", "%f", "%FF", "%C0%AF"],
  ["%ED%A0%80", "%F0%9F%98%80", "a+b", "a%2Bb", "a%20b", "a%0Ab", "a;b=c", "a:b", "a@b", "a,b", "!$&'()*", "*", "%2A"],
  ["~", "batch", "health", "keys", "__proto__", "constructor", "%22%3E", "%E2%82%AC", "[x]", "a%2523b", "%25", "%2525"],
  ["x".repeat(BOUNDARY), "x".repeat(BOUNDARY + 1), "%C3%A9".repeat(BOUNDARY / 2), "%C3%A9".repeat(BOUNDARY / 2 + 1)],
].flat();
