import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "@jest/globals";
import { patienceMs } from "../../../support/machine-speed.ts";

type Report = Readonly<Record<string, unknown>>;

const ROOT = join(import.meta.dirname, "../../../..");
const WITHIN_MS = patienceMs(170_000);

async function smokeRun(...options: readonly string[]): Promise<Report> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, "tools/bench/cost/bench.ts"), "--smoke", "--json", ...options],
    { cwd: ROOT, timeout: WITHIN_MS },
  );
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Report;
}

/** Of all parts of a report, with their names. */
function numbersOf(report: Report, within = ""): [string, number][] {
  return Object.entries(report).flatMap(([name, value]) =>
    typeof value === "object" && value !== null
      ? numbersOf(value as Report, `${within}${name}.`)
      : [[within + name, value as number] as [string, number]],
  );
}

function expectFigures(report: Report, names: readonly string[]): void {
  const numbers = numbersOf(report);
  expect(numbers.map(([name]) => name)).toEqual(names);
  for (const [name, value] of numbers) expect([name, value > 0]).toEqual([name, true]);
}

it.concurrent(
  "a smoke run of the benchmark measures every variant, and each of them delivers, records and deletes " +
    "all it was given",
  async () => {
    expectFigures(await smokeRun(), [
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
  },
  WITHIN_MS,
);

it.concurrent(
  "a smoke run of the API takes every transaction, in batches and one by one",
  async () => {
    expectFigures(await smokeRun("--api"), [
      "batchUs",
      "singleUs",
      "batchPerSecondOneCore",
      "singlePerSecondOneCore",
      "ratioToBatch",
    ]);
  },
  WITHIN_MS,
);

it.concurrent(
  "a smoke run against another checkout measures its worker beside this one's",
  async () => {
    const names = ["rawUs", "workerUs", "againstUs", "ratioToRaw", "ratioToAgainst"];
    expectFigures(await smokeRun("--against", ROOT), names);
  },
  WITHIN_MS,
);

it.concurrent(
  "a smoke run of growth measures one merchant and very many, and connections that are not reused",
  async () => {
    expectFigures(await smokeRun("--growth", "--part", "merchants", "--part", "fresh"), [
      "rawUs",
      "usByMerchants.1",
      "usByMerchants.100000",
      "ratioByMerchants.1",
      "ratioByMerchants.100000",
      "flatness",
      "freshConnections.rawUs",
      "freshConnections.workerUs",
      "freshConnections.ratio",
    ]);
  },
  WITHIN_MS,
);

// By itself: its stack looks for free ports, which the many servers of the others might take meanwhile.
it(
  "a smoke run end to end confirms every transaction, as fast as it goes and one at a time",
  async () => {
    const { duplicates, released, idle, idleDirect, emulatorsCpuMs, pipelineCpuMs, ...report } =
      await smokeRun("--end-to-end");
    expect(idleDirect).toEqual({
      transactions: 2,
      // The merchant may be called before the API answers.
      callP50Ms: expect.any(Number),
      callP99Ms: expect.any(Number),
      requestToCallP50Ms: expect.any(Number),
      requestToCallP99Ms: expect.any(Number),
    });
    expect(emulatorsCpuMs).toMatchObject({ "DynamoDBLocal.jar": expect.any(Number) });
    expect(pipelineCpuMs).toMatchObject({ "DynamoDBLocal.jar": expect.any(Number) });
    const { stages, ...latency } = idle as Report;
    expect([duplicates, typeof released, Object.keys(stages as Report)]).toEqual([
      0,
      "number",
      ["untilReadMs", "untilCallMs", "functionMs", "untilConfirmedMs"],
    ]);
    expectFigures({ ...report, idle: latency }, [
      "transactions",
      "emulatorsPerSecond",
      "pipelinePerSecond",
      "ratioToEmulators",
      "idle.transactions",
      "idle.callP50Ms",
      "idle.callP99Ms",
      "idle.confirmedP50Ms",
      "idle.confirmedP99Ms",
    ]);
  },
  WITHIN_MS,
);

it(
  "a smoke run of a release puts every row of its backlogs back on the queue, bare and by release-due",
  async () => {
    expectFigures(await smokeRun("--release"), [
      "rows",
      "releasedPerSecond",
      "barePerSecond",
      "ratioToBare",
      "cpuUsARow",
    ]);
  },
  WITHIN_MS,
);
