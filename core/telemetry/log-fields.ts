/**
 * What may stand in a log line, whoever wrote it: the last step before a line is printed sends every text, number and
 * name through here. Merchants' error texts are hostile input and may hold anything at any length; secrets, card
 * numbers and e-mail addresses are taken out, what could deceive whoever reads the line too, and what is long is cut.
 * It errs on the side of taking out too much.
 */
import { withoutCutEnd } from "../delivery/response-text.ts";
import { redact } from "../delivery/redact.ts";

/** Characters of one text: enough for a stack trace. */
const MAX_TEXT = 4000;
const MAX_ITEMS = 50;
const MAX_FIELDS = 100;
/** A field so named holds what must not be seen, whatever it looks like. */
const SECRET_FIELD = /(?:password|passwd|secret|token|api[-_]?key|authorization|cookie|session[-_]?id|cvv|cvc)$/i;
/** Of it, the last ones are looked at for a number or a word that the cut has broken. */
const BREAKABLE = 200;
/**
 * Line separators, marks that turn the direction of text around, and characters without width, which could be put into
 * a number.
 */
const DECEIVING = /[\u00AD\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;
/** Shorter whole numbers are times in milliseconds, of which every tenth would pass for a card's. */
const LEAST_CARD_NUMBER = 1e13;

/** @param text of any length @returns at most a few thousand characters */
export function safeText(text: string): string {
  return redact((text.length > MAX_TEXT ? cutText(text) : text).replace(DECEIVING, ""));
}

function cutText(text: string): string {
  const end = withoutCutEnd(text.slice(MAX_TEXT - BREAKABLE, MAX_TEXT));
  return `${text.slice(0, MAX_TEXT - BREAKABLE)}${end}… (${text.length} characters)`;
}

/** A replacer for `JSON.stringify`, which calls it for every field of a line, from the outside inwards. */
export function safeField(name: string, value: unknown): unknown {
  if (typeof value === "string") return SECRET_FIELD.test(name) ? "[secret]" : safeText(value);
  if (typeof value === "number" || typeof value === "bigint") return safeNumber(name, value);
  if (typeof value !== "object" || value === null || value instanceof Error) return value;
  if (SECRET_FIELD.test(name)) return "[secret]";
  if (Array.isArray(value)) return value.length > MAX_ITEMS ? value.slice(0, MAX_ITEMS) : value;
  const fields = Object.entries(value);
  const isSafe = fields.length <= MAX_FIELDS && fields.every(([field]) => safeText(field) === field);
  return isSafe
    ? value
    : Object.fromEntries(fields.slice(0, MAX_FIELDS).map(([field, inner]) => [safeText(field), inner]));
}

function safeNumber(name: string, value: number | bigint): unknown {
  if (SECRET_FIELD.test(name)) return "[secret]";
  if (value < LEAST_CARD_NUMBER) return value;
  const text = String(value);
  const safe = redact(text);
  return safe === text ? value : safe;
}
