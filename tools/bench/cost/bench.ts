/**
 * `npm run bench`: what a confirmation costs, against the bare HTTP call and against an afternoon's version (Linux, two
 * cores); with `--growth` what becomes of that as everything grows, with `--end-to-end` the whole pipeline of this
 * machine, with `--release` how fast a backlog goes out, with `--against` what it costs beside the worker of another
 * checkout, with `--api` what it costs to take a transaction, with `--redelivery` a job by filter beside live traffic.
 */
import { BundleError } from "../../../lib/program/bundle.ts";
import { freshStateDirectory } from "../../../local/demo/state-directory.ts";
import { runEndToEnd } from "../end-to-end/run-end-to-end.ts";
import { runGrowth } from "../growth/run-growth.ts";
import { runRedelivery } from "../redelivery/run-redelivery.ts";
import { runRelease } from "../release/run-release.ts";
import { runCommand } from "../../../local/command-line/run-command.ts";
import { BENCH_COMMAND, type BenchMode, parseBenchOptions } from "./options.ts";
import { runApi } from "./run-api.ts";
import { runAgainst } from "./run-against.ts";
import { runBench } from "./run-bench.ts";

const RUNS = {
  cost: runBench,
  growth: runGrowth,
  "end to end": runEndToEnd,
  release: runRelease,
  against: runAgainst,
  api: runApi,
  redelivery: runRedelivery,
} as const satisfies Record<BenchMode, unknown>;
const DIGITS = 4;

async function main(args: readonly string[]): Promise<void> {
  const options = parseBenchOptions(args);
  const state = await freshStateDirectory("bench");
  try {
    const report = rounded(await RUNS[options.mode](options, state.path, (line) => console.error(line)));
    if (options.smoke) console.error("A smoke run: these figures mean nothing.");
    if (!options.json) console.table(flat(report));
    else console.log(JSON.stringify(report));
  } finally {
    await state.remove();
  }
}

/** Every number of a report, also within its parts. */
function rounded(report: object): object {
  return Object.fromEntries(
    Object.entries(report).map(([name, value]: [string, unknown]) => {
      if (typeof value === "object" && value !== null) return [name, rounded(value)];
      return [name, typeof value === "number" ? Number(value.toPrecision(DIGITS)) : value];
    }),
  );
}

/** Parts of a report as `part.name`, one row each. */
function flat(report: object, within = ""): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(report).flatMap(([name, value]: [string, unknown]) =>
      typeof value === "object" && value !== null
        ? Object.entries(flat(value, `${within}${name}.`))
        : [[within + name, value]],
    ),
  );
}

await runCommand(BENCH_COMMAND, process.argv.slice(2), main, { forPerson: [BundleError] });
