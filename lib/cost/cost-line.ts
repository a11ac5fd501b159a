/**
 * What synthesis says of costs: the two sums, for the settings that were given. That something has no price is said in
 * its place; it keeps nobody from deploying.
 */
import type { About } from "./at-rest/rule.ts";
import { atRest } from "./at-rest/at-rest.ts";
import { CostError } from "./cost-error.ts";
import { perMillion } from "./per-million/per-million.ts";

export function costLine(about: About): string {
  try {
    return sums(about);
  } catch (error) {
    if (!(error instanceof CostError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function sums(about: About): string {
  const [rest, young, old] = [atRest(about), perMillion(about, "young"), perMillion(about, "old")];
  return (
    `Costs about $${rest.usd.toFixed(2)} a month at rest and $${young.usd.toFixed(2)} for a million confirmations, ` +
    `$${old.usd.toFixed(2)} once the table is as old as it gets; npm run cost says more.`
  );
}
