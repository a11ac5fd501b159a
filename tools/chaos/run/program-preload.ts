/** What the suite loads into the programs before their own code, and the files that tell it what to do. */
import { fileURLToPath } from "node:url";
import type { Interposition } from "../../../local/local-stack.ts";
import { isCaller } from "../caller.ts";
import type { ProgramClocks } from "../clock/program-clocks.ts";
import type { ProgramEgress } from "../egress/program-egress.ts";

export interface PreloadOptions {
  readonly clocks: ProgramClocks;
  readonly egress: ProgramEgress;
  /** File of certificates that the worker trusts. */
  readonly authorities: string;
}

const MODULE = fileURLToPath(new URL("../preload.ts", import.meta.url));

export function programPreload({ clocks, egress, authorities }: PreloadOptions): Interposition["preload"] & object {
  const ofWorker = { ...egress.environment, NODE_EXTRA_CA_CERTS: authorities };
  return {
    module: MODULE,
    environment: (program) => ({
      ...clocks.preload.environment(program),
      ...(isCaller(program) && ofWorker),
    }),
  };
}
