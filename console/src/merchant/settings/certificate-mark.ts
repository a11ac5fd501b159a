/** Whether a certificate still holds for long. */
const SOON_MS = 30 * 86_400_000;

/** @param notAfter of the API. @param now epoch milliseconds. @returns a mark of Cloudscape's status indicator */
export function certificateMark(notAfter: string, now: number): "success" | "warning" | "error" {
  const left = Date.parse(notAfter) - now;
  if (left > SOON_MS) return "success";
  return left > 0 ? "warning" : "error";
}
