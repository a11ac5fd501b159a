/** The process of `npx confirmations`: what it was called with, what surrounds it, and its exit code. */
import { optionsTakenByNpm } from "../../local/command-line/options-taken-by-npm.ts";
import { processSurroundings } from "./frame/process-surroundings.ts";
import { runCommandLine } from "./run-command-line.ts";

const surroundings = processSurroundings(process);
process.exitCode = await runCommandLine(process.argv.slice(2), surroundings, { takenByNpm: optionsTakenByNpm });
