/** This checkout as what is brought up: its own app, and the console built of what is there now. */
import { resolve } from "node:path";
import { consoleFilesSoon } from "../lib/console/console-files.ts";

const ROOT = resolve(import.meta.dirname, "..");

export const CHECKOUT = { app: ROOT, consoleFiles: consoleFilesSoon } as const;
