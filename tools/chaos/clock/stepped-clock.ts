/**
 * Loaded into a program before its own code (`node --import`): its clock is the machine's plus as many milliseconds as
 * a file says, which the suite rewrites while the program runs. Timers are left alone, as they are when a real clock is
 * stepped.
 */
import { readFileSync } from "node:fs";
import { CLOCK_FILE_VARIABLE } from "./clock-file.ts";

const LOOK_EVERY_MS = 20;
const MachineDate = Date;
const machineNow = Date.now.bind(Date);
const file = process.env[CLOCK_FILE_VARIABLE] ?? "";
let offsetMs = 0;

class SteppedDate extends MachineDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(SteppedDate.now());
    else super(...(given as [number]));
  }

  static override now(): number {
    return machineNow() + offsetMs;
  }
}

globalThis.Date = SteppedDate as DateConstructor;

function look(): void {
  try {
    offsetMs = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    offsetMs = 0;
  }
}

look();
setInterval(look, LOOK_EVERY_MS).unref();
