/**
 * `npm run dashboard-picture`: draws docs/pictures/dashboard.svg anew, from the panels, the alarms' names in the
 * runbook and sample data.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { samplePicture } from "./sample-picture.ts";

const FILE = join(import.meta.dirname, "../../docs/pictures/dashboard.svg");

writeFileSync(FILE, samplePicture());
process.stdout.write(`${FILE} is drawn.\n`);
