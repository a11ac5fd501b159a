import { Resolver } from "node:dns/promises";
import { afterEach, describe, expect, it } from "@jest/globals";
import { MerchantNames } from "../../../tools/chaos/run/merchant-names.ts";

const started: MerchantNames[] = [];
afterEach(() => Promise.all(started.splice(0).map((names) => names.stop())));

async function namesOf(mode: "fargate" | "lambda") {
  const names = await MerchantNames.start(mode);
  started.push(names);
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([names.address]);
  const ask = (name: string) => resolver.resolve4(name).catch(({ code }: { code: string }) => code);
  return { names, ask };
}

describe("half an answer for the names of merchants", () => {
  it("is lost where the worker was told the other half before", async () => {
    const { names, ask } = await namesOf("fargate");
    const name = names.nameOf("named-2");
    expect(await ask(name)).toEqual(["127.0.0.1"]);
    names.familyDown("A SERVFAIL");
    expect(await ask(name)).toBe("ESERVFAIL");
    names.familyDown(undefined);
    expect(await ask(name)).toEqual(["127.0.0.1"]);
  });

  it.each(["a worker that has begun since", "one that was told nothing, as all was down", "executions of a function"])(
    "is there for %s: nobody could make up for it",
    async (whom) => {
      const { names, ask } = await namesOf(whom === "executions of a function" ? "lambda" : "fargate");
      const name = names.nameOf("named-2");
      if (whom.startsWith("one")) await names.allDown("SERVFAIL");
      await ask(name);
      if (whom.startsWith("one")) await names.allUp();
      if (whom.startsWith("a worker")) names.workerBegins();
      names.familyDown("A SERVFAIL");
      expect(await ask(name)).toEqual(["127.0.0.1"]);
    },
  );
});
