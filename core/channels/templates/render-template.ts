/**
 * Fills a template in, strictly: a value that is not there is a fault by its name and never an empty text; what may be
 * missing stands in a section. Values are escaped by where they stand: in HTML as HTML, in a text not at all, and in a
 * subject or a parameter nothing may begin another line. The one function for what is sent and for previews.
 */
import { MOST_FILLED_BYTES, MOST_PARAMETER, MOST_SMS, MOST_SUBJECT, type TemplateContent } from "./template.ts";
import { whySmsTooLarge } from "../sms-size.ts";
import { parseTemplate, type TemplateNode } from "./parse-template.ts";
import type { TemplateContext, TemplateValue } from "./template-context.ts";

export type FilledTemplate =
  | { readonly kind: "email"; readonly subject: string; readonly text: string; readonly html?: string }
  | { readonly kind: "sms"; readonly text: string }
  | { readonly kind: "whatsapp"; readonly parameters: readonly string[] };

export interface TemplateFault {
  /** `subject`, `text`, `html`, or `parameters/0` and so on. */
  readonly part: string;
  /** For a person; holds names, and nothing of what a transaction says. */
  readonly detail: string;
}

export type RenderResult =
  | { readonly kind: "filled"; readonly filled: FilledTemplate }
  | { readonly kind: "faulty"; readonly faults: readonly TemplateFault[] };

interface Part {
  readonly part: string;
  readonly source: string;
  readonly escape: (value: string) => string;
  /** Characters, or bytes. */
  readonly most: number;
  readonly size: (text: string) => number;
  /** Why a text that was filled in is not taken. */
  readonly refuse: (text: string) => string | undefined;
}

export function renderTemplate(content: TemplateContent, context: TemplateContext): RenderResult {
  const faults: TemplateFault[] = [];
  const filled = new Map<string, string>();
  for (const part of partsOf(content)) {
    const result = fill(part, context);
    if (typeof result === "string") filled.set(part.part, result);
    else faults.push(...result);
  }
  if (faults.length > 0) return { kind: "faulty", faults };
  return { kind: "filled", filled: filledOf(content, (part) => filled.get(part) ?? "") };
}

function filledOf(content: TemplateContent, of: (part: string) => string): FilledTemplate {
  switch (content.kind) {
    case "email":
      return {
        kind: "email",
        subject: of("subject"),
        text: of("text"),
        ...(content.html !== undefined && { html: of("html") }),
      };
    case "sms":
      return { kind: "sms", text: of("text") };
    default:
      return { kind: "whatsapp", parameters: content.parameters.map((_, index) => of(`parameters/${index}`)) };
  }
}

/** Every part of a template with the rules that hold for it. */
export function partsOf(content: TemplateContent): readonly Part[] {
  switch (content.kind) {
    case "email":
      return [
        { part: "subject", source: content.subject, ...SUBJECT },
        { part: "text", source: content.text, ...TEXT },
        ...(content.html === undefined ? [] : [{ part: "html", source: content.html, ...HTML }]),
      ];
    case "sms":
      return [{ part: "text", source: content.text, ...SMS }];
    default:
      return content.parameters.map((source, index) => ({ part: `parameters/${index}`, source, ...PARAMETER }));
  }
}

