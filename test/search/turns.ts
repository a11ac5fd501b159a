/**
 * Turns of the event loop in place of real ones, so that code that gathers until the end of a turn does so at a known
 * moment: when nothing can go on without it. Timers that gather are let off as well; longer ones bound what a search
 * never lets last, and never fire.
 */
type Callback = () => void;

/** The longest that anything lingers for company. */
const LONGEST_LINGER_MS = 50;

const { setImmediate: realImmediate } = globalThis;
const NAMES = ["setImmediate", "clearImmediate", "setTimeout", "clearTimeout"] as const;

export class Turns {
  readonly #waiting = new Map<object, Callback>();
  readonly #before = new Map<string, unknown>();

  /** From now on, for the whole process. */
  install(): void {
    const wait = (callback: Callback): object => {
      const handle = { unref: () => handle };
      this.#waiting.set(handle, callback);
      return handle;
    };
    const cancel = (handle: object | undefined) => void (handle !== undefined && this.#waiting.delete(handle));
    const timer = (callback: Callback, ms = 0) =>
      ms <= LONGEST_LINGER_MS ? wait(callback) : { unref: () => undefined };
    const replacements = { setImmediate: wait, clearImmediate: cancel, setTimeout: timer, clearTimeout: cancel };
    for (const name of NAMES) {
      this.#before.set(name, globalThis[name]);
      Object.assign(globalThis, { [name]: replacements[name] });
    }
  }

  remove(): void {
    for (const [name, real] of this.#before) Object.assign(globalThis, { [name]: real });
    this.#waiting.clear();
  }

  /**
   * Resolves when nothing goes on by itself any more: a turn of the real loop ends only when all promises have gone as
   * far as they can.
   */
  async rest(): Promise<void> {
    await new Promise((resolve) => realImmediate(resolve));
    while (this.#waiting.size > 0) {
      const callbacks = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const callback of callbacks) callback();
      await new Promise((resolve) => realImmediate(resolve));
    }
  }
}
