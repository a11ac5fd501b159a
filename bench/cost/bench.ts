/** `npm run bench`: what a confirmation costs, against the bare HTTP call and against an afternoon's version. Linux, two cores. */
import { freshStateDirectory } from "../../demo/state-directory.ts";
import { parseBenchOptions } from "./options.ts";
import { type BenchReport, runBench } from "./run-bench.ts";

try {
  const options = parseBenchOptions(process.argv.slice(2));
  const state = await freshStateDirectory("bench");
  try {
    const report = await runBench(options, state.path, (line) => console.error(line));
    if (options.smoke) console.error("A smoke run: these figures mean nothing.");
    if (!options.json) console.table(rounded(report));
    else console.log(JSON.stringify(rounded(report)));
  } finally {
    await state.remove();
  }
} catch (error) {
  console.error(error instanceof Error && "code" in error ? error.message : error);
  process.exitCode = 1;
}

function rounded(report: BenchReport): Record<string, number> {
  return Object.fromEntries(Object.entries(report).map(([name, value]) => [name, Number(value.toPrecision(4))]));
}
