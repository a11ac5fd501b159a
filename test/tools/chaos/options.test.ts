import { expect, test } from "@jest/globals";
import { parseChaosOptions } from "../../../tools/chaos/options.ts";

const seven = () => 7;

test("everything has a default, the seed a random one", () => {
  expect(parseChaosOptions([], seven)).toEqual({
    scenario: "faults",
    delivery: "fargate",
    transport: "http1",
    json: false,
    seed: 7,
    minutes: 8,
    neighbour: true,
  });
});

test("every option is read", () => {
  const args = [
    "--json",
    "--seed",
    "3",
    "--minutes",
    "2",
    "--runs",
    "4",
    "--no-neighbour",
    "--scenario",
    "outage",
    "--delivery",
    "lambda",
    "--transport",
    "undici",
  ];
  expect(parseChaosOptions(args, seven)).toEqual({
    scenario: "outage",
    delivery: "lambda",
    transport: "undici",
    json: true,
    seed: 3,
    minutes: 2,
    runs: 4,
    neighbour: false,
  });
});

test("neighbours are measured where there is time for it", () => {
  expect(parseChaosOptions(["--minutes", "4"], seven).neighbour).toBe(false);
  expect(parseChaosOptions(["--minutes", "5"], seven).neighbour).toBe(true);
});

test.each([
  ["--seed", "-1"],
  ["--seed", "many"],
  ["--minutes", "0"],
  ["--minutes", "1.5"],
  ["--runs", "0"],
  ["--scenario", "flood"],
  ["--delivery", "docker"],
  ["--transport", "carrier pigeon"],
  ["--sed", "1"],
])("%s %s is refused with a sentence that says what to write", (...args) => {
  expect(() => parseChaosOptions(args, seven)).toThrow(expect.objectContaining({ code: "CHAOS_OPTIONS_INVALID" }));
  expect(() => parseChaosOptions(args, seven)).toThrow("npm run chaos -- ");
});
