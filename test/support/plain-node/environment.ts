/**
 * The surroundings of a test file for jest: those of Node itself, not a realm of jest's own, in which every package
 * would be loaded anew for each file. What a file changed of them is put back when it ends, so that the next one in
 * this process begins as if it were the first: variables, console, timers, spies and faked AWS clients.
 *
 * @see https://jestjs.io/docs/configuration#testenvironment-string
 */
import { createRequire } from "node:module";
import { ModernFakeTimers } from "@jest/fake-timers";
import { ModuleMocker } from "jest-mock";
import { withoutTestFiles } from "./modules.ts";

type FakeTimersConfig = ConstructorParameters<typeof ModernFakeTimers>[0]["config"];

const require = createRequire(import.meta.url);
/** Where `jest.setTimeout` puts what it was told. */
export const TEST_TIMEOUT = Symbol.for("TEST_TIMEOUT_SYMBOL");

class PlainNodeEnvironment {
  readonly global = globalThis;
  readonly moduleMocker = new ModuleMocker(globalThis);
  readonly fakeTimers = null;
  readonly fakeTimersModern: ModernFakeTimers;
  readonly #env = { ...process.env };
  readonly #console = globalThis.console;
  readonly #exit = Object.getOwnPropertyDescriptor(process, "exit");

  constructor({ projectConfig }: { readonly projectConfig: FakeTimersConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  /** There is none: see `runtime.ts`. */
  getVmContext(): null {
    return null;
  }

  async setup(): Promise<void> {}

  /** What jest-circus says of the tests; of one that failed, where. */
  handleTestEvent(event: { readonly error?: unknown }): void {
    if (event.error instanceof Error && event.error.stack !== undefined)
      event.error.stack = withoutTestFiles(event.error.stack);
  }

  async teardown(): Promise<void> {
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    restoreFakedClients();
    restoreVariables(this.#env);
    globalThis.console = this.#console;
    // Jest puts one that complains in its place.
    if (this.#exit !== undefined) Object.defineProperty(process, "exit", this.#exit);
    Reflect.deleteProperty(globalThis, TEST_TIMEOUT);
  }
}

/** aws-sdk-client-mock fakes a method of a client's class, for whoever makes a client of it later. */
function restoreFakedClients(): void {
  const fakes = createRequire(require.resolve("aws-sdk-client-mock")).resolve("sinon");
  const loaded = require.cache[fakes] as { readonly exports: { restore(): void } } | undefined;
  loaded?.exports.restore();
}

function restoreVariables(before: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, before);
}

// oxlint-disable-next-line import/no-default-export -- jest takes an environment by no other name
export default PlainNodeEnvironment;
