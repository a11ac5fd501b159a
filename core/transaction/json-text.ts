/**
 * JSON that is written as text at once. What is written for every confirmation has one fixed shape; an object that is
 * made for `JSON.stringify` and thrown away takes several times as long. Texts are the same, character by character.
 */

/** Anything that JSON escapes, or may escape: surrogates are among what is not ASCII. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

/** A text as JSON has it. */
export function quoted(text: string): string {
  return NOT_PLAIN.test(text) ? JSON.stringify(text) : `"${text}"`;
}
