/**
 * Steps that are taken when a search says so, each for itself: it is done, or done and its response kept back (whoever
 * made it sleeps), or it fails, with or without having been done. What cannot matter to anybody else is done at once.
 */
import { hash } from "node:crypto";
import type { Steps } from "../support/steps.ts";

interface Pending {
  readonly actor: string;
  readonly name: string;
  readonly act: () => unknown;
  readonly failed: (() => unknown) | undefined;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** How a step is taken. `unanswered`: it was done, and whoever made it is told that it failed. */
export type Manner = "done" | "asleep" | "refused" | "unanswered";

/**
 * What one row's programs can do to each other through none of these: the health rows are open and the index is read
 * together with its rows.
 */
const AT_ONCE: ReadonlySet<string> = new Set(["receive", "gate", "index", "mark waiting"]);

export class ChosenSteps implements Steps {
  readonly #now: () => number;
  #pending: Pending[] = [];
  /** Answers that are kept back, by who is asleep. */
  readonly #asleep = new Map<string, () => void>();
  /** All that an actor was answered since it began. */
  readonly #heard = new Map<string, unknown[]>();
  /** What a task remembers beyond what it has in hand: the failed attempts that it lets wait in the queue. */
  readonly #remembered = new Map<string, string>();

  constructor(now: () => number) {
    this.#now = now;
  }

  step<T>(actor: string, name: string, act: () => T | Promise<T>, failed?: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const pending: Pending = { actor, name, act, failed, resolve, reject };
      if (AT_ONCE.has(name)) void this.#do(pending, "done");
      else this.#pending.push(pending);
    });
  }

  /** Names of the steps that could be taken, in the order in which they were asked for. */
  get pending(): readonly { readonly actor: string; readonly name: string }[] {
    return this.#pending.filter(({ actor }) => !this.#asleep.has(actor));
  }

  isAsleep(actor: string): boolean {
    return this.#asleep.has(actor);
  }

  get sleepers(): readonly string[] {
    return [...this.#asleep.keys()];
  }

  isBusy(actor: string): boolean {
    return this.#asleep.has(actor) || this.#pending.some((one) => one.actor === actor);
  }

  async take(actor: string, name: string, manner: Manner): Promise<void> {
    const index = this.#pending.findIndex((one) => one.actor === actor && one.name === name);
    const [taken] = index < 0 ? [] : this.#pending.splice(index, 1);
    if (taken === undefined) throw new Error(`${actor} waits for no ${name}`);
    await this.#do(taken, manner);
  }

  wake(actor: string): void {
    const respond = this.#asleep.get(actor);
    this.#asleep.delete(actor);
    respond?.();
  }

  /** Nothing that it waits for is ever done, or answered. */
  drop(actor: string): void {
    this.#pending = this.#pending.filter((one) => one.actor !== actor);
    this.#asleep.delete(actor);
    this.#heard.delete(actor);
    this.#remembered.delete(actor);
  }

  /** It has nothing in hand and begins anew. */
  forget(actor: string): void {
    this.#heard.delete(actor);
  }

  /** Where each actor stands: what it has heard so far says what it will do next. */
  state(): unknown {
    const waits = this.#pending.map(({ actor, name }) => `${actor} ${name}`).toSorted();
    return [waits, this.sleepers.toSorted(), inOrder(this.#heard), inOrder(this.#remembered)];
  }

  async #do({ actor, name, act, failed, resolve, reject }: Pending, manner: Manner): Promise<void> {
    let respond = (): void => reject(new Error(`${name} failed`));
    let reported: unknown = "failed";
    try {
      if (manner !== "refused") {
        const result = await act();
        reported = result;
        respond = () => resolve(result as never);
      }
      if (manner === "refused" || manner === "unanswered") {
        reported = "failed";
        respond = failed === undefined ? () => reject(new Error(`${name} failed`)) : () => resolve(failed() as never);
      }
    } catch (error) {
      reported = String(error);
      respond = () => reject(error);
    }
    const hear = (): void => {
      const heard = this.#heard.get(actor) ?? [];
      heard.push(name, reported, this.#now());
      this.#heard.set(actor, heard);
      if (name === "call" && JSON.stringify(reported).includes('"failed"'))
        this.#remembered.set(actor, `${this.#remembered.get(actor) ?? ""} ${this.#now()}`);
      respond();
    };
    if (manner === "asleep") this.#asleep.set(actor, hear);
    else hear();
  }
}

export function digest(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => (member instanceof Map ? [...member] : member));
  return hash("md5", text, "base64");
}

function inOrder(map: ReadonlyMap<string, unknown>): unknown {
  return [...map].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
