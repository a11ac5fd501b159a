/**
 * A child program that runs DynamoDB Local and never outlives its parent: Java lives on after its parent, so this process
 * stands between and ends it when the lifeline on stdin closes. On Linux the kernel also ends Java should this process be killed.
 * Arguments: the command, then Java's arguments. Says `{"pid":…}` to the parent, then ends as Java ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";

/** `setpriv` of util-linux asks the kernel to kill the program when its parent dies. */
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => process.platform === "linux" && existsSync(path));

const [command = "java", ...args] = process.argv.slice(2);
const java: ChildProcess =
  SETPRIV === undefined
    ? spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] })
    : spawn(SETPRIV, ["--pdeathsig", "KILL", "--", command, ...args], { stdio: ["ignore", "inherit", "inherit"] });

process.stdin.on("end", endBoth);
process.stdin.on("error", endBoth);
process.stdin.resume();
process.on("SIGTERM", endBoth);
java.once("error", () => process.exit(1));
java.once("exit", (code) => process.exit(code ?? 1));
process.send?.({ pid: java.pid });

function endBoth(): void {
  java.kill("SIGKILL");
  process.exit(0);
}
