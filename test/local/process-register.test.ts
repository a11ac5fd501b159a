import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "@jest/globals";
import { identify, isSame } from "../../local/processes/process-identity.ts";
import { claimStateDirectory } from "../../local/processes/process-register.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const directory = temporaryDirectory();
const children: ChildProcess[] = [];
let states = 0;

async function child(): Promise<ChildProcess & { readonly pid: number }> {
  const started = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  children.push(started);
  await once(started, "spawn");
  return started as ChildProcess & { readonly pid: number };
}

afterEach(() => {
  for (const one of children.splice(0)) one.kill("SIGKILL");
});

function newState(): string {
  states += 1;
  return join(directory, `state-${states}`);
}

/** Leaves a state directory as an earlier stack does that was killed. */
async function leave(state: string, processes: readonly object[]): Promise<void> {
  const register = await claimStateDirectory(state);
  register.close();
  writeFileSync(join(state, "processes.json"), JSON.stringify(processes));
}

describe("the processes noted in a state directory", () => {
  it("that outlived their parent are ended by the next start", async () => {
    const leftover = await child();
    const state = newState();
    await leave(state, [{ role: "dynamodb", ...identify(leftover.pid) }]);
    const ended = once(leftover, "exit");
    const register = await claimStateDirectory(state);
    expect(await ended).toEqual([null, "SIGKILL"]);
    register.close();
  });

  it("are left alone when their id was given to another process", async () => {
    const stranger = await child();
    const state = newState();
    await leave(state, [
      { role: "dynamodb", ...identify(stranger.pid), startedAt: "another time" },
      { role: "sqs", ...identify(stranger.pid), command: "another command" },
    ]);
    const register = await claimStateDirectory(state);
    expect(isSame({ ...identify(stranger.pid) } as Parameters<typeof isSame>[0], identify(stranger.pid))).toBe(true);
    register.close();
  });

  it("keep the directory to themselves while the main one runs", async () => {
    const main = await child();
    const state = newState();
    await leave(state, [{ role: "main", ...identify(main.pid) }]);
    await expect(claimStateDirectory(state)).rejects.toMatchObject({ code: "LOCAL_STATE_IN_USE" });
  });

  it("are waited for while the main one is stopping", async () => {
    const main = await child();
    const state = newState();
    const noted = identify(main.pid);
    await leave(state, [
      { role: "main", ...noted },
      { role: "stopping", ...noted },
    ]);
    const lines: string[] = [];
    const claimed = claimStateDirectory(state, {
      log: (line) => {
        lines.push(line);
        main.kill("SIGTERM");
      },
    });
    (await claimed).close();
    expect(lines).toEqual([`Waiting for the stack of process ${main.pid} to stop …`]);
  });

  it("keep the directory to themselves when the main one does not come to its end in time", async () => {
    const main = await child();
    const state = newState();
    const noted = identify(main.pid);
    await leave(state, [
      { role: "main", ...noted },
      { role: "stopping", ...noted },
    ]);
    await expect(claimStateDirectory(state, { stoppedWithinMs: 0 })).rejects.toMatchObject({
      code: "LOCAL_STATE_IN_USE",
      message: expect.stringMatching(/has been stopping for more than/),
    });
    expect(isSame(noted as NonNullable<typeof noted>, identify(main.pid))).toBe(true);
  });

  it("are ended when whoever started the main one is gone and it does not stop by itself", async () => {
    const main = await child();
    const starter = await child();
    const state = newState();
    await leave(state, [
      { role: "main", ...identify(main.pid) },
      { role: "starter", ...identify(starter.pid) },
    ]);
    await expect(claimStateDirectory(state, { stoppedWithinMs: 0 })).rejects.toMatchObject({
      message: expect.stringMatching(/in use by a stack that still runs/),
    });
    starter.kill("SIGKILL");
    await once(starter, "exit");
    const ended = once(main, "exit");
    (await claimStateDirectory(state, { stoppedWithinMs: 0 })).close();
    expect(await ended).toEqual([null, "SIGKILL"]);
  });

  it("keep the directory to themselves within one process too", async () => {
    const state = newState();
    const register = await claimStateDirectory(state);
    await expect(claimStateDirectory(state)).rejects.toMatchObject({ code: "LOCAL_STATE_IN_USE" });
    register.close();
    (await claimStateDirectory(state)).close();
  });

  it("are noted and forgotten, and the list goes with the stack", async () => {
    const part = await child();
    const state = newState();
    const file = join(state, "processes.json");
    const roles = (): string[] =>
      (JSON.parse(readFileSync(file, "utf8")) as { role: string }[]).map(({ role }) => role);
    const register = await claimStateDirectory(state);
    register.note("worker", part.pid);
    expect(roles()).toEqual(["main", "worker"]);
    register.forget(part.pid);
    expect(roles()).toEqual(["main"]);
    register.close();
    expect(existsSync(file)).toBe(false);
  });

  it("nobody is identified by an id that no process has", () => {
    expect(identify(2 ** 30)).toBeUndefined();
  });
});
