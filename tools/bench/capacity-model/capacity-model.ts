/** `npm run capacity-model`: what each rate asks of every stage, and which quota binds first, by default settings. */
import type { Command } from "../../../local/command-line/command.ts";
import { optionsOf } from "../../../local/command-line/parse.ts";
import { runCommand } from "../../../local/command-line/run-command.ts";
import { inFlightTable, limitTable, loadTable, remedyList, taskTable } from "./report.ts";

const CAPACITY_MODEL_COMMAND = {
  name: "npm run capacity-model",
  does: "What each rate asks of every stage, and which quota binds first, by default settings.",
  code: "LOCAL_OPTION_INVALID",
  options: {},
} as const satisfies Command;

await runCommand(CAPACITY_MODEL_COMMAND, process.argv.slice(2), (args) => {
  optionsOf(CAPACITY_MODEL_COMMAND, args, () => undefined);
  console.log([loadTable(), limitTable(), remedyList(), taskTable(), inFlightTable()].join("\n\n"));
});
