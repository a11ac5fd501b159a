/**
 * The AWS SDK as Lambda has it beside a function's code, whose bundle may leave it out. A bundle that is below the
 * app's folder finds the app's packages by itself; for any other they are looked for in the app, then beside this
 * package.
 */
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What NodejsFunction leaves out. */
const PROVIDED = /^(@(?:aws-sdk|smithy)\/[^/]+)/;
const NOT_FOUND = new Set(["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"]);

/** From now on, in this thread. @param appFolder where the app is. @default the current directory */
export function provideSdk(appFolder: string = process.cwd()): void {
  const places = [pathToFileURL(join(appFolder, "package.json")).href, import.meta.url];
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        const [, name] = PROVIDED.exec(specifier) ?? [];
        if (name === undefined || !NOT_FOUND.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
        const found = foundFrom(places, specifier);
        if (found !== undefined) return { url: pathToFileURL(found).href, shortCircuit: true };
        throw new Error(
          `${specifier} is not installed: Lambda has it beside a function's code, this machine has it from the app. ` +
            `Install it there: npm install --save-dev ${name}`,
          { cause: error },
        );
      }
    },
  });
}

function foundFrom(places: readonly string[], specifier: string): string | undefined {
  for (const place of places) {
    try {
      return createRequire(place).resolve(specifier);
    } catch {
      // It may be at the next place.
    }
  }
  return undefined;
}
