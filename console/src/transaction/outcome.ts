/** What an attempt came to: in words where there are some, else the class of failure as the docs have it. */
import type { Texts } from "../texts/en.ts";

export function outcomeText(outcome: string, { outcomes }: Pick<Texts, "outcomes">): string {
  return Object.hasOwn(outcomes, outcome) ? outcomes[outcome as keyof Texts["outcomes"]] : outcome;
}
