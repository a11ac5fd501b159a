import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "@jest/globals";
import { identify, type ProcessIdentity } from "../../local/processes/process-identity.ts";
import { findStarter, untilEnded } from "../../local/processes/starter.ts";

describe("who started this program", () => {
  it("is nobody to end with when no package manager did", () => {
    expect(findStarter({})).toBeUndefined();
  });

  it("is the package manager, which is there", () => {
    const starter = findStarter({ npm_lifecycle_event: "test" });
    expect(starter).toEqual(identify((starter as ProcessIdentity).pid));
  });

  it("is the one above the shell that it runs the script in", async () => {
    const file = new URL("../../local/processes/starter.ts", import.meta.url).href;
    const program =
      `import(${JSON.stringify(file)}).then(({ findStarter }) => console.log(findStarter({ ` +
      `npm_lifecycle_event: "x" }).pid))`;
    const shell = spawn("sh", ["-c", `"$NODE" -e "$PROGRAM"; exit 0`], {
      env: { ...process.env, NODE: process.execPath, PROGRAM: program },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    shell.stdout.on("data", (chunk) => (said += String(chunk)));
    await once(shell, "close");
    expect(Number(said)).toBe(process.pid);
  });

  it("is waited for until it has ended", async () => {
    const starter = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    await once(starter, "spawn");
    const ended = untilEnded(identify(starter.pid as number) as ProcessIdentity);
    starter.kill("SIGKILL");
    await expect(ended).resolves.toBeUndefined();
  });
});
