/** The modes of a merchant as the API shows them: what holds now, and all of its switches. */
import { z } from "@hono/zod-openapi";
import { type Mode, MODES, type Switches } from "../../../../core/merchant/modes.ts";
import { aroundNow } from "../../../../core/merchant/switch-mode.ts";
import { instantOf } from "../transactions/transaction-view.ts";

const DESCRIPTION =
  "`live`: this pipeline confirms. `shadow`: the old system does, and what would have been sent is kept by its " +
  "digest. `mirror`: the same, and it goes to the merchant's mirror";

export const modeSchema = z.enum(MODES).meta({ description: DESCRIPTION });

const instant = z.iso.datetime();

export const modesMembers = {
  mode: modeSchema,
  liveFrom: instant.optional().meta({
    description: "What occurred from then on is confirmed by this pipeline: of the switch that holds, or the next one",
  }),
  liveUntil: instant.optional().meta({
    description: "What occurred from then on is the old system's again; of one that is live",
  }),
  switches: z
    .array(z.strictObject({ mode: modeSchema, from: instant.optional() }))
    .optional()
    .meta({ description: "All of them: a version is under the last one whose `from` is not after its `occurredAt`" }),
};

export interface ModesView {
  readonly mode: Mode;
  readonly liveFrom?: string;
  readonly liveUntil?: string;
  readonly switches?: { mode: Mode; from?: string }[];
}

/** @param now epoch milliseconds */
export function modesView(switches: Switches | undefined, now: number): ModesView {
  const { current, next } = aroundNow(switches, now);
  const live = current.mode === "live" ? current : next?.mode === "live" ? next : undefined;
  const [liveFrom, liveUntil] = [instantOf(live?.from), instantOf(live === current ? next?.from : undefined)];
  return {
    mode: current.mode,
    ...(liveFrom !== undefined && { liveFrom }),
    ...(liveUntil !== undefined && { liveUntil }),
    ...(switches !== undefined && { switches: switches.map(({ mode, from }) => switchView(mode, instantOf(from))) }),
  };
}

function switchView(mode: Mode, from: string | undefined): { mode: Mode; from?: string } {
  return from === undefined ? { mode } : { mode, from };
}
