/**
 * Runs a test file for jest by Node's own `import`, in the place of jest's loader: what is tested runs as it does where
 * it is deployed. Jest makes one of these a test file and uses no more of it than there is here; what tests may use of
 * `jest` is `jestObject`. Modules cannot be mocked: what a test wants in the place of something else is handed in.
 *
 * Decision 70 has the reasons.
 */
import { createRequire } from "node:module";
import type { Jest, JestEnvironment } from "@jest/environment";
import { TEST_TIMEOUT } from "./environment.ts";
import { setGlobals } from "./jest-globals.ts";
import { importForTestFile, nextTestFile, registerModuleHooks } from "./modules.ts";

const require = createRequire(import.meta.url);
/** Where jest-circus keeps who hears of its events. */
const EVENT_HANDLERS = Symbol.for("EVENT_HANDLERS");

registerModuleHooks();

class PlainNodeRuntime {
  readonly #environment: JestEnvironment;

  constructor(_config: unknown, environment: JestEnvironment) {
    this.#environment = environment;
    nextTestFile();
  }

  unstable_shouldLoadAsEsm(): true {
    return true;
  }

  async unstable_importModule(path: string): Promise<void> {
    await importForTestFile(path);
  }

  requireModule(path: string): unknown {
    return require(path);
  }

  /** The runner's own module, with the tests of one file: anew for each. */
  requireInternalModule(path: string): unknown {
    Reflect.deleteProperty(globalThis, EVENT_HANDLERS);
    Reflect.deleteProperty(require.cache, path);
    return require(path);
  }

  setGlobalsForRuntime(globals: Parameters<typeof setGlobals>[0]): void {
    setGlobals(globals, jestObject(this.#environment));
  }

  /** Types are stripped in their place, so that there is nothing to map. */
  getSourceMaps(): Map<string, string> {
    return new Map();
  }

  enterTestCode(): void {}
  leaveTestCode(): void {}
  getAllCoverageInfoCopy(): undefined {}
  teardown(): void {}
}

function jestObject({ moduleMocker, fakeTimersModern }: JestEnvironment): Partial<Jest> {
  if (moduleMocker === null || fakeTimersModern === null) throw new Error("the environment is not that of plain Node");
  const jest: Partial<Jest> = {
    fn: moduleMocker.fn.bind(moduleMocker),
    spyOn: moduleMocker.spyOn.bind(moduleMocker),
    restoreAllMocks() {
      moduleMocker.restoreAllMocks();
      return jest as Jest;
    },
    setTimeout(ms) {
      Reflect.set(globalThis, TEST_TIMEOUT, ms);
      return jest as Jest;
    },
    useFakeTimers(config) {
      fakeTimersModern.useFakeTimers(config as Parameters<typeof fakeTimersModern.useFakeTimers>[0]);
      return jest as Jest;
    },
    useRealTimers() {
      fakeTimersModern.useRealTimers();
      return jest as Jest;
    },
    advanceTimersByTime: (ms) => fakeTimersModern.advanceTimersByTime(ms),
    runAllTimers: () => fakeTimersModern.runAllTimers(),
    getTimerCount: () => fakeTimersModern.getTimerCount(),
  };
  return jest;
}

// Jest takes a runtime by `require`.
export { PlainNodeRuntime as "module.exports" };
