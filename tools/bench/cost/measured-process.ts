/**
 * A process that is measured from outside: pinned to one core, told `go` and `stop`, its CPU time and peak memory read
 * from `/proc` (Linux), so that nothing has to be built into it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { errorLine } from "../../../core/errors/error-fields.ts";

/**
 * Of `/proc/<pid>/stat`, in the unit of `sysconf(_SC_CLK_TCK)`: a hundredth of a second on every Linux that Node runs
 * on.
 */
const TICK_US = 10_000;
const READY_WITHIN_MS = 60_000;

export interface MeasuredProcessOptions {
  readonly name: string;
  /** Core that it runs on, alone. */
  readonly core: number;
  readonly nodeFlags?: readonly string[];
  readonly program: string;
  readonly programArguments?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** What it prints once it can be told to go. */
  readonly readyMark: string;
}

export class MeasuredProcess {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #ended: Promise<string>;
  readonly name: string;

  private constructor({
    name,
    core,
    nodeFlags = [],
    program,
    programArguments = [],
    ...options
  }: MeasuredProcessOptions) {
    this.name = name;
    this.#child = spawn(
      "taskset",
      ["--cpu-list", String(core), process.execPath, ...nodeFlags, program, ...programArguments],
      {
        env: { PATH: process.env["PATH"] ?? "", ...options.environment },
        ...(options.workingDirectory !== undefined && { cwd: options.workingDirectory }),
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(errorLine(error)));
      this.#child.once("exit", (code, signal) => resolve(`exit ${code ?? signal ?? ""}`));
    });
  }

  /** @throws Error with its last words when it does not say that it is ready */
  static async start(options: MeasuredProcessOptions): Promise<MeasuredProcess> {
    const started = new MeasuredProcess(options);
    const { promise: ready, resolve } = Promise.withResolvers<"ready">();
    for (const stream of [started.#child.stdout, started.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        if (line.includes(options.readyMark)) resolve("ready");
        started.#lines.push(line);
        if (started.#lines.length > 50) started.#lines.shift();
      });
    }
    const timeout = new Promise<string>((end) => setTimeout(end, READY_WITHIN_MS, "no sign of life").unref());
    const first = await Promise.race([ready, started.#ended, timeout]);
    if (first !== "ready") {
      started.#child.kill("SIGKILL");
      throw new Error(`${options.name} did not start (${first}): ${started.#lines.join("\n")}`);
    }
    return started;
  }

  /** Microseconds of CPU, user and system, that it has used since its start. */
  cpuUs(): number {
    const stat = readFileSync(`/proc/${this.#pid}/stat`, "latin1");
    // The name in brackets may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }

  /** Largest resident memory since its start, in MiB. */
  peakMb(): number {
    return this.#memoryMb("VmHWM");
  }

  /** Resident memory now, in MiB. */
  residentMb(): number {
    return this.#memoryMb("VmRSS");
  }

  tell(word: "go" | "stop"): void {
    this.#child.stdin?.write(`${word}\n`);
  }

  /** The last lines that it has printed. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  async stop(): Promise<void> {
    this.#child.stdin?.end();
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await this.#ended;
    clearTimeout(timer);
  }

  #memoryMb(name: "VmHWM" | "VmRSS"): number {
    const status = readFileSync(`/proc/${this.#pid}/status`, "latin1");
    return Number(new RegExp(String.raw`${name}:\s+(\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024;
  }

  get #pid(): number {
    return this.#child.pid ?? 0;
  }
}
