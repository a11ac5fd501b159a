import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "@jest/globals";
import { ProgramClocks } from "../../../tools/chaos/clock/program-clocks.ts";

const directory = mkdtempSync(join(tmpdir(), "chaos-clocks-"));
const clocks = new ProgramClocks(directory);
/** Says the time whenever it is asked: by `Date.now`, by `new Date`, and whether a given date stays what it is. */
const PROGRAM =
  `process.stdin.on("data", () => console.log(JSON.stringify([Date.now(), new Date().getTime(), new ` +
  "Date(7).getTime(), new Date() instanceof Date])))";

afterAll(() => rmSync(directory, { recursive: true }));

test("a program's clock is stepped while it runs, its own and no other's", async () => {
  const { module, environment } = clocks.preload;
  const child = spawn(process.execPath, ["--import", module, "--eval", PROGRAM], {
    env: environment("confirmation-worker"),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const ask = async () => {
    child.stdin.write("?\n");
    const [line] = (await once(lines, "line")) as [string];
    return JSON.parse(line) as [number, number, number, boolean];
  };
  const offset = async () => {
    const [now, date, given, isDate] = await ask();
    expect([given, isDate]).toEqual([7, true]);
    expect(Math.abs(date - now)).toBeLessThan(1000);
    return Math.round((now - Date.now()) / 60_000) || 0;
  };
  const reaches = async (minutes: number) => {
    while ((await offset()) !== minutes);
  };

  expect(await offset()).toBe(0);
  clocks.step("worker", 10 * 60_000);
  await reaches(10);
  clocks.step("functions", 60 * 60_000);
  clocks.step("worker", -10 * 60_000);
  await reaches(-10);
  clocks.reset();
  await reaches(0);
  child.kill("SIGKILL");
  await once(child, "exit");
});

test("functions and the worker have clocks of their own", () => {
  const { environment } = clocks.preload;
  expect(environment("stream-transactions")).toEqual(environment("release-due"));
  expect(environment("stream-transactions")).not.toEqual(environment("confirmation-worker"));
});
