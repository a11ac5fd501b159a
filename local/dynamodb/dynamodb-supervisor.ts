/**
 * A child program that runs DynamoDB Local and never outlives its parent: Java lives on after its parent, so this
 * process stands between and ends it when the lifeline on stdin closes. On Linux the kernel also ends Java should this
 * process be killed. Arguments: the directory of kept databases or nothing for memory, the command, then Java's
 * arguments. Says `{"pid":…}` to the parent, then ends as Java ends.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { keepLogShort, prepareDatabase } from "./write-ahead-log.ts";

const [databaseDirectory = "", command = "java", ...args] = process.argv.slice(2);
const isKept = databaseDirectory !== "";
if (isKept) prepareDatabase(databaseDirectory);
const java: ChildProcess = spawn(...withDeathSignal(command, args), { stdio: ["ignore", "inherit", "inherit"] });

process.stdin.on("end", endBoth);
process.stdin.on("error", endBoth);
process.stdin.resume();
process.on("SIGTERM", endBoth);
java.once("error", () => process.exit(1));
java.once("exit", (code) => process.exit(code ?? 1));
if (isKept) keepLogShort(databaseDirectory);
process.send?.({ pid: java.pid });

function endBoth(): void {
  java.kill("SIGKILL");
  process.exit(0);
}

/**
 * `setpriv` of util-linux asks the kernel to kill the program when its parent dies; where it cannot, the lifeline must
 * do.
 */
function withDeathSignal(program: string, programArgs: readonly string[]): [string, string[]] {
  const [setpriv, ...flags] = ["setpriv", "--pdeathsig", "KILL", "--"] as const;
  const canDo =
    process.platform === "linux" && spawnSync(setpriv, [...flags, "true"], { stdio: "ignore" }).status === 0;
  return canDo ? [setpriv, [...flags, program, ...programArgs]] : [program, [...programArgs]];
}
