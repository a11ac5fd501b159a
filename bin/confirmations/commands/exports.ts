/** `npx confirmations exports`: which there are, how far each is, their files; pause, resume and cancel. */
import { existsSync } from "node:fs";
import { type Command, Option } from "@commander-js/extra-typings";
import { wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { table } from "../show/output.ts";
import { exitOfExport, type Export, exportNow, exportText, followedExport, saveExport } from "./exports/follow.ts";

const MAX_LIMIT = 100;
const ACTS = [
  ["pause", "Reads nothing more until it is resumed"],
  ["resume", "Goes on with an export that was paused, or stands still"],
  ["cancel", "Ends an export for good; there is no file"],
] as const;

export function exportsCommands(parent: Command, run: Run): void {
  const exports = parent
    .command("exports")
    .description("Lists and shows exports, saves their files, and pauses, resumes and cancels them");
  listCommand(exports, run);
  const shown = "of an export, as `export --no-wait` prints it";
  leaf(exports, "get", "Shows how far an export is")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("exports get 3f0a…", "exports get 3f0a… --json | jq .counts"))
    .action(
      run(async (session, jobId) => {
        const one = await exportNow(session, jobId);
        session.output.show(one, () => exportText(one));
      }),
    );
  leaf(exports, "watch", "Follows an export until it is over or paused")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("exports watch 3f0a…"))
    .action(
      run(async (session, jobId) => {
        const over = await followedExport(session, await exportNow(session, jobId));
        session.output.show(over, () => exportText(over));
        return exitOfExport(over);
      }),
    );
  leaf(exports, "file", "Writes the file of an export to standard output, or into a file")
    .argument("<jobId>", shown)
    .argument("[file]", "a new one")
    .addHelpText("after", examples("exports file 3f0a… > november.csv", "exports file 3f0a… november.csv"))
    .action(
      run(async (session, jobId, file) => {
        if (file !== undefined && existsSync(file)) throw wrongLine(`The file ${file} is there, expected a new one`);
        if (session.output.isJson && file === undefined)
          throw wrongLine("--json goes with a file: without one it goes to standard output");
        await saveExport(session, jobId, file);
        if (file !== undefined) session.output.show({ file }, () => `The export is in ${file}.`);
      }),
    );
  for (const [verb, says] of ACTS)
    leaf(exports, verb, says)
      .argument("<jobId>", shown)
      .addHelpText("after", examples(`exports ${verb} 3f0a…`))
      .action(
        run(async (session, jobId) => {
          const params = { path: { jobId } };
          const one = await session.ask((client) => client.POST(`/v1/exports/{jobId}/${verb}`, { params }));
          session.output.show(one, () => exportText(one));
        }),
      );
}

function listCommand(parent: Command, run: Run): void {
  leaf(parent, "list", "Lists exports, the newest first")
    .addOption(
      new Option("--limit <count>", "exports of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .option("--cursor <cursor>", "goes on where a page ended")
    .addHelpText("after", examples("exports list", "exports list --json | jq '.items[].jobId'"))
    .action(
      run(async (session, query) => {
        const { limit, cursor } = query;
        const asked = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
        const page = await session.ask((client) => client.GET("/v1/exports", { params: { query: asked } }));
        session.output.show(page, () => {
          const rows = page.items.length === 0 ? "None here." : exportsTable(page.items);
          return page.nextCursor === undefined ? rows : `${rows}\n\nThere may be more: --cursor ${page.nextCursor}`;
        });
      }),
    );
}

function exportsTable(items: readonly Export[]): string {
  return table(
    ["export", "created", "state", "merchant", "from", "to", "by", "transactions", "why"],
    items.map(({ jobId, createdAt, state, merchantId, from, to, requestedBy, counts, reason }) => [
      jobId,
      createdAt,
      state,
      merchantId,
      from,
      to,
      requestedBy,
      counts.rows,
      reason,
    ]),
  );
}
