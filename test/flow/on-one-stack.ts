/**
 * Several flows on one stack, one after the other. From its start to its end a stack takes four seconds of a core, and
 * what it has compiled it runs in a third of the time. Each flow has a merchant's server of its own, and merchants and
 * transactions that no other has; what it stops or pauses of the whole, it starts again.
 */
import { afterAll, beforeAll, describe } from "@jest/globals";
import type { SettingsInput } from "../../core/settings/settings.ts";
import type { Interposition } from "../../local/local-stack.ts";
import { writeStackFile } from "../../local/stack-file.ts";
import { patienceMs } from "../support/machine-speed.ts";
import { Pipeline } from "./pipeline.ts";

/** @param running the pipeline, once tests run; the file of its stack is in its state */
export type Flow = (running: () => Pipeline) => void;

/**
 * @param flows by what each is about; one that counts all that a program counts is the first
 * @param interposition around the programs of the stack. @default nothing
 */
export function onOneStack(
  settings: SettingsInput,
  flows: Readonly<Record<string, Flow>>,
  interposition: (running: () => Pipeline) => Interposition = () => ({}),
): void {
  let whole: Pipeline;

  beforeAll(async () => {
    const allowDestinations = ["127.0.0.1:1024-65535", ...(settings.delivery?.allowDestinations ?? [])];
    const delivery = { ...settings.delivery, allowDestinations };
    whole = await Pipeline.start(
      { ...settings, delivery },
      interposition(() => whole),
    );
    writeStackFile(whole.stateDirectory, whole.stack);
  }, patienceMs(120_000));
  afterAll(() => whole?.stop(), patienceMs(60_000));

  describe.each(Object.entries(flows))("%s", (_, flow) => {
    let pipeline: Pipeline;
    beforeAll(async () => {
      pipeline = await whole.beside();
    });
    afterAll(() => pipeline?.stop());
    flow(() => pipeline);
  });
}
