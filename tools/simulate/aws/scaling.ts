/**
 * How many tasks the service is to run, by the stack's two policies: it grows when either asks for it and shrinks when
 * both do, each time after the cooldown of the time before.
 */
import {
  backlogPerTask,
  CPU_RESOLUTION_SECONDS,
  CPU_TARGET_PERCENT,
  type QueueDepths,
  SCALE_IN_COOLDOWN_SECONDS,
  SCALE_OUT_COOLDOWN_SECONDS,
  targetBacklogPerTask,
} from "../../../core/settings/scaling.ts";
import type { Settings } from "../../../core/settings/settings.ts";
import { METRIC_DELAY_SECONDS } from "./quotas.ts";
import { TargetTracking } from "./target-tracking.ts";

const QUEUE_METRICS_EVERY_SECONDS = 60;

export class SimulatedScaling {
  readonly #settings: Settings;
  readonly #cpu = new TargetTracking({
    target: CPU_TARGET_PERCENT,
    periodSeconds: CPU_RESOLUTION_SECONDS,
    delaySeconds: METRIC_DELAY_SECONDS.each20Seconds,
  });
  readonly #backlog: TargetTracking;
  /** Seconds before which it does neither. */
  #growFrom = 0;
  #shrinkFrom = 0;
  #wanted: number;

  constructor(settings: Settings, firstTasks: number) {
    this.#settings = settings;
    this.#wanted = firstTasks;
    this.#backlog = new TargetTracking({
      target: targetBacklogPerTask(settings),
      periodSeconds: QUEUE_METRICS_EVERY_SECONDS,
      delaySeconds: METRIC_DELAY_SECONDS.eachMinute,
    });
  }

  /**
   * Each second.
   * @param cpuPercent the tasks' mean; asked for only when it is measured.
   * @returns how many tasks are wanted
   */
  wantedAt(second: number, depths: QueueDepths, cpuPercent: () => number): number {
    if (this.#cpu.isDue(second) && depths.runningTasks > 0) this.#cpu.measured(second, cpuPercent());
    if (this.#backlog.isDue(second)) this.#backlog.measured(second, backlogPerTask(depths, this.#settings));
    this.#decide(second);
    return this.#wanted;
  }

  #decide(second: number): void {
    const { minTasks, maxTasks } = this.#settings.worker;
    const wishes = [this.#cpu.wish(second), this.#backlog.wish(second)];
    const scaled = (kind: "grow" | "shrink") =>
      wishes.map((wish) => (wish.kind === kind ? Math.ceil(this.#wanted * wish.factor) : 0));
    const most = Math.min(maxTasks, Math.max(...scaled("grow")));
    if (most > this.#wanted) {
      if (second < this.#growFrom) return;
      this.#wanted = most;
      this.#growFrom = second + SCALE_OUT_COOLDOWN_SECONDS;
      return;
    }
    const fewer = Math.max(minTasks, ...scaled("shrink"));
    if (second < this.#shrinkFrom || fewer >= this.#wanted || !wishes.every(({ kind }) => kind === "shrink")) return;
    this.#wanted = fewer;
    this.#shrinkFrom = second + SCALE_IN_COOLDOWN_SECONDS;
  }
}
