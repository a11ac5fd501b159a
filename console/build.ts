/**
 * `node console/build.ts <folder>`: the console's files, for whoever serves them. Names of files under `assets/` have
 * the digest of their content, so that a browser may keep them for good.
 */
import { join, resolve } from "node:path";
import { build, type Rolldown } from "vite";

const HERE = import.meta.dirname;
/** Of two years ago, as those of support have them. */
const TARGET = "es2022";
/** Packages mark modules for frameworks that render on servers; here there is none. */
const EXPECTED = new Set(["MODULE_LEVEL_DIRECTIVE"]);

export async function buildConsole(outDir: string): Promise<void> {
  // Whatever whoever asks runs under, such as a test: packages have another build for development, twice as large.
  process.env["NODE_ENV"] = "production";
  await build({
    configFile: false,
    root: HERE,
    logLevel: "warn",
    envDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: TARGET,
      // Inlined as `data:` it would need a wider policy.
      assetsInlineLimit: 0,
      // Would be inline.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      rolldownOptions: {
        onwarn(warning: Rolldown.RolldownLog, warn: (warning: Rolldown.RolldownLog) => void) {
          if (!EXPECTED.has(warning.code ?? "")) warn(warning);
        },
      },
    },
    resolve: { alias: { "node:crypto": join(HERE, "src/node-crypto.ts") } },
  });
}

const [, script, folder] = process.argv;
if (script !== undefined && resolve(script) === import.meta.filename) {
  if (folder === undefined) throw new Error("Got no folder; expected where the files are to go.");
  await buildConsole(resolve(folder));
}
