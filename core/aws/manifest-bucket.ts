/** Where manifests lie: `<merchant>/<day>/manifest-<revision>.jsonl`, and the files that they name beside them. */
import { createHash } from "node:crypto";

/** Ids that can be read in a key as they are. */
const PLAIN_ID = /^(?!\.+$)[\w.-]{1,128}$/;

/** @returns the key, for a file name of a merchant's day */
export function manifestKey(merchantId: string, day: string, name: string): string {
  return `${manifestFolder(merchantId)}${day}/${name}`;
}

/** Of all days of a merchant, with a slash at its end. */
export function manifestFolder(merchantId: string): string {
  if (PLAIN_ID.test(merchantId)) return `${merchantId}/`;
  return `sha256-${createHash("sha256").update(merchantId).digest("hex")}/`;
}
