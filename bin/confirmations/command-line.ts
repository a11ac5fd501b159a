/** All commands of `npx confirmations`, in the order of the help. */
import { Command } from "@commander-js/extra-typings";
import { EXIT_CODES } from "./frame/exit-codes.ts";
import { examples, refuseTwiceAndEmpty } from "./frame/leaf.ts";
import type { Run } from "./frame/session.ts";
import { auditLogCommand } from "./commands/audit-log.ts";
import { campaignsCommand } from "./commands/campaigns.ts";
import { channelsCommands } from "./commands/channels.ts";
import { eraseCommand } from "./commands/erase.ts";
import { exportCommand } from "./commands/export.ts";
import { exportsCommands } from "./commands/exports.ts";
import { failuresCommand } from "./commands/failures.ts";
import { getCommand } from "./commands/get.ts";
import { importCommand } from "./commands/import.ts";
import { importsCommands } from "./commands/imports.ts";
import { liveCommand } from "./commands/live.ts";
import { listenCommand } from "./commands/listen.ts";
import { listCommand } from "./commands/list.ts";
import { manifestCommands } from "./commands/manifest.ts";
import { merchantsCommands } from "./commands/merchants.ts";
import { openCommand } from "./commands/open.ts";
import { pauseEverythingCommands } from "./commands/pause.ts";
import { profileCommands } from "./commands/profile.ts";
import { cutoverCommands } from "./commands/cutover.ts";
import { eventsCommands } from "./commands/events.ts";
import { redeliverCommand } from "./commands/redeliver.ts";
import { redeliveriesCommands } from "./commands/redeliveries.ts";
import { restoreCommands } from "./commands/restore.ts";
import { submitCommand } from "./commands/submit.ts";
import { templatesCommands } from "./commands/templates.ts";
import { tokenCommand } from "./commands/token.ts";
import { traceCommand } from "./commands/trace.ts";
import { watchCommand } from "./commands/watch.ts";

export interface HelpPlace {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly columns: number;
}

const EXAMPLES = examples(
  "merchants register acme --url http://127.0.0.1:3000/prod/confirmation",
  "submit --id t-1 --merchant acme --outcome APPROVED --amount 12.50 --currency EUR",
  "watch t-1",
  "list --merchant acme --profile live",
);
const EXITS = Object.values(EXIT_CODES).map(({ code, says }) => `  ${code}  ${says}\n`);

export function commandLine(run: Run, { write, writeError, columns }: HelpPlace): Command {
  const program = new Command("npx confirmations")
    .description("Submits transactions, shows what became of them, and keeps merchants, through the HTTP API.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: write,
      writeErr: writeError,
      // Told as one sentence by whoever runs it.
      outputError: () => undefined,
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText(
      "after",
      `${EXAMPLES}
It works on the stack of \`npm start\` unless --profile names a deployed API.

Exit codes:
${EXITS.join("")}`,
    );
  submitCommand(program, run);
  importCommand(program, run);
  importsCommands(program, run);
  exportCommand(program, run);
  exportsCommands(program, run);
  getCommand(program, run);
  listCommand(program, run);
  failuresCommand(program, run);
  watchCommand(program, run);
  listenCommand(program, run);
  traceCommand(program, run);
  eraseCommand(program, run);
  redeliverCommand(program, run);
  redeliveriesCommands(program, run);
  eventsCommands(program, run);
  campaignsCommand(program, run);
  liveCommand(program, run);
  merchantsCommands(program, run);
  cutoverCommands(program, run);
  templatesCommands(program, run);
  channelsCommands(program, run);
  pauseEverythingCommands(program, run);
  restoreCommands(program, run);
  manifestCommands(program, run);
  auditLogCommand(program, run);
  tokenCommand(program, run);
  openCommand(program, run);
  profileCommands(program, run);
  refuseTwiceAndEmpty(program);
  return program;
}
