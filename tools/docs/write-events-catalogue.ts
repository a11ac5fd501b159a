/**
 * `npm run events-catalogue`: writes the catalogue of events and its schemas anew. Run it after an event has changed.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "../../local/command-line/command.ts";
import { optionsOf } from "../../local/command-line/parse.ts";
import { runCommand } from "../../local/command-line/run-command.ts";
import { eventsCatalogueFiles } from "./events-catalogue.ts";

const EVENTS_CATALOGUE_COMMAND = {
  name: "npm run events-catalogue",
  does: "Writes the catalogue of events and their schemas anew.",
  code: "LOCAL_OPTION_INVALID",
  options: {},
} as const satisfies Command;

await runCommand(EVENTS_CATALOGUE_COMMAND, process.argv.slice(2), (args) => {
  optionsOf(EVENTS_CATALOGUE_COMMAND, args, () => undefined);
  for (const [path, text] of Object.entries(eventsCatalogueFiles())) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
});
