/**
 * A child program that runs DynamoDB Local and never outlives its parent: Java lives on after its parent, so this process
 * stands between and ends it when the lifeline on stdin closes. On Linux the kernel also ends Java should this process be killed.
 * Arguments: the directory of kept databases or nothing for memory, the command, then Java's arguments. Says `{"pid":…}` to the parent,
 * then ends as Java ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** `setpriv` of util-linux asks the kernel to kill the program when its parent dies. */
const SETPRIV = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => process.platform === "linux" && existsSync(path));

/** The name that DynamoDB Local gives the one database of `-sharedDb`. */
const DATABASE_FILE = "shared-local-instance.db";

const [databaseDirectory = "", command = "java", ...args] = process.argv.slice(2);
if (databaseDirectory !== "") logWritesAhead(join(databaseDirectory, DATABASE_FILE));
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

/**
 * Makes the database, empty, with SQLite's write-ahead log, a property of the file that DynamoDB Local leaves alone. As durable as without
 * and five times as many writes a second: one wait for the disk each instead of several.
 */
function logWritesAhead(file: string): void {
  if (existsSync(file)) return;
  mkdirSync(join(file, ".."), { recursive: true });
  const database = new DatabaseSync(file);
  // Without any change nothing would be written, the mode included.
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE made (at); DROP TABLE made");
  database.close();
}

function endBoth(): void {
  java.kill("SIGKILL");
  process.exit(0);
}
