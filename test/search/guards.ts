/**
 * Guards of the protocol, each to be taken out of the code in turn: a search that does not notice would notice nothing.
 * They are taken out of the text of a bundle, so that production code has no switches; a guard that stands in its file
 * no more is an error.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { build } from "esbuild";
import type { Explorer } from "./explore.ts";

export interface Guard {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** What is left of it. */
  readonly without: string;
  /** Name of the scope that notices. */
  readonly scope: string;
}

const APPLY = "core/confirmation/apply/apply.ts";

export const GUARDS: readonly Guard[] = [
  {
    name: "the record of a 2xx comes before the delete",
    file: APPLY,
    text: "const result = await this.#record(record, job);",
    without:
      'if (record.kind === "confirmed") await this.#end(effect.fate, inFlight); ' +
      "const result = await this.#record(record, job);",
    scope: "one version, programs that are killed",
  },
  {
    name: "what came of a redelivery is recorded before the delete",
    file: APPLY,
    text: "const result = await this.#record(record, job);",
    without:
      'if (record.kind === "redelivered") await this.#end(effect.fate, inFlight); ' +
      "const result = await this.#record(record, job);",
    scope: "sent again, programs that are killed",
  },
  {
    name: "a mark of a job that was wiped is put back",
    file: "lambdas/stream-transactions/put-in-place.ts",
    text: "if (before !== undefined) set[name] = before;",
    without: 'if (before !== undefined && name !== "redelivery") set[name] = before;',
    scope: "sent again, and put again meanwhile",
  },
  {
    name: "the dead letter comes before the record",
    file: APPLY,
    text: "await this.#send(send, inFlight, trace?.header);",
    without: "void this.#send(send, inFlight, trace?.header);",
    scope: "one version, a merchant that asks for no more",
  },
  {
    name: "what is about to be sent is recorded before it is sent",
    file: "core/confirmation/channels/channel-send.ts",
    text: "const ending = await this.#apply.to(job, decide.intent(progress));",
    without: 'const ending: string = "intended"; void progress;',
    scope: "by two channels, programs that are killed",
  },
  {
    name: "a step is recorded before its message is deleted",
    file: APPLY,
    text: "const result = await this.#record(record, job);",
    without:
      'if (record.kind === "parked") await this.#end(effect.fate, inFlight); ' +
      "const result = await this.#record(record, job);",
    scope: "by two channels, programs that are killed",
  },
  {
    name: "steps are written only as they were read",
    file: "core/aws/statements/progress.ts",
    text: ": update.where(STEPS_AS_READ, number(version), number(revision));",
    without: ": update;",
    scope: "by two channels, a lease that ends meanwhile",
  },
  {
    name: "a message is heard for its own version alone",
    file: "core/transaction/judge-message.ts",
    text: 'if (versionOf(row) !== message.version) return { kind: "discard", reason: "superseded" };',
    without: "",
    scope: "two versions",
  },
  {
    name: "a version below the highest is set aside",
    file: "lambdas/stream-transactions/decide.ts",
    text: "version < highest ? loweredFailure(version, highest) : generationFailure(newImage)",
    without: "generationFailure(newImage)",
    scope: "a lowered version",
  },
  {
    name: "a dead letter that is put back too early waits for its record",
    file: "core/transaction/judge-message.ts",
    text: 'message.deadLettered === true ? "too early" : "deliver"',
    without: '"deliver"',
    scope: "a lowered version, its dead letter put back",
  },
  {
    name: "no call begins without time for all of it",
    file: "core/confirmation/visibility.ts",
    text: "return inFlight.remainingMs(elapsedMs) >= this.#deadlineMs + FLUSH_MARGIN_MS;",
    without: "return true;",
    scope: "two versions, a visibility that ends meanwhile",
  },
  {
    name: "what is settled is not written over",
    file: "core/aws/statements/conditions.ts",
    text: "(${state}<>'CONFIRMED' AND ${state}<>'FAILED')",
    without: "${state}<>'NONE'",
    scope: "one version, a lease that ends meanwhile",
  },
  {
    name: "what a put of the same version wiped is put back",
    file: "lambdas/stream-transactions/decide.ts",
    text: "const statement = wasWiped(oldImage, newImage)",
    without: "const statement = false",
    scope: "the same version again",
  },
];

/**
 * The search over code that lacks one guard.
 * @throws Error when the guard does not stand in its file as it is written here
 */
export async function explorerWithout({ name, file, text, without }: Guard): Promise<Explorer> {
  let isFound = false;
  const { outputFiles } = await build({
    entryPoints: ["test/search/explore.ts"],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    packages: "external",
    logLevel: "silent",
    plugins: [
      {
        name: "without-a-guard",
        setup: (bundling) =>
          bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
            if (!path.endsWith(`/${file}`)) return undefined;
            const source = await readFile(path, "utf8");
            isFound = source.includes(text);
            return { contents: source.replace(text, without), loader: "ts" };
          }),
      },
    ],
  });
  if (!isFound)
    throw new Error(
      `${file} no longer has the guard "${name}" as ${JSON.stringify(text)}; tell it in test/search/guards.ts.`,
    );
  const module = { exports: {} };
  // oxlint-disable-next-line no-implied-eval -- our own code, bundled just now
  new Function("require", "module", "exports", outputFiles[0]?.text ?? "")(
    createRequire(import.meta.url),
    module,
    module.exports,
  );
  return module.exports as Explorer;
}
