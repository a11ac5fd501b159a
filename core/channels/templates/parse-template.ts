/**
 * A part of a template, taken apart: the grammar is that of Mustache, by its own parser; what of it is left out is
 * refused here. There is no logic, and no way to anything but the values that are handed over.
 */
import mustache from "mustache";

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  /** `{{name}}`; `path` is empty for `{{.}}`. */
  | { readonly kind: "value"; readonly name: string; readonly path: readonly string[] }
  /** `{{#name}}…{{/name}}`, and `{{^name}}…{{/name}}` where it is inverted. */
  | {
      readonly kind: "section";
      readonly name: string;
      readonly path: readonly string[];
      readonly isInverted: boolean;
      readonly nodes: readonly TemplateNode[];
    };

export type ParsedTemplate = { readonly nodes: readonly TemplateNode[] } | { readonly fault: string };

/** What the parser gives out. */
type Token = readonly [type: string, value: string, start: number, end: number, nested?: readonly Token[]];

/** Sections within sections. */
const MOST_DEPTH = 8;

// Its own cache keeps all that it was ever given.
const parser = new mustache.Writer();
(parser as unknown as { templateCache?: unknown }).templateCache = undefined;

export function parseTemplate(source: string): ParsedTemplate {
  try {
    return { nodes: nodesOf(parser.parse(source), 0) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

function nodesOf(tokens: readonly Token[], depth: number): TemplateNode[] {
  if (depth > MOST_DEPTH) throw new Error(`Sections ${depth} deep, expected at most ${MOST_DEPTH}`);
  return tokens.flatMap((token) => nodeOf(token, depth));
}

function nodeOf([type, value, start, , nested = []]: Token, depth: number): TemplateNode[] {
  switch (type) {
    case "text":
      return [{ kind: "text", text: value }];
    case "name":
      return [{ kind: "value", ...pathOf(value, start) }];
    case "#":
    case "^":
      return [
        { kind: "section", ...pathOf(value, start), isInverted: type === "^", nodes: nodesOf(nested, depth + 1) },
      ];
    case "!":
    case "=":
      return [];
    case "&":
      throw new Error(`Unescaped value "${value}" at ${start}: write {{${value}}}, it is escaped where need be`);
    default:
      throw new Error(`Partial "${value}" at ${start}: a template stands for itself`);
  }
}

function pathOf(name: string, start: number): { readonly name: string; readonly path: readonly string[] } {
  if (name === ".") return { name, path: [] };
  const path = name.split(".");
  if (path.includes("")) throw new Error(`Name "${name}" at ${start}: expected members joined by dots`);
  return { name, path };
}
