import { expect, test } from "@jest/globals";
import { parseOptions } from "../../../local/demo/options.ts";

const parse = (...args: string[]) => parseOptions(args, () => 42);

test("without options it is 10,000 transactions with a random seed", () => {
  expect(parse()).toEqual({
    transactions: 10_000,
    json: false,
    cutover: false,
    killWorker: false,
    delivery: "fargate",
    transport: "http1",
    seed: 42,
  });
});

test("each option is taken", () => {
  expect(
    parse(
      "--transactions",
      "200",
      "--json",
      "--kill-worker",
      "--seed=7",
      "--delivery",
      "lambda",
      "--transport",
      "undici",
    ),
  ).toEqual({
    transactions: 200,
    json: true,
    cutover: false,
    killWorker: true,
    delivery: "lambda",
    transport: "undici",
    seed: 7,
  });
});

test("a drill has sources that it does without, and fewer transactions", () => {
  expect(parse("--restore-drill", "--without", "table, stream")).toMatchObject({
    transactions: 2000,
    restoreDrill: { without: ["table", "stream"] },
  });
  expect(parse("--restore-drill", "--transactions", "9")).toMatchObject({
    transactions: 9,
    restoreDrill: { without: [] },
  });
});

test.each([
  [["--without", "table"], /--without is of a drill/],
  [["--restore-drill", "--without", "memory"], /--without takes table, stream, journal, manifests, got "memory"/],
  [["--restore-drill", "--import", "5"], /expected no --import/],
  [["--transactions", "0"], /--transactions takes a whole number from 1/],
  [["--transactions", "many"], /got "many"/],
  [["--transactions", "1.5"], /--transactions/],
  [["--seed", "-1"], /--seed/],
  [["--delivery", "docker"], /--delivery takes fargate, lambda, got "docker"/],
  [["--transport", "http3"], /--transport takes http1, undici, got "http3"/],
  [["--colour"], /--colour/],
  [["extra"], /extra/],
  [["--cutover", "--kill-worker"], /--cutover goes without --import, --kill-worker and/],
  [["--cutover", "--restore-drill"], /--cutover goes without/],
  [["--cutover", "--import", "5"], /--cutover goes without/],
])("%j is refused with one sentence that shows how to write it", (args, message) => {
  const parsing = () => parse(...args);
  expect(parsing).toThrow(expect.objectContaining({ code: "DEMO_OPTIONS_INVALID" }));
  expect(parsing).toThrow(message);
  expect(parsing).toThrow(/See: npm run demo -- --help/);
  expect(parsing).not.toThrow(/\n/);
});
