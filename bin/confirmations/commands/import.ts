/** `npx confirmations import`: uploads a file of transactions, and follows its import to the end. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { type Command, Option } from "@commander-js/extra-typings";
import type { RowKind } from "../../../core/imports/columns.ts";
import { IMPORT_RATE, MAX_IMPORT_RATE } from "../../../core/jobs/import/spec.ts";
import { wrongLine } from "../frame/command-failure.ts";
import { EXIT_CODES } from "../frame/exit-codes.ts";
import { examples, leaf } from "../frame/leaf.ts";
import type { Run } from "../frame/session.ts";
import { wholeNumber } from "../frame/values.ts";
import { exitOfImport, followedImport, importNow, importText, saveRejected } from "./imports/follow.ts";
import { openedFile, uploadFile } from "./imports/upload-file.ts";

export function importCommand(parent: Command, run: Run): void {
  importLeaf(parent, run, {
    summary: "Imports a file of transactions, CSV or JSON Lines, and says which rows were rejected",
    lines: [
      "import november.csv",
      "import november.csv --rejected rejected.csv",
      "import november.csv --no-wait --json | jq -r .jobId",
    ],
    of: "transactions",
  });
}

interface ImportLeaf {
  readonly summary: string;
  /** Examples. */
  readonly lines: readonly string[];
  readonly of: RowKind;
}

/** `import` below a command. */
export function importLeaf(parent: Command, run: Run, { summary, lines, of }: ImportLeaf): void {
  leaf(parent, "import", summary)
    .argument("<file>", "in UTF-8, with a header where it is CSV")
    .option("--why <text>", "for whoever looks at it later (imported by hand)")
    .addOption(
      new Option("--rate <count>", `most rows that are submitted in a second (${IMPORT_RATE})`).argParser(
        wholeNumber("--rate", 1, MAX_IMPORT_RATE),
      ),
    )
    .option("--rejected <file>", "where the rejected rows go, to be corrected and imported again")
    .option("--no-wait", "not until it is over")
    .addHelpText("after", examples(...lines))
    .action(
      run(async (session, file, { why, rate, rejected, wait }) => {
        if (rejected !== undefined && existsSync(rejected))
          throw wrongLine(`--rejected names a file that is there, ${rejected}; expected a new one`);
        if (rejected !== undefined && !wait) throw wrongLine("--rejected goes without --no-wait; see imports rejected");
        const blob = await openedFile(file);
        if (blob.size === 0) throw wrongLine("The file is empty, expected rows");
        const upload = await session.ask((client) =>
          client.POST("/v1/imports/uploads", {
            body: {
              fileName: basename(file),
              reason: why ?? "imported by hand",
              ratePerSecond: rate ?? IMPORT_RATE,
              ...(of !== "transactions" && { of }),
            },
          }),
        );
        await uploadFile(session, blob, file, upload);
        const begun = await importNow(session, upload.jobId);
        if (!wait) {
          session.output.show(
            begun,
            () => `${importText(begun)}\n\nFollow it: npx confirmations imports watch ${begun.jobId}`,
          );
          return EXIT_CODES.done.code;
        }
        const over = await followedImport(session, begun);
        const hasRejected = over.counts.rejected > 0;
        if (hasRejected && rejected !== undefined) await saveRejected(session, over.jobId, rejected);
        session.output.show(over, () => {
          if (!hasRejected) return importText(over);
          const hint =
            rejected === undefined
              ? `The rejected rows: npx confirmations imports rejected ${over.jobId} rejected.csv`
              : `The rejected rows are in ${rejected}: correct them, and import that file.`;
          return `${importText(over)}\n\n${hint}`;
        });
        return exitOfImport(over);
      }),
    );
}
