import { describe, expect, it } from "@jest/globals";
import type { Costs } from "../../../tools/cost/costs-of.ts";
import { jsonOf, textOf } from "../../../tools/cost/report.ts";

const cost = {
  usd: 3.5,
  items: [
    { item: "Keys", of: "2 keys", usd: 2 },
    { item: "Logs", of: "lines", usd: 1.5 },
  ],
};
const costs: Costs = {
  atRest: { standard: cost, lambda: cost },
  perMillion: {
    young: cost,
    old: cost,
    provisionedDefault: cost,
    provisionedLean: cost,
    lambdaYoung: cost,
    lambdaOld: cost,
  },
  intake: { apiOneByOne: cost, apiBatches: cost, apiOneByOneDirect: cost, apiBatchesDirect: cost },
  channels: { email: cost },
};

describe("what npm run cost prints", () => {
  it("is each sum below its items, in words for a person", () => {
    expect(textOf(costs)).toContain(
      [
        "At rest, standard mode, a month",
        "    2.00  Keys                      2 keys",
        "    1.50  Logs                      lines",
        "    3.50  in all",
      ].join("\n"),
    );
    expect(textOf(costs)).toContain("A million mails, besides\n");
  });

  it("is one line of JSON for a program, the items above the sums", () => {
    const printed = JSON.parse(jsonOf(costs)) as Record<string, object>;
    expect(Object.keys(printed)).toStrictEqual([
      "prices",
      "items",
      "atRestUsd",
      "perMillionUsd",
      "intakeUsd",
      "channelsUsd",
    ]);
    expect(printed["channelsUsd"]).toStrictEqual({ email: 3.5 });
    expect(printed["atRestUsd"]).toStrictEqual({ standard: 3.5, lambda: 3.5 });
    expect(printed["perMillionUsd"]).toMatchObject({
      young: 3.5,
      old: 3.5,
      provisionedDefault: 3.5,
      provisionedLean: 3.5,
    });
    expect(printed["items"]).toMatchObject({ atRestUsd: { standard: cost.items }, perMillionUsd: { old: cost.items } });
  });
});
