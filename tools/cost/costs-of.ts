/** All that `npm run cost` tells, for some settings: each mode at rest, and a million of them paid in several ways. */
import { parseSettings, type SettingsInput } from "../../core/settings/settings.ts";
import { atRest } from "../../lib/cost/at-rest/at-rest.ts";
import type { About } from "../../lib/cost/at-rest/rule.ts";
import type { Cost } from "../../lib/cost/cost-item.ts";
import { channelCosts, type PricedKind } from "../../lib/cost/per-million/channels.ts";
import { intakeCost } from "../../lib/cost/per-million/intake.ts";
import { perMillion } from "../../lib/cost/per-million/per-million.ts";
import { mergeSettings } from "../../local/merge-settings.ts";
import { LEAN_SETTINGS, PROVISIONED_SETTINGS } from "./settings.ts";
import { synthesizeTemplate } from "./synthesize-template.ts";

export interface Costs {
  readonly atRest: Readonly<Record<"standard" | "lambda", Cost>>;
  readonly perMillion: Readonly<
    Record<"young" | "old" | "provisionedDefault" | "provisionedLean" | "lambdaYoung" | "lambdaOld", Cost>
  >;
  /** Of a million transactions, besides their confirmation. */
  readonly intake: Readonly<Record<"apiOneByOne" | "apiBatches" | "apiOneByOneDirect" | "apiBatchesDirect", Cost>>;
  /** Of a million messages, by the kinds of channels that the settings have and that have a price. */
  readonly channels: Partial<Record<PricedKind, Cost>>;
}

/** Of `POST /v1/transactions/batch`. */
const BATCH = 500;

/** @throws CostError for what has no price */
export function costsOf(input: SettingsInput): Costs {
  const standard = aboutOf(mergeSettings(input, { delivery: { mode: "fargate" } }));
  const lambda = aboutOf(mergeSettings(input, { delivery: { mode: "lambda" } }));
  const provisioned = aboutOf(
    mergeSettings(input, mergeSettings({ delivery: { mode: "fargate" } }, PROVISIONED_SETTINGS)),
  );
  const lean = aboutOf(mergeSettings(input, mergeSettings({ delivery: { mode: "fargate" } }, LEAN_SETTINGS)));
  return {
    atRest: { standard: atRest(standard), lambda: atRest(lambda) },
    perMillion: {
      young: perMillion(standard, "young"),
      old: perMillion(standard, "old"),
      provisionedDefault: perMillion(provisioned, "old"),
      provisionedLean: perMillion(lean, "old"),
      lambdaYoung: perMillion(lambda, "young"),
      lambdaOld: perMillion(lambda, "old"),
    },
    intake: {
      apiOneByOne: intakeCost({ batch: 1, isDirect: false }),
      apiBatches: intakeCost({ batch: BATCH, isDirect: false }),
      apiOneByOneDirect: intakeCost({ batch: 1, isDirect: true }),
      apiBatchesDirect: intakeCost({ batch: BATCH, isDirect: true }),
    },
    channels: channelCosts(standard.settings),
  };
}

function aboutOf(input: SettingsInput): About {
  const settings = parseSettings(input);
  return { settings, template: synthesizeTemplate(settings) };
}
