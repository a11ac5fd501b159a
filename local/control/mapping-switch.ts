/** Whether an event source mapping hands anything to its function; who asks while it does not waits for it. */
export class MappingSwitch {
  #isEnabled: boolean;
  #enabled = Promise.withResolvers<void>();

  constructor(isEnabled: boolean) {
    this.#isEnabled = isEnabled;
    if (isEnabled) this.#enabled.resolve();
  }

  get isEnabled(): boolean {
    return this.#isEnabled;
  }

  set(isEnabled: boolean): void {
    if (isEnabled === this.#isEnabled) return;
    this.#isEnabled = isEnabled;
    if (isEnabled) this.#enabled.resolve();
    else this.#enabled = Promise.withResolvers<void>();
  }

  /** Rejects when the signal aborts. */
  async untilEnabled(signal: AbortSignal): Promise<void> {
    if (this.#isEnabled) return;
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    try {
      signal.throwIfAborted();
      await Promise.race([this.#enabled.promise, aborted.promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}
