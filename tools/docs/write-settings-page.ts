/** `npm run settings-page`: writes the page of settings anew. Run it after a setting has changed. */
import { writeFileSync } from "node:fs";
import type { Command } from "../../local/command-line/command.ts";
import { optionsOf } from "../../local/command-line/parse.ts";
import { runCommand } from "../../local/command-line/run-command.ts";
import { SETTINGS_PAGE, settingsPage } from "./settings-page.ts";

const SETTINGS_PAGE_COMMAND = {
  name: "npm run settings-page",
  does: "Writes the page of settings anew, from the words in their schema.",
  code: "LOCAL_OPTION_INVALID",
  options: {},
} as const satisfies Command;

await runCommand(SETTINGS_PAGE_COMMAND, process.argv.slice(2), (args) => {
  optionsOf(SETTINGS_PAGE_COMMAND, args, () => undefined);
  writeFileSync(SETTINGS_PAGE, settingsPage());
});
