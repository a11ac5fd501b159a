/**
 * Bundles every program of the pipeline with esbuild while the stack is synthesized: one ES module each, the AWS SDK
 * included, so that what was tested is what is deployed. Needs no Docker and no network, runs only when something that
 * it reads has changed, and touches a file only when its content changed, whole and in one step: a second synthesis
 * beside this one never reads half a bundle.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type BuildOptions, type Message, type Metafile, buildSync, version } from "esbuild";
import { PipelineError } from "../../core/errors/pipeline-error.ts";
import { errorLine } from "../../core/errors/error-fields.ts";
import { KeptBundles } from "./kept-bundles.ts";
import { type Bundles, CHANNEL_SENDERS, PROGRAMS, type ProgramName, WORKER_FOLDER } from "./programs.ts";

export { type Bundles, PROGRAMS, type ProgramName } from "./programs.ts";

const PROJECT_ROOT = resolve(import.meta.dirname, "../..");
const BUILD_FOLDER = ".build";

/** A program cannot be bundled; the message lists every fault with its place. */
export class BundleError extends PipelineError {
  override readonly name = "BundleError";
  readonly code = "BUNDLE_FAILED";
}

/** CommonJS packages inside an ES module still call `require`. */
export const REQUIRE_IN_MODULES = [
  `import { createRequire as __createRequire } from "node:module";`,
  `const require = __createRequire(import.meta.url);`,
].join("\n");

export interface Bundled {
  readonly bundles: Bundles;
  /** What esbuild read and wrote, for tests that look into a program. */
  readonly metafile: Metafile;
}

let bundled: Bundled | undefined;

/**
 * Bundles all programs, or gives back what this process has bundled before.
 * @throws BundleError as `buildPrograms` does
 */
export function bundlePrograms(): Bundled {
  bundled ??= buildPrograms(PROJECT_ROOT);
  return bundled;
}

/**
 * Bundles all programs below `root` into its folder `.build`.
 *
 * @throws BundleError when an entry file is missing or a program does not build
 */
export function buildPrograms(root: string): Bundled {
  requireEntries(root);
  const folderOf = (program: ProgramName) => join(root, BUILD_FOLDER, PROGRAMS[program].folder);
  replaceWhenChanged(
    root,
    join(folderOf("confirmationWorker"), "Dockerfile"),
    readFileSync(join(root, WORKER_FOLDER, "Dockerfile")),
  );
  const names = Object.keys(PROGRAMS) as ProgramName[];
  const bundles = Object.fromEntries(names.map((name) => [name, folderOf(name)])) as Bundles;
  const kept = new KeptBundles(root, JSON.stringify([version, OPTIONS]));
  if (!kept.isCurrent()) {
    const startedAt = Date.now();
    const { outputFiles, metafile } = runEsbuild(root);
    for (const { path, contents } of outputFiles) replaceWhenChanged(root, path, contents);
    kept.keep(metafile, startedAt);
    return { bundles, metafile };
  }
  return {
    bundles,
    get metafile() {
      return kept.metafile();
    },
  };
}

/** Characters after which a line of a bundle is broken, so that stack traces point to a place that can be looked at. */
const LINE_LIMIT = 160;

const FILES = [
  ...Object.values(PROGRAMS),
  ...CHANNEL_SENDERS.carriedBy.map((program) => ({ ...CHANNEL_SENDERS, folder: PROGRAMS[program].folder })),
];

const OPTIONS = {
  entryPoints: Object.fromEntries(
    FILES.map(({ entry, folder, file }) => [`${folder}/${file.replace(/\.mjs$/, "")}`, entry]),
  ),
  outdir: BUILD_FOLDER,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  external: [`*/${CHANNEL_SENDERS.file}`],
  define: {
    // So undici is bundled as in Node itself: without its second parser.
    esbuildDetection: "true",
    CHANNEL_SENDERS_FILE: JSON.stringify(`./${CHANNEL_SENDERS.file}`),
  },
  banner: { js: REQUIRE_IN_MODULES },
  legalComments: "none",
  // V8 keeps a program's text, in twice the bytes for a single character beyond Latin-1 in a comment.
  minifyWhitespace: true,
  lineLimit: LINE_LIMIT,
  logLevel: "silent",
} as const satisfies BuildOptions;

function runEsbuild(root: string) {
  try {
    const { mainFields, external } = OPTIONS;
    return buildSync({ ...OPTIONS, mainFields: [...mainFields], external: [...external], absWorkingDir: root });
  } catch (cause) {
    throw new BundleError(
      `The programs cannot be bundled:\n${faultsOf(cause)}\nCorrect the files named above, or run npm ci ` +
        "if a package is missing.",
      { cause },
    );
  }
}

function requireEntries(root: string): void {
  const missing = FILES.filter(({ entry }) => !existsSync(join(root, entry)));
  if (missing.length === 0) return;
  const lines = missing.map(({ entry, folder }) => `  ${folder}: expected its entry file ${entry}, got none`);
  throw new BundleError(`The programs cannot be bundled:\n${lines.join("\n")}\nRestore the files named above.`);
}

function faultsOf(cause: unknown): string {
  const { errors } = cause as { readonly errors?: readonly Message[] };
  if (!Array.isArray(errors)) return `  ${errorLine(cause)}`;
  return errors
    .map(({ text, location }: Message) =>
      location ? `  ${location.file}:${location.line}:${location.column}: ${text}` : `  ${text}`,
    )
    .join("\n");
}

function replaceWhenChanged(root: string, path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const unfinished = join(root, BUILD_FOLDER, `.unfinished-${process.pid}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(unfinished, contents);
  renameSync(unfinished, path);
}
