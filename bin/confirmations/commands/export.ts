/** `npx confirmations export`: a merchant's transactions of a time, to standard output or into a file. */
import { existsSync } from "node:fs";
import { type Command, Option } from "@commander-js/extra-typings";
import { EXPORT_FORMATS } from "../../../core/exports/export-file.ts";
import { EXPORT_RATE, MAX_EXPORT_RATE } from "../../../core/jobs/export/spec.ts";
import { type State, STATES } from "../../../core/transaction/row/row-state.ts";
import { CommandFailure, wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { merchantIdFrom } from "../frame/ids.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run, Session } from "../frame/session.ts";
import { oneOf, wholeNumber } from "../frame/values.ts";
import { type Export, exportText, followedExport, saveExport } from "./exports/follow.ts";

const isState = (text: string | undefined): text is State => STATES.some((state) => state === text);

export function exportCommand(parent: Command, run: Run): void {
  leaf(parent, "export", "Exports a merchant's transactions of a time, oldest first, to standard output or a file")
    .addOption(
      new Option("--merchant <id>", "whose; may be left out with a token of one merchant").argParser(merchantIdFrom),
    )
    .option("--from <time>", "when they occurred, from then on, such as 2026-11-01T00:00:00Z")
    .option("--to <time>", "until then, not included (now)")
    .addOption(
      new Option("--format <format>", `one of ${EXPORT_FORMATS.join(", ")} (csv)`).argParser(
        oneOf("--format", EXPORT_FORMATS),
      ),
    )
    .addOption(new Option("--status <state>", `one of ${STATES.join(", ")}`).argParser(oneOf("--status", STATES)))
    .option("--output <file>", "a new one, in the place of standard output")
    .option("--why <text>", "for whoever looks at it later (exported by hand)")
    .addOption(
      new Option("--rate <count>", `most transactions that are read in a second (${EXPORT_RATE})`).argParser(
        wholeNumber("--rate", 1, MAX_EXPORT_RATE),
      ),
    )
    .option("--no-wait", "not until it is over: `exports file` has the file then")
    .addHelpText(
      "after",
      examples(
        "export --merchant acme --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z > november.csv",
        "export --merchant acme --from 2026-11-01T00:00:00Z --format jsonl | jq -r .amount",
        "export --merchant acme --from 2026-01-01T00:00:00Z --output year.csv --json | jq .counts.rows",
      ),
    )
    .action(
      run(async (session, options) => {
        const { merchant, from, to, format, status, output, why, rate, wait } = options;
        if (isState(options.state)) throw wrongLine(`--state is a directory; expected --status ${options.state}`);
        if (from === undefined) throw wrongLine("--from is missing, expected a time such as 2026-11-01T00:00:00Z");
        if (output !== undefined && !wait) throw wrongLine("--output goes without --no-wait; see exports file");
        if (output !== undefined && existsSync(output))
          throw wrongLine(`--output names a file that is there, ${output}; expected a new one`);
        if (session.output.isJson && wait && output === undefined)
          throw wrongLine("--json goes with --output, or --no-wait: the file itself goes to standard output");
        const asked = await session.ask((client) =>
          client.POST("/v1/exports", {
            body: {
              ...(merchant !== undefined && { merchantId: merchant }),
              from,
              ...(to !== undefined && { to }),
              format: format ?? "csv",
              ...(isState(status) && { state: status }),
              reason: why ?? "exported by hand",
              ratePerSecond: rate ?? EXPORT_RATE,
            },
          }),
        );
        if (!wait) {
          session.output.show(
            asked,
            () => `${exportText(asked)}\n\nFollow it: npx confirmations exports watch ${asked.jobId}`,
          );
          return EXIT_CODES.done.code;
        }
        const over = await followedExport(session, asked);
        if (over.state !== "done") throw unfinished(over);
        await saveExport(session, over.jobId, output);
        if (output !== undefined) session.output.show(over, () => exportText(over));
        else tellApart(session, over);
        return EXIT_CODES.done.code;
      }),
    );
}

function unfinished({ state, jobId }: Export): CommandFailure {
  const remedy =
    state === "paused"
      ? `npx confirmations exports resume ${jobId} has it go on, and exports file saves it`
      : state === "too_large"
        ? "ask for a shorter time"
        : "ask for it anew";
  return new CommandFailure(
    "refused",
    `The export ${jobId} is ${state.replace("_", " ")}, and has no file: ${remedy}.`,
  );
}

/** Beside the file, not in it. */
function tellApart({ around }: Session, { jobId, merchantId, counts, fileUntil }: Export): void {
  around.writeError(
    counts.rows === 0
      ? `No transaction of ${merchantId} occurred within this time.\n`
      : `${counts.rows} transactions. Kept until ${fileUntil}: npx confirmations exports file ${jobId}\n`,
  );
}
