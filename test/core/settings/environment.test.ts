import { describe, expect, it } from "@jest/globals";
import {
  EnvironmentError,
  integer,
  integerList,
  parseEnvironment,
  text,
  textList,
} from "../../../core/settings/environment.ts";

const shape = { TABLE: text, SHARDS: integer(1, 256), BUDGET: integer(0), WAITS: integerList, ALLOWED: textList };
const good = { TABLE: "Transactions", SHARDS: "16", BUDGET: "0", WAITS: "5,30", ALLOWED: "a:1, b:2" };

function faultsOf(environment: NodeJS.ProcessEnv): string {
  try {
    parseEnvironment(shape, environment);
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message;
  }
  throw new Error("the environment was taken");
}

describe("the environment of a program", () => {
  it("is parsed to typed, frozen values", () => {
    const parsed = parseEnvironment(shape, good);
    expect(parsed).toEqual({ TABLE: "Transactions", SHARDS: 16, BUDGET: 0, WAITS: [5, 30], ALLOWED: ["a:1", "b:2"] });
    expect(Object.isFrozen(parsed)).toBe(true);
  });

  it("may have empty lists", () => {
    expect(parseEnvironment(shape, { ...good, WAITS: "", ALLOWED: "" })).toMatchObject({ WAITS: [], ALLOWED: [] });
  });

  it("names every variable that is missing", () => {
    const message = faultsOf({});
    for (const name of Object.keys(shape)) expect(message).toContain(`${name}: is missing`);
  });

  it("names every variable that is wrong, without repeating its value", () => {
    const message = faultsOf({ ...good, SHARDS: "257", WAITS: "secret,words", TABLE: "" });
    for (const name of ["SHARDS", "WAITS", "TABLE"]) expect(message).toContain(`  ${name}: `);
    expect(message).not.toContain("secret");
    expect(message).not.toContain("BUDGET");
  });

  it.each(["", " ", "1.5", "1e3", "0x10", "-1", "NaN"])("takes no %j for an integer", (value) => {
    expect(faultsOf({ ...good, BUDGET: value })).toContain("BUDGET: ");
  });
});
