/** The demo's side of the fleet: starts its process, asks it, ends it. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { constants, setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import type { Delivery, LedgerCounts } from "./ledger.ts";
import type { FleetMerchant, FleetReplies, FleetRequest, Numbered, Turn, Watchers } from "./messages.ts";

const PROGRAM = fileURLToPath(new URL("fleet-process.ts", import.meta.url));

interface Waiting {
  readonly resolve: (content: never) => void;
  readonly reject: (error: Error) => void;
}

export class Fleet {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #requests = 0;

  /** @param options `givesWay`: every other process of this machine goes first. @default false */
  constructor({ givesWay = false }: { readonly givesWay?: boolean } = {}) {
    this.#child = fork(PROGRAM, [], {
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    if (givesWay && this.#child.pid !== undefined) setPriority(this.#child.pid, constants.priority.PRIORITY_LOW);
    this.#child.on("message", ({ id, content }: Numbered<never>) => {
      this.#waiting.get(id)?.resolve(content);
      this.#waiting.delete(id);
    });
    this.#child.on("exit", (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`The process of the fleet has ended (${signal ?? code}); see its message above.`));
      this.#waiting.clear();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @returns the port of each merchant, by id */
  listen(
    merchants: readonly FleetMerchant[],
    deadlineMs: number,
    seed: number,
  ): Promise<Readonly<Record<string, number>>> {
    return this.#ask({ kind: "listen", merchants, deadlineMs, seed });
  }

  /**
   * @param secrets `whsec_…` by merchant id
   * @param acknowledgementUrl where they acknowledge. @default none of them does
   */
  async trust(secrets: Readonly<Record<string, string>>, acknowledgementUrl?: string): Promise<void> {
    await this.#ask({ kind: "trust", secrets, acknowledgementUrl });
  }

  /** Has a merchant behave otherwise from now on, on the same port. */
  async turn(merchantId: string, into: Turn): Promise<void> {
    await this.#ask({ kind: "turn", merchantId, into });
  }

  /** Has a merchant listen at another loopback address instead, on the same port. */
  async move(merchantId: string, to: string): Promise<void> {
    await this.#ask({ kind: "move", merchantId, to });
  }

  /** Opens listeners on addresses outside every allow-list; before `listen`. */
  watch(): Promise<Watchers> {
    return this.#ask({ kind: "watch" });
  }

  /** The listeners that were connected to, once for each connection. */
  reached(): Promise<readonly string[]> {
    return this.#ask({ kind: "reached" });
  }

  counts(): Promise<LedgerCounts> {
    return this.#ask({ kind: "counts" });
  }

  /** Deliveries that arrived up to that moment and are neither answered nor abandoned. */
  open(arrivedUpToMs: number): Promise<number> {
    return this.#ask({ kind: "open", arrivedUpToMs });
  }

  ledger(): Promise<readonly Delivery[]> {
    return this.#ask({ kind: "ledger" });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  #ask<Kind extends FleetRequest["kind"]>(content: Extract<FleetRequest, { kind: Kind }>): Promise<FleetReplies[Kind]> {
    const id = (this.#requests += 1);
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new Error("The process of the fleet has ended; see its message above."));
        return;
      }
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, content } satisfies Numbered<FleetRequest>);
    });
  }
}
