import { describe, expect, it } from "@jest/globals";
import { jsonLines, lineOf } from "../../../bin/confirmations/commands/channels/json-lines.ts";
import { ran } from "./surroundings.ts";

const mail = { id: "mail", kind: "email", to: "shop@merchant.example", template: "confirmed" };
const FILE = `{
  "plan": "fallback",
  "channels": [
    { "id": "web", "kind": "webhook" },
    {
      "id": "mail",
      "kind": "email",
      "to": "shop"
    }
  ]
}
`;

describe("channels", () => {
  it("shows those of a merchant, and the same as JSON that can be set again", async () => {
    const answer = () => ({ body: { merchantId: "acme", plan: "all", channels: [mail] } });
    const shown = await ran(["channels", "get", "acme"], answer);
    expect(shown.stdout).toMatch(
      /plan {2}all\n\nCHANNEL .*\nmail +email +shop@merchant.example, template confirmed +always/,
    );
    const json = await ran(["channels", "get", "acme", "--json"], answer);
    expect(JSON.parse(json.stdout)).toEqual({ plan: "all", channels: [mail] });
    const again = await ran(["channels", "set", "acme", "--file", "-"], answer, { input: json.stdout });
    expect(again.asked.map(({ method, path, body }) => [method, path, JSON.parse(body)])).toEqual([
      ["PATCH", "/prod/v1/merchants/acme", { plan: "all", channels: [mail] }],
    ]);
  });

  it("sets a list, with a plan beside it, or takes all away", async () => {
    const answer = () => ({ body: { merchantId: "acme" } });
    const bodies = async (args: string[], input = "") =>
      (await ran(["channels", "set", "acme", ...args], answer, { input })).asked.map(({ body }) => JSON.parse(body));
    expect(await bodies(["--file", "-", "--plan", "all"], JSON.stringify([mail]))).toEqual([
      { channels: [mail], plan: "all" },
    ]);
    expect(await bodies(["--none"])).toEqual([{ channels: null }]);
  });

  it.each([
    [[], /Nothing says which channels/],
    [["--file", "-", "--none"], /--file and --none are both given/],
    [["--none", "--plan", "all"], /--plan is of channels/],
  ])("is told what is wrong with the line: %j", async (args, expected) => {
    const { code, stderr, asked } = await ran(["channels", "set", "acme", ...args], undefined, { input: "[]" });
    expect([code, asked]).toEqual([2, []]);
    expect(stderr).toMatch(expected);
  });

  it("says on which line of the file each fault is", async () => {
    const errors = [
      { pointer: "/channels/1/to", detail: "expected an address" },
      { pointer: "/channels/1/template", detail: "Invalid input: expected string, received undefined" },
    ];
    const refusal = { title: "The body cannot be used", detail: "`errors` has each fault.", requestId: "r-1", errors };
    const { code, stderr } = await ran(
      ["channels", "set", "acme", "--file", "-"],
      () => ({ status: 422, body: refusal }),
      {
        input: FILE,
      },
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain("line 8, /channels/1/to: expected an address");
    expect(stderr).toContain("line 5, /channels/1/template: Invalid input");
  });

  it.each<[string, RegExp]>([
    ["", /There is nothing in it/],
    ["{", /It is no JSON/],
    ['{"plan":"all"}', /It has no channels/],
    ['{"channels":[],\n"id":"acme"}', /It has "?id"? on line 2/],
  ])("takes no file such as %j", async (input, expected) => {
    const { stderr, asked } = await ran(["channels", "set", "acme", "--file", "-"], undefined, { input });
    expect(stderr).toMatch(expected);
    expect(asked).toEqual([]);
  });

  it("explains the choice for a transaction that is there, or one that is described", async () => {
    const body = {
      kind: "use",
      plan: "fallback",
      channel: "web",
      why: "web: it has no conditions",
      channels: [{ id: "web", kind: "webhook", state: "used", why: "web: it has no conditions" }],
    };
    const described = ["--amount", "12.50", "--currency", "EUR", "--outcome", "APPROVED", "--at", "2026-12-01T03:00Z"];
    const { stdout, asked } = await ran(["channels", "explain", "acme", ...described], () => ({ body }));
    expect(stdout).toMatch(/^sent by {2}web: it has no conditions\n\nCHANNEL .*\nweb +webhook +used/);
    expect(asked.map(({ path, body: sent }) => [path, JSON.parse(sent)])).toEqual([
      [
        "/prod/v1/merchants/acme/channels/explain",
        { amount: "12.50", currency: "EUR", outcome: "APPROVED", at: "2026-12-01T03:00Z" },
      ],
    ]);
    const there = await ran(["channels", "explain", "acme", "--transaction", "t-1"], () => ({ body }));
    expect(JSON.parse(there.asked[0]?.body ?? "")).toEqual({ transactionId: "t-1" });
    expect((await ran(["channels", "explain", "acme", "--amount", "1"])).stderr).toMatch(/needs --transaction, or/);
  });
});

describe("lines of a JSON text", () => {
  it("are told of each value, by its pointer", () => {
    const lines = jsonLines(FILE);
    const all = [
      "/plan",
      "/channels",
      "/channels/0",
      "/channels/0/kind",
      "/channels/1",
      "/channels/1/to",
      "/channels/1/x",
    ];
    expect(all.map((pointer) => [pointer, lineOf(lines, pointer)])).toEqual([
      ["/plan", 2],
      ["/channels", 3],
      ["/channels/0", 4],
      ["/channels/0/kind", 4],
      ["/channels/1", 5],
      ["/channels/1/to", 8],
      ["/channels/1/x", 5],
    ]);
  });

  it("are not misled by what stands in strings, or by lists in lists", () => {
    const lines = jsonLines('[\n ["a,]", [1,\n 2]],\n {"b/\\"{": [\n {}]}\n]');
    expect(Object.fromEntries(lines)).toMatchObject({
      "/0": 2,
      "/0/0": 2,
      "/0/1/1": 3,
      "/1": 4,
      '/1/b~1"{': 4,
      '/1/b~1"{/0': 5,
    });
  });
});
