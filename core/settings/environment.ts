/**
 * The environment of a program, declared once: the construct of its stage writes from the declaration, the program
 * reads with it. Either way all faults are told together, and what was read is frozen. A program's declaration is its
 * `environment.ts`, which imports nothing of the program; nowhere else is `process.env` read.
 */
import { PipelineError } from "../errors/pipeline-error.ts";
import { SecretVariable, Variable } from "./variable-kinds.ts";

export class EnvironmentError extends PipelineError {
  override readonly name = "EnvironmentError";
  readonly code = "ENVIRONMENT_INVALID";
}

/** Variables by what they mean to the program, in groups where that reads better. */
export interface Variables {
  // oxlint-disable-next-line typescript/no-explicit-any -- of any value
  readonly [meaning: string]: Variable<any> | Variables;
}

/** What a program reads. */
export type ValuesOf<Declared> = {
  readonly [Meaning in keyof Declared]: Declared[Meaning] extends Variable<infer Value>
    ? Value
    : ValuesOf<Declared[Meaning]>;
};

/** What a construct writes: all of it but the secrets. */
export type WrittenOf<Declared> = {
  readonly [
    Meaning in keyof Declared as Declared[Meaning] extends SecretVariable ? never : Meaning
  ]: Declared[Meaning] extends Variable<infer Value> ? Value : WrittenOf<Declared[Meaning]>;
};

type NamesOf<Declared> = {
  readonly [Meaning in keyof Declared]: Declared[Meaning] extends Variable<infer _Value>
    ? string
    : NamesOf<Declared[Meaning]>;
};

export interface EnvironmentDeclaration<Declared> {
  /** Names of the variables, by meaning: for who sets one of them, or hands over a secret. */
  readonly names: NamesOf<Declared>;
  readonly allNames: readonly string[];
  /**
   * @param environment the process's own unless told otherwise
   * @throws EnvironmentError that names every variable that is missing or wrong; values are not repeated, they may be
   * secret
   */
  readonly read: (environment?: NodeJS.ProcessEnv) => ValuesOf<Declared>;
  /**
   * @param values texts may be tokens of the CDK
   * @throws EnvironmentError that names every variable whose value the program would not read back
   */
  readonly write: (values: WrittenOf<Declared>) => Record<string, string>;
}

type Tree = Readonly<Record<string, unknown>>;

/** @param program as the stack and its folder call it */
export function declareEnvironment<const Declared extends Variables>(
  program: string,
  variables: Declared,
): EnvironmentDeclaration<Declared> {
  return {
    names: mapVariables(variables, ({ name }) => name) as NamesOf<Declared>,
    allNames: listed(variables).map(({ variable }) => variable.name),
    read: (environment = process.env) => {
      const faults: string[] = [];
      const values = mapVariables(variables, ({ name, schema }) => {
        const parsed = schema.safeParse(environment[name]);
        if (parsed.success) return parsed.data;
        faults.push(`${name}: ${environment[name] === undefined ? "is missing" : reasonsOf(parsed.error)}`);
        return undefined;
      });
      refuse(faults, `The environment of ${program} cannot be used`, "The stack sets these variables");
      return values as ValuesOf<Declared>;
    },
    write: (values) => {
      const faults: string[] = [];
      const written: Record<string, string> = {};
      for (const { variable, path } of listed(variables)) {
        if (variable instanceof SecretVariable) continue;
        const value = valueAt(values, path);
        const text = value === undefined ? "" : variable.textOf(value);
        written[variable.name] = text;
        const fault = value === undefined ? "got nothing" : writeFault(variable, value, text);
        if (fault !== undefined) faults.push(`${variable.name}: ${fault}`);
      }
      refuse(faults, `The environment of ${program} cannot be written`, "Settings or a construct give these values");
      return written;
    },
  };
}

function refuse(faults: readonly string[], what: string, remedy: string): void {
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  ${fault}`).join("\n");
  throw new EnvironmentError(`${what}:\n${lines}\n${remedy}; the program's environment.ts says what each may be.`);
}

function reasonsOf({ issues }: { readonly issues: readonly { readonly message: string }[] }): string {
  return issues.map(({ message }) => message).join("; ");
}

function writeFault(variable: Variable<unknown>, value: unknown, text: string): string | undefined {
  const back = variable.schema.safeParse(text);
  if (!back.success) return reasonsOf(back.error);
  return JSON.stringify(back.data) === JSON.stringify(value) ? undefined : "would be read as another value";
}

function mapVariables(variables: Variables, map: (variable: Variable<unknown>) => unknown): Tree {
  return Object.freeze(
    Object.fromEntries(
      Object.entries(variables).map(([meaning, declared]) => [
        meaning,
        declared instanceof Variable ? map(declared) : mapVariables(declared, map),
      ]),
    ),
  );
}

interface Listed {
  readonly variable: Variable<unknown>;
  readonly path: readonly string[];
}

function listed(variables: Variables, above: readonly string[] = []): readonly Listed[] {
  return Object.entries(variables).flatMap(([meaning, declared]) => {
    const path = [...above, meaning];
    return declared instanceof Variable ? [{ variable: declared, path }] : listed(declared, path);
  });
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((group, meaning) => (group as Tree | undefined)?.[meaning], values);
}
