/**
 * What time it is by a service of AWS: the `Date` of its responses (RFC 9110, section 6.6.1), which over TLS is its own
 * word, and nobody else's. Cheap where nobody wants to know, as with most of the frequent calls.
 */

export interface DateListener {
  /** Whether the next response's date is wanted. */
  wants(): boolean;
  /**
   * @param dateMs epoch milliseconds, in the middle of the second that the service named
   * @param midwayMs when the response was half way, as `performance.now()` has it
   */
  heard(dateMs: number, midwayMs: number): void;
}

/** The header has whole seconds. */
const HALF_SECOND_MS = 500;
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** @param askedAt when the call began, as `performance.now()` has it */
export function hearDate(listener: DateListener, date: unknown, askedAt: number): void {
  const dateMs = typeof date === "string" ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(dateMs)) listener.heard(dateMs + HALF_SECOND_MS, (askedAt + performance.now()) / 2);
}

/** Whether nobody between the service and this program can have changed its responses. */
export function isUntouched({ protocol, hostname }: { readonly protocol: string; readonly hostname: string }): boolean {
  return protocol === "https:" || THIS_MACHINE.test(hostname);
}
