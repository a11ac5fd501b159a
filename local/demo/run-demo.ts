/**
 * One run of the demo or of a drill: fleet, stack, and then its body. Whatever happens, fleet and stack are
 * ended before it returns; the state is removed, unless something went wrong and its logs may say why.
 */
import type { LocalStack } from "../local-stack.ts";
import { CHECKOUT } from "../checkout.ts";
import { startLocalStack } from "../stack.ts";
import { Fleet } from "./fleet/fleet.ts";
import { MERCHANTS } from "./merchants.ts";
import type { DemoOptions } from "./options.ts";
import type { ProgressBar } from "./progress.ts";
import { DEADLINE_MS, type demoSettings } from "./settings.ts";
import type { Running } from "./complete-all.ts";
import { freshStateDirectory } from "./state-directory.ts";
import { errorLine } from "../../core/errors/error-fields.ts";

/** From so many on, it is worth the while to have all of DynamoDB Local compiled. */
const SUSTAINED_TRANSACTIONS = 20_000;

export interface DemoBody<Result extends { readonly isClean: boolean }> {
  readonly settings: typeof demoSettings;
  readonly run: (running: Running) => Promise<Result>;
}

export async function runDemo<Result extends { readonly isClean: boolean }>(
  { settings, run }: DemoBody<Result>,
  options: DemoOptions,
  progress: ProgressBar,
  interruption: AbortSignal,
): Promise<Result> {
  const stateDirectory = await freshStateDirectory("demo");
  const fleet = new Fleet();
  let stack: LocalStack | undefined;
  let isClean = false;
  try {
    progress.note(`Starting the stack and ${MERCHANTS.length} merchants; seed ${options.seed}.`);
    const ports = await fleet.listen(MERCHANTS, DEADLINE_MS, options.seed);
    const confirmationUrls = Object.fromEntries(
      Object.entries(ports).map(([merchantId, port]) => [merchantId, `http://127.0.0.1:${port}/confirmations`]),
    );
    stack = await startLocalStack({
      ...CHECKOUT,
      stateDirectory: stateDirectory.path,
      fresh: true,
      load: (options.importRows ?? options.transactions) >= SUSTAINED_TRANSACTIONS ? "sustained" : "brief",
      settings: settings(Object.values(ports), options.killWorker, options.delivery, options.transport),
    });
    const broken = stack.broken.then((error): never => {
      throw error;
    });
    const result = await Promise.race([
      run({
        options,
        progress,
        interruption,
        fleet,
        stack,
        confirmationUrls,
        stateDirectory: stateDirectory.path,
      }),
      broken,
    ]);
    ({ isClean } = result);
    return result;
  } finally {
    progress.clear();
    const ended = await Promise.allSettled([stack?.stop(), fleet.stop()]);
    if (isClean || interruption.aborted) await stateDirectory.remove();
    else progress.note(`The logs of this run are in ${stateDirectory.path}/logs until the next one.`);
    for (const end of ended)
      if (end.status === "rejected") progress.note(`Not everything ended well: ${errorLine(end.reason)}`);
  }
}
