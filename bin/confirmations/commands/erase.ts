/**
 * `npx confirmations erase`: what is personal in transactions goes, for good. Without `--yes` it says what would become
 * of each. Ids come as arguments, or one a line from a file or a pipe, in any number.
 */
import type { Command } from "@commander-js/extra-typings";
import type { components } from "../api/api-types.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { transactionIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { fileText } from "../frame/values.ts";
import { table } from "../show/output.ts";

type Result = components["schemas"]["ErasureResult"];

const MOST_IDS = 100;
/** Rounds in which those are asked for again that nobody knew of. */
const ROUNDS = 5;
const AGAIN_MS = 1000;
const GOOD: ReadonlySet<Result["result"]> = new Set(["erased", "already_erased", "would_erase"]);

export function eraseCommand(parent: Command, run: Run): void {
  leaf(parent, "erase", "Erases what is personal in transactions that are over, for good; says first what would be")
    .argument("[transactionIds...]", "of transactions")
    .option("--file <file>", "ids, one a line, of any number; - for standard input")
    .option("--why <text>", "the number of a case; it stays in the audit log, so nothing that names a person")
    .option("--yes", "erases them: there is no way back")
    .addHelpText(
      "after",
      examples(
        'erase t-1 t-2 --why "case 4711"',
        'erase t-1 t-2 --why "case 4711" --yes',
        'erase --file ids.txt --why "case 4711" --yes --json',
      ),
    )
    .action(
      run(async (session, given, { file, why, yes }) => {
        if (why === undefined) throw wrongLine('--why is missing, expected the number of a case, such as "case 4711"');
        const ids = await idsOf(session, given, file);
        const isDryRun = yes !== true;
        const progress = session.progress(isDryRun ? "looked at" : "erased");
        const results: Result[] = [];
        try {
          for (let from = 0; from < ids.length; from += MOST_IDS) {
            results.push(...(await erased(session, ids.slice(from, from + MOST_IDS), why, isDryRun)));
            progress.set(results.length, ids.length);
          }
        } finally {
          progress.stop();
        }
        const counts = countsOf(results);
        session.output.show({ results, counts }, () => textOf(results, counts, isDryRun));
        return results.every(({ result }) => GOOD.has(result)) ? EXIT_CODES.done.code : EXIT_CODES.refused.code;
      }),
    );
}

async function idsOf({ around }: Session, given: readonly string[], file: string | undefined): Promise<string[]> {
  if (given.length > 0 && file !== undefined) throw wrongLine("Expected ids of transactions, or --file, one of them");
  const lines = file === undefined ? given : (await fileText(file, around)).split(/\r\n|\n|\r/);
  const ids = [...new Set(lines.filter((line) => line !== ""))].map(transactionIdFrom);
  if (ids.length === 0) throw wrongLine("Expected ids of transactions, as arguments or one a line in --file");
  return ids;
}

/** Those that the table did not take are asked for again. */
async function erased(
  session: Session,
  transactionIds: readonly string[],
  reason: string,
  dryRun: boolean,
): Promise<readonly Result[]> {
  const known = new Map<string, Result>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const open = transactionIds.filter((id) => (known.get(id)?.result ?? "unavailable") === "unavailable");
    if (open.length === 0) break;
    if (round > 0) await session.around.sleep(AGAIN_MS);
    const body = { transactionIds: open, reason, dryRun };
    const { results } = await session.ask((client) => client.POST("/v1/erasures", { body }));
    for (const one of results) known.set(one.transactionId, one);
  }
  return transactionIds.flatMap((id) => known.get(id) ?? []);
}

function countsOf(results: readonly Result[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { result } of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

function textOf(results: readonly Result[], counts: Readonly<Record<string, number>>, isDryRun: boolean): string {
  const told = results.filter(({ result }) => !GOOD.has(result));
  const rows = told.map(({ transactionId, result, code, detail }) => [transactionId, result, code, detail]);
  const refused = rows.length === 0 ? "" : `${table(["transaction", "result", "why", "what to do"], rows)}\n\n`;
  const said = Object.entries(counts)
    .map(([result, many]) => `${many} ${result.replace("_", " ")}`)
    .join(", ");
  const next = isDryRun && (counts["would_erase"] ?? 0) > 0 ? " Nothing is erased yet. If that is right: --yes" : "";
  return `${refused}${said}.${next}`;
}
