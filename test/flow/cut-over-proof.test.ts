/** The proof of the cut-over, smaller than by `npm run demo -- --cutover`: all its merchants, fewer transactions. */
import { expect, it } from "@jest/globals";
import { isProved } from "../../local/demo/cutover/cutover-report.ts";
import { runCutover } from "../../local/demo/cutover/run-cutover.ts";
import { ProgressBar } from "../../local/demo/progress.ts";
import { patienceMs } from "../support/machine-speed.ts";

it(
  "confirms each transaction once, by the old system or from here, while merchants are switched and switched back",
  async () => {
    const options = {
      transactions: 500,
      json: true,
      cutover: true,
      killWorker: false,
      delivery: "fargate",
      transport: "http1",
      seed: 7,
    } as const;
    const report = await runCutover(options, new ProgressBar(process.stderr), new AbortController().signal);
    expect(report).toMatchObject({
      transactions: 500,
      merchants: 50,
      switches: 60,
      switchedBack: 10,
      both: 0,
      neither: 0,
      twice: 0,
      againstTheRule: 0,
      statusAgrees: true,
    });
    if (report === undefined) throw new Error("interrupted");
    const { confirmedByOld, confirmedByUs } = report;
    expect(confirmedByOld + confirmedByUs).toBe(500);
    expect(Math.min(confirmedByOld, confirmedByUs)).toBeGreaterThan(50);
    expect(isProved(report)).toBe(true);
  },
  patienceMs(400_000),
);
