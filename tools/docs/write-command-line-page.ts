/** `npm run command-line-page`: writes the page of the command line anew. Run it after a command has changed. */
import { writeFileSync } from "node:fs";
import type { Command } from "../../local/command-line/command.ts";
import { optionsOf } from "../../local/command-line/parse.ts";
import { runCommand } from "../../local/command-line/run-command.ts";
import { COMMAND_LINE_PAGE, commandLinePage } from "./command-line-page.ts";

const COMMAND_LINE_PAGE_COMMAND = {
  name: "npm run command-line-page",
  does: "Writes the page of the command line anew, from its help.",
  code: "LOCAL_OPTION_INVALID",
  options: {},
} as const satisfies Command;

await runCommand(COMMAND_LINE_PAGE_COMMAND, process.argv.slice(2), async (args) => {
  optionsOf(COMMAND_LINE_PAGE_COMMAND, args, () => undefined);
  writeFileSync(COMMAND_LINE_PAGE, await commandLinePage());
});
