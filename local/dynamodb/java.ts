/**
 * Checks that there is a Java that can run DynamoDB Local, before it is tried: what Java itself says is not of help.
 */
import { execFile } from "node:child_process";
import { LocalError } from "../local-error.ts";

/** DynamoDB Local 3 is compiled for this version. */
const OLDEST_JAVA = 17;
const REMEDY =
  `install a Java ${OLDEST_JAVA} or newer runtime (Debian and Ubuntu: apt-get install ` +
  "openjdk-17-jre-headless; macOS: brew install openjdk; others: https://adoptium.net) and see to it that " +
  `\`java\` is on the PATH or JAVA_HOME is set`;

/** @returns the command that runs Java. @throws LocalError LOCAL_JAVA_MISSING, LOCAL_JAVA_OLD */
export async function findJava(javaHome: string | undefined): Promise<string> {
  const command = javaHome === undefined || javaHome === "" ? "java" : `${javaHome}/bin/java`;
  const said = await versionText(command);
  const version = majorVersion(said);
  if (version === undefined) {
    throw new LocalError(
      "LOCAL_JAVA_MISSING",
      `No Java was found (tried \`${command} -version\`), and DynamoDB Local runs on it; ${REMEDY}.`,
    );
  }
  if (version < OLDEST_JAVA) {
    throw new LocalError(
      "LOCAL_JAVA_OLD",
      `Java ${version} was found (\`${command}\`), and DynamoDB Local needs Java ${OLDEST_JAVA} or newer; ${REMEDY}.`,
    );
  }
  return command;
}

/** `openjdk version "17.0.15" …` and the old `java version "1.8.0_402"`. */
export function majorVersion(versionOutput: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(versionOutput);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

function versionText(command: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, ["-version"], (error, stdout, stderr) => resolve(error === null ? stderr + stdout : ""));
  });
}