const asIs = (value: string) => value;
const characters = (text: string) => Array.from(text).length;
const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
  "=": "&#61;",
};
/** In quotes or without them, in the text of an element or of an attribute. */
const asHtml = (value: string) => value.replaceAll(/[&<>"'`=]/g, (character) => ESCAPED[character] ?? character);

/** CR and LF would begin another header of the mail; no other control character is of use there. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f\u2028\u2029]/;
/** WhatsApp refuses these in a parameter (Cloud API, error 132018). */
const NOT_IN_PARAMETER = /[\n\r\t]| {5}/;

const SUBJECT = {
  escape: asIs,
  most: MOST_SUBJECT,
  size: characters,
  refuse: (text: string) => (CONTROL.test(text) ? "a line break or another control character" : undefined),
} as const;
const bytes = (text: string) => Buffer.byteLength(text);
const TEXT = { escape: asIs, most: MOST_FILLED_BYTES, size: bytes, refuse: emptyText } as const;
const HTML = { ...TEXT, escape: asHtml } as const;
const SMS = {
  escape: asIs,
  most: MOST_SMS,
  size: characters,
  refuse: (text: string) => whySmsTooLarge(text) ?? emptyText(text),
} as const;
const PARAMETER = {
  escape: asIs,
  most: MOST_PARAMETER,
  size: characters,
  refuse: (text: string) =>
    NOT_IN_PARAMETER.test(text) ? "a line break, a tab or more than four spaces in a row" : emptyText(text),
} as const;

function emptyText(text: string): string | undefined {
  return text.trim() === "" ? "an empty text" : undefined;
}

/** @returns the text, or what is wrong */
function fill({ part, source, escape, most, size, refuse }: Part, context: TemplateContext): string | TemplateFault[] {
  const parsed = parseTemplate(source);
  if ("fault" in parsed) return [{ part, detail: parsed.fault }];
  const filling = new Filling(escape, most);
  filling.add(parsed.nodes, [context]);
  const text = filling.text;
  const details = [...filling.faults];
  if (filling.isTooLong || size(text) > most) details.push(`got more than ${most}, expected at most that`);
  else if (filling.isTooMuch) details.push(`got more than ${MOST_LOOKS} values and sections, expected at most that`);
  const refused = details.length > 0 ? undefined : text.isWellFormed() ? refuse(text) : "a lone surrogate";
  if (refused !== undefined) details.push(`got ${refused} once it was filled in`);
  return details.length === 0 ? text : details.map((detail) => ({ part, detail }));
}

/** Values and sections of a part, each as often as it is filled in: lists within lists multiply. */
const MOST_LOOKS = 100_000;

/** One part while it is filled in. */
class Filling {
  readonly #escape: (value: string) => string;
  readonly #most: number;
  #looks = 0;
  /** Each once. */
  readonly faults = new Set<string>();
  text = "";

  constructor(escape: (value: string) => string, most: number) {
    this.#escape = escape;
    this.#most = most;
  }

  /** A character has at most two units: what is longer than that in units is too long by any measure. */
  get isTooLong(): boolean {
    return this.text.length > 2 * this.#most;
  }

  get isTooMuch(): boolean {
    return this.#looks > MOST_LOOKS;
  }

  /** @param frames the innermost last */
  add(nodes: readonly TemplateNode[], frames: readonly TemplateValue[]): void {
    this.#looks += 1;
    for (const node of nodes) {
      if (this.isTooLong || this.isTooMuch) return;
      this.#looks += 1;
      if (node.kind === "text") this.text += node.text;
      else if (node.kind === "value") this.#addValue(node.name, lookUp(node.path, frames));
      else this.#addSection(node, frames);
    }
  }

  #addValue(name: string, value: TemplateValue | undefined): void {
    if (value === undefined || value === null) this.faults.add(`${name} is missing`);
    else if (typeof value === "object") this.faults.add(`${name} is no text, and has members of its own`);
    else this.text += this.#escape(String(value));
  }

  #addSection(node: Extract<TemplateNode, { kind: "section" }>, frames: readonly TemplateValue[]): void {
    const value = lookUp(node.path, frames);
    const isOn = value !== undefined && value !== null && value !== false && value !== "" && !isEmptyList(value);
    if (node.isInverted) {
      if (!isOn) this.add(node.nodes, frames);
    } else if (isOn) {
      for (const inner of Array.isArray(value) ? (value as readonly TemplateValue[]) : [value]) {
        if (this.isTooMuch) return;
        this.add(node.nodes, [...frames, inner]);
      }
    }
  }
}

function isEmptyList(value: TemplateValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** The first member is looked for from the inside out, those after it in that one alone, as Mustache has it. */
function lookUp(path: readonly string[], frames: readonly TemplateValue[]): TemplateValue | undefined {
  const [first, ...others] = path;
  if (first === undefined) return frames.at(-1);
  const frame = frames.findLast((one) => memberOf(one, first) !== undefined);
  let value = frame === undefined ? undefined : memberOf(frame, first);
  for (const name of others) value = value === undefined ? undefined : memberOf(value, name);
  return value;
}

/** Its own members alone: nothing of what every object of JavaScript has. */
function memberOf(value: TemplateValue, name: string): TemplateValue | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, TemplateValue>>)[name];
}
