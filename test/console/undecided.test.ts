import { expect, it } from "@jest/globals";
import { apiOf } from "../../console/src/api/api.ts";
import { countUndecided } from "../../console/src/jobs/undecided-reads.ts";

it("what a decision about all is about is counted to the last page", async () => {
  const pages = [
    { items: [{ state: "undecided" }, { state: "decided" }], nextCursor: "1" },
    { items: [], nextCursor: "2" },
    { items: [{ state: "undecided" }, { state: "planned" }, { state: "undecided" }] },
  ];
  const api = apiOf({
    origin: "https://console.example",
    token: () => "t",
    onUnauthenticated: () => undefined,
    fetch: async ({ url }) => Response.json(pages[Number(new URL(url).searchParams.get("cursor") ?? 0)]),
  });
  const soFar: number[] = [];
  const count = await countUndecided(api, "job-1", new AbortController().signal, (many) => void soFar.push(many));
  expect([count, soFar]).toEqual([3, [1, 1, 3]]);
});
