import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

const root = join(import.meta.dirname, "../../..");
const sources = globSync("{bin,lib,core,lambdas,containers,local,tools}/**/*.ts", {
  cwd: root,
  exclude: ["**/node_modules/**"],
}).map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
const BASE = "PipelineError";

interface ErrorClass {
  readonly name: string;
  readonly parent: string;
  readonly named: string | undefined;
  readonly codes: readonly string[];
}

/** A class that takes its code from a union has it in the same file, or its codes are the names of a table. */
function codesOf(text: string, body: string): string[] {
  const [, literal, union] = /readonly code(?:: (\w+)|(?: = "([A-Z_]+)"))/.exec(body) ?? [];
  if (union !== undefined) return [union];
  const type = new RegExp(`type ${literal} =([^;]*);`);
  const local = [...(type.exec(text)?.[1] ?? "").matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code as string);
  if (local.length > 0) return local;
  const everywhere = sources.map((source) => source.text).join("\n");
  const table = /keyof typeof (\w+)/.exec(type.exec(everywhere)?.[1] ?? "")?.[1];
  const names = new RegExp(`^export const ${table} = \\{$([\\s\\S]*?)^\\}`, "m").exec(everywhere)?.[1] ?? "";
  return [...names.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, code]) => code as string);
}

const classes = sources.flatMap(({ text }) =>
  [...text.matchAll(/^(?:export )?(?:abstract )?class (\w+) extends (\w*Error) \{$([\s\S]*?)^\}$/gm)].map(
    ([, name = "", parent = "", body = ""]): ErrorClass => ({
      name,
      parent,
      named: /override readonly name = "(\w+)"/.exec(body)?.[1],
      codes: codesOf(text, body),
    }),
  ),
);
const ofProduct = classes.filter(({ name }) => name !== BASE);

describe("the error classes", () => {
  it("are all found", () => {
    const headings = sources.flatMap(({ text }) => [...text.matchAll(/class (\w+) extends \w*Error\b/g)]);
    expect(classes).toHaveLength(headings.length);
    expect(classes.length).toBeGreaterThan(30);
  });

  it("have one base, which alone extends Error", () => {
    expect(classes.filter(({ parent }) => parent === "Error").map(({ name }) => name)).toEqual([BASE]);
    expect(ofProduct.filter(({ parent }) => parent !== BASE)).toEqual([]);
  });

  it("have the name of the class, whatever a bundler makes of it", () => {
    expect(ofProduct.filter(({ name, named }) => named !== name)).toEqual([]);
  });

  it("have a code each that no other has", () => {
    const codes = ofProduct.flatMap((one) => one.codes);
    expect(ofProduct.filter((one) => one.codes.length === 0)).toEqual([]);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(new Set(ofProduct.map(({ name }) => name)).size).toBe(ofProduct.length);
  });
});

describe("the source", () => {
  /** Turns an error into a text without its code and causes. */
  const AS_TEXT = [
    /String\((?:error|err|cause|reason|thrown|\w+\.(?:reason|cause|error)|\w*Error)\)/,
    /error: \(?\w+(?: as Error\))?\.(?:message|stack)\b/,
  ];

  it("never writes an error down as String(error): logError, errorFields or errorLine keep its code", () => {
    const found = sources
      .filter(({ file }) => file !== join("core", "errors", "error-fields.ts"))
      .flatMap(({ file, text }) =>
        text
          .split("\n")
          .filter((line) => AS_TEXT.some((pattern) => pattern.test(line)))
          .map((line) => `${file}: ${line.trim()}`),
      );
    expect(found).toEqual([]);
  });
});
