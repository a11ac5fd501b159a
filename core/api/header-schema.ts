/**
 * The rules for a merchant's headers as far as JSON Schema can say them, for whoever makes a client of the document.
 * Nothing is checked by it: that is `header-rules.ts`, which names each fault, and what all of them together may be.
 */
import { z } from "@hono/zod-openapi";
import {
  HEADER_LIMITS,
  HEADER_NAME,
  HEADER_VALUE,
  type HeaderKind,
  takenNames,
} from "../merchant/connection/header-rules.ts";

/** A value of one. Each use gets its own: what is described of one is not to be of all. */
export function headerValueSchema() {
  const { valueLength: maxLength } = HEADER_LIMITS;
  return z.string().meta({ minLength: 1, maxLength, pattern: HEADER_VALUE.source });
}

/** Of the object that has them by name. Without look-ahead, which not every client's expressions have. */
export function headerNamesSchema(kind: HeaderKind) {
  const { names, prefixes } = takenNames(kind);
  const taken = `^(?:${names.map(inAnyCase).join("|")})$|^(?:${prefixes.map(inAnyCase).join("|")})`;
  return {
    propertyNames: { pattern: HEADER_NAME.source, maxLength: HEADER_LIMITS.nameLength, not: { pattern: taken } },
    maxProperties: HEADER_LIMITS.count,
  };
}

function inAnyCase(name: string): string {
  return name.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
