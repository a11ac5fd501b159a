/** `npm run api-types`: writes the types of the command line's client anew. Run it after a route has changed. */
import { writeFileSync } from "node:fs";
import type { Command } from "../../local/command-line/command.ts";
import { optionsOf } from "../../local/command-line/parse.ts";
import { runCommand } from "../../local/command-line/run-command.ts";
import { API_TYPES, apiTypes } from "./api-types.ts";

const API_TYPES_COMMAND = {
  name: "npm run api-types",
  does: "Writes the types of the command line's client anew, from the API's OpenAPI document.",
  code: "LOCAL_OPTION_INVALID",
  options: {},
} as const satisfies Command;

await runCommand(API_TYPES_COMMAND, process.argv.slice(2), async (args) => {
  optionsOf(API_TYPES_COMMAND, args, () => undefined);
  writeFileSync(API_TYPES, await apiTypes());
});
