import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it } from "@jest/globals";
import { ATTRIBUTE_NAMES, ATTRIBUTES } from "../../../../core/transaction/row/attributes.ts";

const root = join(import.meta.dirname, "../../../..");
const FOLDERS = ["core", "lib", "lambdas", "containers", "local", "tools"];
const CODEC = "core/transaction/row/attributes.ts";
/** Where a word is another thing: a member of a message, a field of a log line, a time to live, a kind of job. */
const OTHER_THINGS: Readonly<Record<string, readonly string[]>> = {
  "core/transaction/row/acknowledgement.ts": ["accepted"],
  "core/transaction/message.ts": ["committedAt", "redelivery"],
  "core/transaction/row/steps.ts": ["attempts"],
  "lib/logs/log-queries.ts": ["attemptCount"],
  "core/settings/names.ts": ["purgeAt"],
  "core/aws/unknown-elsewhere.ts": ["purgeAt"],
  "core/jobs/job.ts": ["redelivery"],
  "lambdas/confirmations-api/handler.ts": ["redelivery"],
  "lambdas/confirmations-api/routes/redeliveries/create-redelivery.ts": ["redelivery"],
  "lambdas/confirmations-api/routes/redeliveries/redelivery-parts.ts": ["redelivery"],
  "local/demo/evidence.ts": ["redelivery"],
  "tools/bench/cost/options.ts": ["redelivery"],
  "tools/chaos/plan/fault.ts": ["redelivery"],
  "tools/chaos/plan/own-fault.ts": ["redelivery"],
  "tools/chaos/plan/plan-redeliveries.ts": ["redelivery"],
  "tools/chaos/run/inject.ts": ["redelivery"],
  "tools/chaos/run/judge-redeliveries.ts": ["redelivery", "settledAt"],
  "tools/chaos/run/redelivery-operator.ts": ["redelivery"],
  "lambdas/receive-acknowledgements/receive-acknowledgement.ts": ["acknowledged"],
  "core/aws/count-acknowledged.ts": ["acknowledged"],
  "core/campaigns/campaign.ts": ["acknowledged"],
  "core/dashboard/campaign-panels.ts": ["acknowledged"],
  "core/merchant/performance.ts": ["accepted"],
  "core/settings/confirming-metrics.ts": ["acknowledged"],
  "lambdas/confirmations-api/routes/imports/import-file.ts": ["intake"],
  "tools/chaos/run/channels/in-flight-steps.ts": ["accepted"],
  "tools/chaos/run/channels/recipient-row.ts": ["steps"],
  // What templates name.
  "core/channels/templates/template-context.ts": ["steps"],
};
/** Words of the language, too: an attribute only where they stand alone, or as PartiQL has one. */
const WORDS = new Set<string>([
  ATTRIBUTES.attempts,
  ATTRIBUTES.accepted,
  ATTRIBUTES.acknowledged,
  ATTRIBUTES.failure,
  ATTRIBUTES.redelivery,
  ATTRIBUTES.steps,
]);
const ANY = ATTRIBUTE_NAMES.join("|");
const TEXT = /"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g;

/** Without comments, addresses of modules, and what names members of our own objects. */
function codeOf(source: string): string {
  return source
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/(?<=^|\s)\/\/[^\n]*/g, "")
    .replaceAll(/\b(?:from|import) "[^"]*"/g, "")
    .replaceAll(/\b(?:Pick|Omit)<[^>]*>/g, "")
    .replaceAll(/"\w+" in \w+/g, "")
    .replaceAll(/^\s+\| "[^"]*"$/gm, "");
}

function literalsIn(source: string): readonly string[] {
  const code = codeOf(source);
  const inTexts = [...code.matchAll(TEXT)].flatMap(([literal]) => {
    const words = literal.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, "");
    return [...words.matchAll(new RegExp(`(?<![:\\w.])(?:${ANY})\\b`, "g"))]
      .filter(
        ([name]) =>
          !WORDS.has(name) || words === name || new RegExp(`\\b${name}(?:=|<| IS |\\.code|\\.version)`).test(words),
      )
      .map(([name]) => name);
  });
  const asMembers = [...code.matchAll(new RegExp(`(?<![\\w.])(${ANY}): (?:\\{ [SNML]:|text\\(|number\\()`, "g"))];
  const taken = [...code.matchAll(new RegExp(`\\b(${ANY})\\b[^{}]*\\} = (?:row|image|item|newImage|oldImage);`, "g"))];
  return [...inTexts, ...asMembers.map(([, name = ""]) => name), ...taken.map(([, name = ""]) => name)];
}

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map(({ parentPath, name }) => relative(root, join(parentPath, name))),
).filter((file) => file !== CODEC && !file.includes("/node_modules/"));

it("has the names of the pipeline's own attributes in one place", () => {
  const literals = files.flatMap((file) =>
    literalsIn(readFileSync(join(root, file), "utf8"))
      .filter((name) => OTHER_THINGS[file]?.includes(name) !== true)
      .map((name) => `${file}: ${name}`),
  );
  expect(literals).toStrictEqual([]);
});

it.each([
  ['row["dueKey"]', ["dueKey"]],
  ["where(`dueAt=?`)", ["dueAt"]],
  ['"confirmationState IS MISSING OR stateVersion<>?"', ["confirmationState", "stateVersion"]],
  ['"accepted.version IS MISSING"', ["accepted"]],
  ["({ dueKey: { S: key } })", ["dueKey"]],
  ["({ releaseNumber: number(3) })", ["releaseNumber"]],
  ["const { transactionId, dueAt } = row;", ["dueAt"]],
  ['"was accepted after two attempts"', []],
  ['Pick<Progress, "attemptCount" | "attempts">', []],
  ['"failure" in effect', []],
  ["`${ATTRIBUTES.dueKey} = :dueKey`", []],
  ['import { failure } from "./failure.ts"; /** "dueKey" */', []],
])("knows a literal from what is none: %s", (code, expected) => {
  expect(literalsIn(code)).toStrictEqual(expected);
});

it("names each attribute as it stands in the table", () => {
  expect(Object.entries(ATTRIBUTES).filter(([meaning, name]) => meaning !== name)).toStrictEqual([]);
});
