/**
 * The ECS service: keeps as many tasks as are wanted, spread over the zones, starts them no faster than Fargate does
 * and stops them by SIGTERM. How many are wanted is up to the scaling policies: it grows when either asks for it and
 * shrinks when both do.
 */
import type { Settings } from "../../../core/settings/settings.ts";
import { Budget } from "../run/budget.ts";
import type { Task } from "../run/task.ts";
import type { VirtualTime } from "../run/virtual-time.ts";
import type { SimulatedQueue } from "./message-queue.ts";
import { LAUNCHES, START_SECONDS, ZONE_NOTICED_SECONDS } from "./quotas.ts";
import { SimulatedScaling } from "./scaling.ts";

export interface ServiceOptions {
  readonly time: VirtualTime;
  readonly settings: Settings;
  readonly sample: number;
  readonly queue: SimulatedQueue;
  readonly firstTasks: number;
  readonly newTask: (zone: number) => Task;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Kept by the worker of its stop timeout (`containers/confirmation-worker/src/worker.ts`). */
const STOP_MARGIN_SECONDS = 2;

export class SimulatedService {
  readonly #options: ServiceOptions;
  readonly #scaling: SimulatedScaling;
  readonly #launches: Budget;
  readonly #stoppedBy = new Map<Task, number>();
  #tasks: Task[] = [];
  #wanted: number;
  readonly #lostZones = new Set<number>();
  /** Seconds at which ECS notices that tasks are gone. */
  #noticesAt = Number.NEGATIVE_INFINITY;
  #unnoticed = 0;
  /** Deliveries that a stop cut off. */
  interrupted = 0;
  scaledIn = 0;
  isDown = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
    const { settings, firstTasks } = options;
    this.#scaling = new SimulatedScaling(settings, firstTasks);
    this.#launches = new Budget(LAUNCHES.perSecond, options.time.now, LAUNCHES.burst);
    this.#wanted = firstTasks;
    for (let count = 0; count < firstTasks; count += 1) this.#launch().mode = "running";
  }

  get running(): readonly Task[] {
    return this.#tasks.filter(({ mode }) => mode === "running");
  }

  /** All that are paid for. */
  get alive(): number {
    return this.#tasks.length;
  }

  /** Each tick. */
  drain(): void {
    const now = this.#options.time.now();
    for (const [task, until] of this.#stoppedBy) {
      if (task.held > 0 && now < until) continue;
      this.interrupted += task.held * this.#options.sample;
      task.kill();
      this.#stoppedBy.delete(task);
      this.#tasks = this.#tasks.filter((one) => one !== task);
    }
  }

  /** Each second. */
  scale(second: number): void {
    const { queue, sample } = this.#options;
    const { running } = this;
    const depths = { waiting: queue.waiting * sample, inFlight: queue.inFlight * sample, ordered: 0 };
    const cpuPercent = () => running.reduce((sum, task) => sum + task.measureCpu(), 0) / running.length;
    this.#wanted = this.#scaling.wantedAt(second, { ...depths, runningTasks: running.length }, cpuPercent);
    this.#keepWanted(second);
  }

  /** All tasks are gone at once. While `isDown` none can be started. */
  loseAll(): void {
    for (const task of this.#tasks) task.kill();
    this.#stoppedBy.clear();
    this.#tasks = [];
  }

  /** Its tasks are gone at once, and no task can be started there. */
  loseZone(zone: number, second: number): void {
    this.#lostZones.add(zone);
    this.#noticesAt = second + ZONE_NOTICED_SECONDS;
    const lost = this.#tasks.filter((task) => task.zone === zone);
    this.#unnoticed = lost.length;
    for (const task of lost) {
      task.kill();
      this.#stoppedBy.delete(task);
    }
    this.#tasks = this.#tasks.filter((task) => task.zone !== zone);
  }

  #keepWanted(second: number): void {
    if (this.isDown) return;
    const { time, settings } = this.#options;
    const unnoticed = second < this.#noticesAt ? this.#unnoticed : 0;
    const there = this.#tasks.filter(({ mode }) => mode === "starting" || mode === "running");
    for (let missing = this.#wanted - there.length - unnoticed; missing > 0 && this.#launches.has; missing -= 1) {
      this.#launches.take(1);
      this.#start(this.#launch());
    }
    const tooMany = there
      .filter(({ mode }) => mode === "running")
      .toSorted((a, b) => this.#inZone(b.zone) - this.#inZone(a.zone));
    for (const task of tooMany.slice(0, Math.max(0, there.length - this.#wanted))) {
      task.mode = "stopping";
      this.scaledIn += 1;
      this.#stoppedBy.set(task, time.now() + (settings.worker.stopTimeoutSeconds - STOP_MARGIN_SECONDS) * 1000);
    }
  }

  #launch(): Task {
    const { newTask, settings } = this.#options;
    const zones = Array.from({ length: settings.network.zones }, (_, zone) => zone);
    const [zone = 0] = zones
      .filter((one) => !this.#lostZones.has(one))
      .toSorted((a, b) => this.#inZone(a) - this.#inZone(b));
    const task = newTask(zone);
    this.#tasks.push(task);
    return task;
  }

  #start(task: Task): void {
    const { time, random } = this.#options;
    const seconds = START_SECONDS.least + random() * (START_SECONDS.most - START_SECONDS.least);
    time.at(time.now() + seconds * 1000, () => {
      if (task.mode === "starting") task.mode = "running";
    });
  }

  #inZone(zone: number): number {
    return this.#tasks.filter((task) => task.zone === zone).length;
  }
}
