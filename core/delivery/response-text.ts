/** The beginning of a merchant's response as text that may be kept: redacted, and only noted where it is not text. */
import { isUtf8 } from "node:buffer";
import { redact } from "./redact.ts";

const DIGIT = /\d/;
const OF_A_NUMBER = /[\d -]/;
const AROUND_WORDS = /[\s"'<>,;]/;

/**
 * What was cut may end in the middle of a number or a word that would have been taken out whole. Looked for from the
 * end: from the front, each place of it would be one to try.
 *
 * @param text the beginning of a longer one
 */
export function withoutCutEnd(text: string): string {
  let word = text.length;
  while (word > 0 && !AROUND_WORDS.test(text.charAt(word - 1))) word -= 1;
  let number = text.length;
  for (let at = text.length - 1; at >= 0 && OF_A_NUMBER.test(text.charAt(at)); at -= 1)
    if (DIGIT.test(text.charAt(at))) number = at;
  return text.slice(0, Math.min(word, number));
}

/**
 * @param head the first bytes of the body
 * @param bodyBytes how many came over the wire
 * @param isWhole whether these were all of it
 * @returns undefined for an empty body
 */
export function responseText(head: Uint8Array, bodyBytes: number, isWhole: boolean): string | undefined {
  if (bodyBytes === 0) return undefined;
  const isCut = !isWhole || bodyBytes > head.length;
  const text = isUtf8(head)
    ? Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString()
    : cutText(head, isCut);
  return text === undefined ? `[${bodyBytes} bytes that are not text]` : keptText(text, isCut, head.length);
}

/** The same of a head that is ASCII, as most are: text already. */
export function asciiResponseText(head: string, bodyBytes: number, isWhole: boolean): string | undefined {
  return keptText(head, !isWhole || bodyBytes > head.length, head.length);
}

function keptText(text: string, isCut: boolean, most: number): string | undefined {
  const kept = redact(isCut ? withoutCutEnd(text) : text).trim();
  return kept === "" ? undefined : kept.slice(0, most);
}

/** While more is to come, half a character at the end is no fault. A decoder is slow to make, and seldom needed. */
function cutText(head: Uint8Array, isCut: boolean): string | undefined {
  try {
    return isCut ? new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }) : undefined;
  } catch {
    return undefined;
  }
}
