/** The console through a day, on one stack: what people do with it, and what they must not be able to. */
import { afterAll, beforeAll } from "@jest/globals";
import type { Browser } from "playwright-core";
import { type Flow, onOneStack } from "../flow/on-one-stack.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { launchBrowser } from "./browser.ts";
import { portal } from "./portal.ts";
import { auditor } from "./stories/auditor.ts";
import { badImport } from "./stories/bad-import.ts";
import type { Day } from "./stories/day.ts";
import { engineerInThePortal } from "./stories/engineer-in-the-portal.ts";
import { merchantDownAtNight } from "./stories/merchant-down-at-night.ts";
import { onePayment } from "./stories/one-payment.ts";
import { pausesEverything } from "./stories/pause-everything.ts";
import { rotatesKeys } from "./stories/rotate-keys.ts";
import { switchesOneOver } from "./stories/switch-one-over.ts";
import { wrongSecret } from "./stories/wrong-secret.ts";

let browser: Browser;
const browserOf = () => browser;

/** One after the other: who pauses everything would be in the way of others. */
const STORIES = {
  "a merchant is down at night": merchantDownAtNight,
  "a customer asks for one payment": onePayment,
  "an engineer in the portal": engineerInThePortal,
  "a wrong secret": wrongSecret,
  "a bad import": badImport,
  "keys are rotated": rotatesKeys,
  "one merchant is switched over": switchesOneOver,
  "an auditor": auditor,
  "everything is paused": pausesEverything,
} as const satisfies Readonly<Record<string, (day: Day) => void>>;

beforeAll(async () => {
  browser = await launchBrowser();
}, patienceMs(60_000));
afterAll(() => browser?.close());

onOneStack(
  {
    api: { audience: ["confirmations"] },
    delivery: { deadlineMs: 20_000 },
    retry: { scheduleSeconds: [1, 2], inQueueMaxSeconds: 1 },
    circuit: { openSeconds: 10, maxOpenSeconds: 20 },
    release: { leaseSeconds: 30, everySeconds: 1 },
    tracing: { share: 1 },
    cutOver: { aheadSeconds: 11 },
    audit: { settleSeconds: 1 },
    worker: { minTasks: 1, maxTasks: 1 },
  },
  {
    portal: (running) => portal(running, browserOf),
    ...Object.fromEntries(
      Object.entries(STORIES).map(([name, story]): [string, Flow] => [
        name,
        (running) => story({ pipeline: running, browser: browserOf }),
      ]),
    ),
  },
);
