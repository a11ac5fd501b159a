/** The beginning of a merchant's answer as text that may be kept: redacted, and only noted where it is not text. */
import { isUtf8 } from "node:buffer";
import { redact } from "./redact.ts";

/** What was cut may end in the middle of a number or a word that would have been taken out whole. */
const CUT_NUMBER_OR_WORD = /(?:\d[\d -]*|[^\s"'<>,;]+)$/;

/** @param text the beginning of a longer one */
export function withoutCutEnd(text: string): string {
  return text.replace(CUT_NUMBER_OR_WORD, "");
}

/**
 * @param head the first bytes of the body
 * @param bodyBytes how many came over the wire
 * @param isWhole whether these were all of it
 * @returns undefined for an empty body
 */
export function answerText(head: Uint8Array, bodyBytes: number, isWhole: boolean): string | undefined {
  if (bodyBytes === 0) return undefined;
  const isCut = !isWhole || bodyBytes > head.length;
  const text = isUtf8(head)
    ? Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString()
    : cutText(head, isCut);
  if (text === undefined) return `[${bodyBytes} bytes that are not text]`;
  const kept = redact(isCut ? withoutCutEnd(text) : text).trim();
  return kept === "" ? undefined : kept.slice(0, head.length);
}

/** While more is to come, half a character at the end is no fault. A decoder is slow to make, and seldom needed. */
function cutText(head: Uint8Array, isCut: boolean): string | undefined {
  try {
    return isCut ? new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true }) : undefined;
  } catch {
    return undefined;
  }
}
