/** `npx confirmations imports`: which there are, how far each is, what was rejected; pause, resume and cancel. */
import { existsSync } from "node:fs";
import { type Command, Option } from "@commander-js/extra-typings";
import { wrongLine } from "../frame/command-failure.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { table } from "../show/output.ts";
import { exitOfImport, followedImport, type Import, importNow, importText, saveRejected } from "./imports/follow.ts";

const MAX_LIMIT = 100;
const ACTS = [
  ["pause", "Begins no further rows until it is resumed"],
  ["resume", "Goes on with an import that was paused, or stands still"],
  ["cancel", "Ends an import for good; what was accepted stays"],
] as const;

export function importsCommands(parent: Command, run: Run): void {
  const imports = parent
    .command("imports")
    .description("Lists and shows imports of files, and pauses, resumes and cancels them");
  listCommand(imports, run);
  const shown = "of an import, as `import` prints it";
  leaf(imports, "get", "Shows how far an import is")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("imports get 3f0a…", "imports get 3f0a… --json | jq .counts"))
    .action(
      run(async (session, jobId) => {
        const one = await importNow(session, jobId);
        session.output.show(one, () => importText(one));
      }),
    );
  leaf(imports, "watch", "Follows an import until it is over or paused")
    .argument("<jobId>", shown)
    .addHelpText("after", examples("imports watch 3f0a…"))
    .action(
      run(async (session, jobId) => {
        const over = await followedImport(session, await importNow(session, jobId));
        session.output.show(over, () => importText(over));
        return exitOfImport(over);
      }),
    );
  leaf(imports, "rejected", "Saves the file with the rejected rows, to be corrected and imported again")
    .argument("<jobId>", shown)
    .argument("<file>", "a new one")
    .addHelpText("after", examples("imports rejected 3f0a… rejected.csv"))
    .action(
      run(async (session, jobId, file) => {
        if (existsSync(file)) throw wrongLine(`The file ${file} is there, expected a new one`);
        await saveRejected(session, jobId, file);
        session.output.show({ file }, () => `The rejected rows are in ${file}: correct them, and import that file.`);
      }),
    );
  for (const [verb, says] of ACTS)
    leaf(imports, verb, says)
      .argument("<jobId>", shown)
      .addHelpText("after", examples(`imports ${verb} 3f0a…`))
      .action(
        run(async (session, jobId) => {
          const params = { path: { jobId } };
          const one = await session.ask((client) => client.POST(`/v1/imports/{jobId}/${verb}`, { params }));
          session.output.show(one, () => importText(one));
        }),
      );
}

function listCommand(parent: Command, run: Run): void {
  leaf(parent, "list", "Lists imports, the newest first")
    .addOption(
      new Option("--limit <count>", "imports of a page, 50 unless given").argParser(
        wholeNumber("--limit", 1, MAX_LIMIT),
      ),
    )
    .option("--cursor <cursor>", "goes on where a page ended")
    .addHelpText("after", examples("imports list", "imports list --json | jq '.items[].jobId'"))
    .action(
      run(async (session, query) => {
        const { limit, cursor } = query;
        const asked = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
        const page = await session.ask((client) => client.GET("/v1/imports", { params: { query: asked } }));
        session.output.show(page, () => {
          const rows = page.items.length === 0 ? "None here." : importsTable(page.items);
          return page.nextCursor === undefined ? rows : `${rows}\n\nThere may be more: --cursor ${page.nextCursor}`;
        });
      }),
    );
}

function importsTable(items: readonly Import[]): string {
  return table(
    ["import", "created", "state", "file", "by", "rows", "accepted", "rejected", "why"],
    items.map(({ jobId, createdAt, state, fileName, requestedBy, counts, reason }) => [
      jobId,
      createdAt,
      state,
      fileName,
      requestedBy,
      counts.rows,
      counts.accepted,
      counts.rejected,
      reason,
    ]),
  );
}
