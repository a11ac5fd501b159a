/**
 * Before any test. Programs that tests start as processes of their own, the command line and the app, find their code
 * compiled already: most of the time of a short one goes into that. It is kept beside the packages, as what was made
 * from them. And tests know how many files run beside them (`machine-speed.ts`), and where what they share is
 * (`run-services.ts`).
 *
 * @see https://nodejs.org/api/module.html#module-compile-cache
 */
import { resolve } from "node:path";
import { WORKERS } from "./machine-speed.ts";
import { COMPILED_PROGRAMS } from "./plain-node/modules.ts";
import { RUN_SERVICES, type RunServices, startRunServices } from "./run-services.ts";

const CACHE = resolve(import.meta.dirname, "../../node_modules/.cache/node-compile-cache");

/** Of this run. */
export let services: RunServices | undefined;

// oxlint-disable-next-line import/no-default-export -- jest takes a set-up by no other name
export default async function setUp({ maxWorkers }: { readonly maxWorkers: number }): Promise<void> {
  process.env[COMPILED_PROGRAMS] = process.env["NODE_COMPILE_CACHE"] ?? CACHE;
  process.env[WORKERS] = String(maxWorkers);
  services = await startRunServices();
  process.env[RUN_SERVICES] = services.address;
}
