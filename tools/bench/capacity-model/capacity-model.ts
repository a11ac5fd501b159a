/** `npm run capacity-model`: what each rate asks of every stage, and which quota binds first, by default settings. */
import { inFlightTable, limitTable, loadTable, remedyList, taskTable } from "./report.ts";

console.log([loadTable(), limitTable(), remedyList(), taskTable(), inFlightTable()].join("\n\n"));
