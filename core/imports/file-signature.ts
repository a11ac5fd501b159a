/**
 * What surely is no text of ours, by its first bytes, whatever its name is. The importer refuses it, and a page that
 * uploads files looks for it before it sends anything.
 */
import type { FileFault } from "./file-fault.ts";

/** As many as are looked at. */
export const SIGNATURE_BYTES = 4;

const SIGNATURES = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], code: "file_compressed", what: "a ZIP or a workbook (.xlsx)" },
  { bytes: [0x1f, 0x8b], code: "file_compressed", what: "a file packed with gzip" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], code: "file_workbook", what: "a workbook (.xls)" },
  { bytes: [0xff, 0xfe], code: "file_utf16", what: "text in UTF-16" },
  { bytes: [0xfe, 0xff], code: "file_utf16", what: "text in UTF-16" },
] as const;
export type SignatureFaultCode = (typeof SIGNATURES)[number]["code"];

/** @param bytes the first of the file. @returns undefined for what may be text */
export function signatureFault(bytes: Uint8Array): (FileFault & { readonly code: SignatureFaultCode }) | undefined {
  for (const { bytes: signature, code, what } of SIGNATURES)
    if (startsWith(bytes, signature)) return { code, reason: `got ${what}, expected CSV or JSON Lines in UTF-8` };
  // In UTF-16 without a mark each other byte of the first ones is NUL.
  return bytes[0] === 0 || bytes[1] === 0
    ? { code: "file_utf16", reason: "got text in UTF-16, expected UTF-8" }
    : undefined;
}

export function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return bytes.length >= signature.length && signature.every((byte, index) => bytes[index] === byte);
}
