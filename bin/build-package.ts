/**
 * Makes `dist/`, which is what `npm pack` packs: the construct as JavaScript with its types, as Node strips none in
 * installed packages, and the programs and the command line bundled, so that whoever installs it needs neither their
 * packages nor a bundler.
 */
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { consoleFiles } from "../lib/console/console-files.ts";
import { CONSOLE_FOLDER } from "../lib/console/shipped-console.ts";
import { bundlePrograms, REQUIRE_IN_MODULES } from "../lib/program/bundle.ts";
import { PROGRAMS, type ProgramName } from "../lib/program/programs.ts";

const ROOT = resolve(import.meta.dirname, "..");
const DIST = join(ROOT, "dist");
const DAEMON = "containers/xray-daemon/Dockerfile";

rmSync(DIST, { recursive: true, force: true });
const { resolve: find } = createRequire(import.meta.url);
const tsc = join(dirname(find("typescript/package.json")), "bin/tsc");
const { status } = spawnSync(process.execPath, [tsc, "-p", "tsconfig.package.json"], { cwd: ROOT, stdio: "inherit" });
if (status !== 0) throw new Error(`The compiler ended with code ${status}, expected 0; correct what it names above.`);

const { bundles } = bundlePrograms();
for (const [name, { folder }] of Object.entries(PROGRAMS))
  cpSync(bundles[name as ProgramName], join(DIST, "programs", folder), { recursive: true });
cpSync(consoleFiles(), join(DIST, CONSOLE_FOLDER), { recursive: true });
cpSync(join(ROOT, DAEMON), join(DIST, DAEMON));
buildSync({
  absWorkingDir: ROOT,
  entryPoints: ["bin/confirmations/main.ts"],
  outfile: join(DIST, "bin/confirmations.mjs"),
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  banner: { js: REQUIRE_IN_MODULES },
  legalComments: "none",
});
