/**
 * The package manager that started this program, `npm` as a rule. When somebody kills it, this program lives on, out of
 * reach of Ctrl-C, with a shell in between that does not notice either: so this program watches it, and a later start
 * can tell that its owner is gone.
 */
import { identify, parentOf, type ProcessIdentity, stillRuns } from "./process-identity.ts";

const LOOK_EVERY_MS = 500;
/** Package managers run a script in a shell. */
const SHELL = /^(?:\S*\/)?(?:sh|bash|dash|zsh|ash)\b/;

/** @returns undefined when the program was started directly: then it lives on with whom it likes */
export function findStarter(environment: NodeJS.ProcessEnv): ProcessIdentity | undefined {
  if (environment["npm_lifecycle_event"] === undefined) return undefined;
  const parent = identify(process.ppid);
  if (parent === undefined || !SHELL.test(parent.command)) return parent;
  const above = parentOf(parent.pid);
  return above === undefined ? undefined : identify(above);
}

/** Resolves when it has ended; never keeps this program alive. */
export function untilEnded(starter: ProcessIdentity): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (stillRuns(starter)) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY_MS).unref();
  });
}
