/**
 * `release-due` as it is deployed, in a process of its own, so that its CPU time is its own: bundle and environment of
 * the template.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { releaseDueEnvironment } from "../../../lambdas/release-due/environment.ts";
import { FUNCTION_NAMES } from "../../../core/settings/names.ts";
import { functionDefinition } from "../../../local/functions/function-definition.ts";
import { arnOf, awsEnvironment } from "../../../local/machine.ts";
import type { Emulators } from "../end-to-end/emulators.ts";

export type FunctionOrder = "go" | "end";
export type FunctionNews =
  | { readonly kind: "ready" }
  | { readonly kind: "used"; readonly cpuUs: number }
  | { readonly kind: "ended" };

/** Nothing listens there, and nothing here asks it. */
const NO_SERVICE = "http://127.0.0.1:1";
/** Far above what the servers take, so that they are the limit. */
const RATE = "100000";

export class FunctionProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<never>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#exited = once(child, "exit").then(([code, signal]) => {
      throw new Error(`${FUNCTION_NAMES.releaseDue} ended by itself (${code ?? signal}).`);
    });
    this.#exited.catch(() => undefined);
  }

  /** @throws Error when it does not start */
  static async start(emulators: Emulators): Promise<FunctionProcess> {
    const { module, environment } = definitionIn(emulators);
    const child = fork(join(import.meta.dirname, "function-child.ts"), [module], {
      env: { PATH: process.env["PATH"], ...environment, [releaseDueEnvironment.names.maxReleaseRate]: RATE },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const started = new FunctionProcess(child);
    await started.#hear("ready");
    return started;
  }

  go(): void {
    this.#tell("go");
  }

  /** @returns microseconds of CPU, user and system, since it was told to go; once its run has ended */
  async end(): Promise<number> {
    const used = this.#hear("used");
    const ended = this.#hear("ended");
    this.#tell("end");
    const [{ cpuUs }] = await Promise.all([used, ended]);
    return cpuUs;
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#exited.catch(() => undefined);
  }

  /** Rejects when the process ends. */
  get failed(): Promise<never> {
    return this.#exited;
  }

  #tell(order: FunctionOrder): void {
    this.#child.send(order);
  }

  #hear<Kind extends FunctionNews["kind"]>(kind: Kind): Promise<Extract<FunctionNews, { kind: Kind }>> {
    const heard = new Promise<Extract<FunctionNews, { kind: Kind }>>((resolve) => {
      const listen = (news: FunctionNews): void => {
        if (news.kind !== kind) return;
        this.#child.off("message", listen);
        resolve(news as Extract<FunctionNews, { kind: Kind }>);
      };
      this.#child.on("message", listen);
    });
    return Promise.race([heard, this.#exited]);
  }
}

function definitionIn({ stack: { assembly, resources, endpoints } }: Emulators) {
  const name = FUNCTION_NAMES.releaseDue;
  const resource = resources
    .ofType("AWS::Lambda::Function")
    .find(({ logicalId }) => resources.refOf(logicalId) === name);
  if (resource === undefined) throw new Error(`the stack has no function ${name}`);
  const others = { s3: NO_SERVICE, cloudwatch: NO_SERVICE, secrets: NO_SERVICE, kms: NO_SERVICE, lambda: NO_SERVICE };
  const identity = { name, arn: arnOf("lambda", `function:${name}`) };
  return functionDefinition(resource, identity, assembly, awsEnvironment({ ...others, ...endpoints }));
}
