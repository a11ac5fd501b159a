/**
 * Whether a text is base64, of either alphabet, padded or not. Node's decoder drops what is none: a salt would be
 * shorter than it looks, or nothing at all.
 */
const BASE64 = /^[\w+/-]+={0,2}$/;

export function isBase64(text: string): boolean {
  const characters = text.replace(/=+$/, "").length;
  return BASE64.test(text) && characters % 4 !== 1 && (!text.endsWith("=") || text.length % 4 === 0);
}
