import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "@jest/globals";

const ROOT = join(import.meta.dirname, "../../..");

it("a smoke run of the benchmark measures every variant, and each of them delivers, records and deletes all it was given", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, "bench/cost/bench.ts"), "--smoke", "--json"],
    { cwd: ROOT, timeout: 170_000 },
  );
  const report = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, number>;
  expect(Object.keys(report)).toEqual([
    "rawUs",
    "workerUs",
    "workerV1aUs",
    "naiveUs",
    "ratioToRaw",
    "speedupOverNaive",
    "perSecondOneCore",
    "peakMb",
    "flushP50Ms",
    "flushP99Ms",
    "idleP50Ms",
    "idleP99Ms",
    "streamLambdaUs",
  ]);
  for (const [name, value] of Object.entries(report)) expect([name, value > 0]).toEqual([name, true]);
}, 180_000);
