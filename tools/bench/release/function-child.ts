/**
 * The bundled `release-due`, run minute after minute from when it is told `go` until it is told `end`; then it tells
 * what CPU time that took, and once its run has ended, that too. A run lasts its minute, whatever is left to do, so at
 * the end its clock is put a minute ahead. Argument: the bundle.
 */
import type { FunctionNews, FunctionOrder } from "./function-process.ts";

const TIMEOUT_MS = 90_000;
const MINUTE_MS = 60_000;
const realNow = Date.now;
const clock = { aheadMs: 0 };
Date.now = () => realNow() + clock.aheadMs;

const [bundle = ""] = process.argv.slice(2);
const { handler } = (await import(bundle)) as { handler: (event: unknown, context: unknown) => Promise<unknown> };
const work = { isOver: false, before: process.cpuUsage() };

async function run(): Promise<void> {
  while (!work.isOver) {
    const endsAt = realNow() + TIMEOUT_MS;
    const getRemainingTimeInMillis = () => endsAt - realNow();
    const context = { awsRequestId: "bench", functionName: "release-due", getRemainingTimeInMillis };
    await handler({ part: 0, parts: 1 }, context);
  }
  tell({ kind: "ended" });
}

function tell(news: FunctionNews): void {
  process.send?.(news);
}

process.on("message", (order: FunctionOrder) => {
  if (order === "go") {
    work.isOver = false;
    work.before = process.cpuUsage();
    void run();
    return;
  }
  const { user, system } = process.cpuUsage(work.before);
  tell({ kind: "used", cpuUs: user + system });
  work.isOver = true;
  clock.aheadMs += MINUTE_MS;
});
process.on("disconnect", () => process.exit());
tell({ kind: "ready" });
