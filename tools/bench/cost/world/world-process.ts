/** The world as a child process on its own core, and what can be asked of it. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { FromWorld, LaneReport, ToWorld } from "./messages.ts";

type Order = ToWorld extends infer Each ? (Each extends ToWorld ? Omit<Each, "id"> : never) : never;

export class World {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<LaneReport>>();
  readonly #ready = Promise.withResolvers<void>();
  #lastId = 0;

  private constructor(core: number) {
    this.#child = spawn(
      "taskset",
      ["--cpu-list", String(core), process.execPath, join(import.meta.dirname, "world.ts")],
      {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      },
    );
    this.#child.on("message", (message: FromWorld) => this.#heard(message));
    this.#child.on("exit", (code) => this.#fail(new Error(`the world ended (${code ?? "killed"})`)));
    this.#child.on("error", (error) => this.#fail(error));
  }

  static async start(core: number): Promise<World> {
    const world = new World(core);
    await world.#ready.promise;
    return world;
  }

  ask(order: Order): Promise<LaneReport> {
    this.#lastId += 1;
    const response = Promise.withResolvers<LaneReport>();
    this.#waiting.set(this.#lastId, response);
    this.#child.send({ ...order, id: this.#lastId });
    return response.promise;
  }

  stop(): void {
    this.#child.removeAllListeners("exit");
    this.#child.disconnect();
  }

  #heard({ id, report, error }: FromWorld): void {
    if (id === 0) return this.#ready.resolve();
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (report !== undefined) waiting?.resolve(report);
    else waiting?.reject(new Error(error));
  }

  #fail(error: Error): void {
    this.#ready.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
  }
}
