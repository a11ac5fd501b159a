/** What `npm run cost` prints: each sum below the items that it is of. */
import type { Cost } from "../../lib/cost/cost-item.ts";
import { PRICE_LIST } from "../../core/settings/prices.ts";
import type { Costs } from "./costs-of.ts";

const TITLES = {
  standard: "At rest, standard mode, a month",
  lambda: "At rest, small-account mode, a month",
  young: "A million confirmations, young table",
  old: "A million confirmations, old table",
  provisionedDefault: "A million confirmations, old table, provisioned",
  provisionedLean: "A million confirmations, old table, provisioned and lean",
  lambdaYoung: "A million confirmations, small-account mode, young table",
  lambdaOld: "A million confirmations, small-account mode, old table",
  apiOneByOne: "A million transactions by the API, one by one, besides",
  apiBatches: "A million transactions by the API, in batches of 500, besides",
  apiOneByOneDirect: "A million by the API, one by one, directly onto the queue, besides",
  apiBatchesDirect: "A million by the API, in batches of 500, directly onto the queue, besides",
  email: "A million mails, besides",
  sms: "A million SMS, besides",
  sqs: "A million messages to queues of channels, besides",
  sns: "A million publications to topics of channels, besides",
  eventbridge: "A million events on buses of channels, besides",
} as const;

export function textOf({ atRest, perMillion, intake, channels }: Costs): string {
  const sections = Object.entries({ ...atRest, ...perMillion, ...intake, ...channels }).map(([name, cost]) => {
    const lines = cost.items.map(({ item, of, usd }) => `${dollars(usd)}  ${item.padEnd(26)}${shortened(of)}`);
    return `${TITLES[name as keyof typeof TITLES]}\n${lines.join("\n")}\n${dollars(cost.usd)}  in all`;
  });
  const { region, date } = PRICE_LIST;
  return `${sections.join("\n\n")}\n\nList prices of ${region}, ${date}, without free tiers; in dollars.`;
}

/** The items stand above the sums. */
export function jsonOf({ atRest, perMillion, intake, channels }: Costs): string {
  const { region, date } = PRICE_LIST;
  return JSON.stringify({
    prices: { region, date },
    items: {
      atRestUsd: each(atRest, ({ items }) => items),
      perMillionUsd: each(perMillion, ({ items }) => items),
      intakeUsd: each(intake, ({ items }) => items),
      channelsUsd: each(channels, ({ items }) => items),
    },
    atRestUsd: each(atRest, ({ usd }) => usd),
    perMillionUsd: each(perMillion, ({ usd }) => usd),
    intakeUsd: each(intake, ({ usd }) => usd),
    channelsUsd: each(channels, ({ usd }) => usd),
  });
}

function each<Value>(costs: Readonly<Record<string, Cost>>, of: (cost: Cost) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, of(cost)]));
}

const WIDTH = 70;

function shortened(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

function dollars(usd: number): string {
  return usd.toFixed(2).padStart(8);
}
