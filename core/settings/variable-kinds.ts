/**
 * Kinds of environment variables: each knows its name, how a value becomes its text, and what text it takes back. A
 * value that is written and read again is the same. Durations are milliseconds on both sides, whatever unit the
 * variable has; its unit is in its name.
 */
import { z } from "zod";

interface VariableOptions<Value> {
  readonly schema: z.ZodType<Value, string>;
  readonly textOf: (value: Value) => string;
  readonly whenMissing?: Value;
}

export class Variable<Value> {
  readonly name: string;
  readonly schema: z.ZodType<Value, string | undefined>;
  readonly textOf: (value: Value) => string;

  constructor(name: string, { schema, textOf, whenMissing }: VariableOptions<Value>) {
    this.name = name;
    this.textOf = textOf;
    this.schema =
      whenMissing === undefined
        ? schema
        : z
            .string()
            .optional()
            .transform((given) => given ?? textOf(whenMissing))
            .pipe(schema);
  }
}

/** Read like any other, but never written: it comes from a store of secrets, under its name. */
export class SecretVariable extends Variable<string> {
  /** Told apart from `Variable` by the type checker. */
  readonly isSecret = true;
}

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const someText = z.string().min(1);
const wholeNumber = (min: number, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^-?\d+$/, "expected an integer")
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** @param whenMissing what a program reads that is not told */
export function text(name: string, whenMissing?: string): Variable<string> {
  return new Variable(name, { schema: someText, textOf: String, ...(whenMissing !== undefined && { whenMissing }) });
}

/** A text that may be empty. @param whenMissing what a program reads that is not told */
export function anyText(name: string, whenMissing?: string): Variable<string> {
  return new Variable(name, { schema: z.string(), textOf: String, ...(whenMissing !== undefined && { whenMissing }) });
}

export function secret(name: string): SecretVariable {
  return new SecretVariable(name, { schema: someText, textOf: String });
}

/** @param bounds of what is taken, both included */
export function integer(name: string, bounds: { readonly min: number; readonly max?: number }): Variable<number> {
  return new Variable(name, { schema: wholeNumber(bounds.min, bounds.max), textOf: String });
}

/** A number with decimals, such as 0.05. */
export function decimal(name: string, { min, max }: { readonly min: number; readonly max: number }): Variable<number> {
  const schema = z
    .string()
    .regex(/^\d+(\.\d+)?(e-\d+)?$/, "expected a decimal number")
    .transform(Number)
    .pipe(z.number().min(min).max(max));
  return new Variable(name, { schema, textOf: String });
}

export function flag(name: string): Variable<boolean> {
  return new Variable(name, { schema: z.enum(["true", "false"]).transform((word) => word === "true"), textOf: String });
}

/** @param whenMissing what a program reads that is not told */
export function oneOf<const Word extends string>(
  name: string,
  words: readonly Word[],
  whenMissing?: Word,
): Variable<Word> {
  const schema = z.enum(words) as unknown as z.ZodType<Word, string>;
  return new Variable(name, { schema, textOf: String, ...(whenMissing !== undefined && { whenMissing }) });
}

/** Comma-separated integers; empty for none. */
export function integerList(name: string): Variable<readonly number[]> {
  const schema = z
    .string()
    .regex(/^(\d+(,\d+)*)?$/, "expected integers joined by commas")
    .transform((list): readonly number[] => (list === "" ? [] : list.split(",").map(Number)));
  return new Variable(name, { schema, textOf: (list) => list.join(",") });
}

/** Comma-separated texts; empty for none. @param whenMissing what a program reads that is not told */
export function textList(name: string, whenMissing?: readonly string[]): Variable<readonly string[]> {
  const schema = z
    .string()
    .transform((list): readonly string[] => (list === "" ? [] : list.split(",").map((entry) => entry.trim())));
  return new Variable(name, {
    schema,
    textOf: (list) => list.join(","),
    ...(whenMissing !== undefined && { whenMissing }),
  });
}

/** Comma-separated words of a list that is known; empty for none. */
export function wordList<const Word extends string>(name: string, words: readonly Word[]): Variable<readonly Word[]> {
  const schema = z
    .string()
    .transform((list) => (list === "" ? [] : list.split(",")))
    .pipe(z.array(z.enum(words))) as unknown as z.ZodType<readonly Word[], string>;
  return new Variable(name, { schema, textOf: (list) => list.join(",") });
}

/** A duration in whole milliseconds. @param min in the unit of the variable, as below */
export function milliseconds(name: string, min: number): Variable<number> {
  return duration(name, 1, min);
}

/** A duration, in milliseconds, whose variable says it in whole seconds. */
export function seconds(name: string, min: number): Variable<number> {
  return duration(name, SECOND_MS, min);
}

export function hours(name: string, min: number): Variable<number> {
  return duration(name, HOUR_MS, min);
}

export function days(name: string, min: number): Variable<number> {
  return duration(name, DAY_MS, min);
}

function duration(name: string, unitMs: number, min: number): Variable<number> {
  const schema = wholeNumber(min).transform((units) => units * unitMs);
  return new Variable(name, { schema, textOf: (ms) => String(ms / unitMs) });
}
