import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { declareEnvironment, EnvironmentError } from "../../../core/settings/environment.ts";
import {
  days,
  decimal,
  flag,
  hours,
  integer,
  integerList,
  milliseconds,
  oneOf,
  secret,
  seconds,
  text,
  textList,
} from "../../../core/settings/variable-kinds.ts";

const declared = declareEnvironment("a-program", {
  table: text("TABLE"),
  shards: integer("SHARDS", { min: 1, max: 256 }),
  budget: integer("BUDGET", { min: 0 }),
  order: oneOf("ORDER", ["transaction", "merchant"]),
  isResent: flag("RESENT"),
  sampling: { share: decimal("SHARE", { min: 0, max: 1 }) },
  waits: integerList("WAITS"),
  allowed: textList("ALLOWED"),
  servers: textList("SERVERS", ["one:53"]),
  deadlineMs: milliseconds("DEADLINE_MS", 1),
  leaseMs: seconds("LEASE_SECONDS", 1),
  everyMs: hours("EVERY_HOURS", 0),
  againMs: days("AGAIN_DAYS", 0),
  masterKeys: secret("MASTER_KEYS"),
});
const variables = {
  TABLE: "Transactions",
  SHARDS: "16",
  BUDGET: "0",
  ORDER: "merchant",
  RESENT: "true",
  SHARE: "0.05",
  WAITS: "5,30",
  ALLOWED: "a:1,b:2",
  SERVERS: "",
  DEADLINE_MS: "50",
  LEASE_SECONDS: "900",
  EVERY_HOURS: "2",
  AGAIN_DAYS: "5",
};
const values = {
  table: "Transactions",
  shards: 16,
  budget: 0,
  order: "merchant",
  isResent: true,
  sampling: { share: 0.05 },
  waits: [5, 30],
  allowed: ["a:1", "b:2"],
  servers: [],
  deadlineMs: 50,
  leaseMs: 900_000,
  everyMs: 7_200_000,
  againMs: 432_000_000,
} as const;
const good = { ...variables, MASTER_KEYS: "keys" };

function faultsOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError);
    return (error as Error).message;
  }
  throw new Error("the environment was taken");
}
const readFaults = (environment: NodeJS.ProcessEnv) => faultsOf(() => declared.read(environment));
const writeFaults = (changed: Partial<Record<keyof typeof values, unknown>>) =>
  faultsOf(() => declared.write({ ...values, ...changed } as never));

describe("the environment of a program, read", () => {
  it("is typed values, frozen through and through, durations in milliseconds", () => {
    const read = declared.read(good);
    expect(read).toEqual({ ...values, masterKeys: "keys" });
    expect([read, read.sampling].every((group) => Object.isFrozen(group))).toBe(true);
  });

  it("may have empty lists, and blanks after their commas", () => {
    expect(declared.read({ ...good, WAITS: "", ALLOWED: "a:1, b:2" })).toMatchObject({
      waits: [],
      allowed: ["a:1", "b:2"],
    });
  });

  it("has what a variable stands for that may be missing", () => {
    expect(declared.read({ ...good, SERVERS: undefined }).servers).toEqual(["one:53"]);
  });

  it("names every variable that is missing, and the program", () => {
    const message = readFaults({});
    for (const name of declared.allNames.filter((variable) => variable !== "SERVERS"))
      expect(message).toContain(`  ${name}: is missing`);
    expect(message).toContain("a-program");
  });

  it("names every variable that is wrong, without repeating its value", () => {
    const message = readFaults({ ...good, SHARDS: "257", WAITS: "secret,words", TABLE: "", LEASE_SECONDS: "0" });
    for (const name of ["SHARDS", "WAITS", "TABLE", "LEASE_SECONDS"]) expect(message).toContain(`  ${name}: `);
    expect(message).not.toContain("secret");
    expect(message).not.toContain("BUDGET");
  });

  it.each(["", " ", "1.5", "1e3", "0x10", "-1", "NaN"])("takes no %j for an integer", (value) => {
    expect(readFaults({ ...good, BUDGET: value })).toContain("BUDGET: ");
  });
});

describe("the environment of a program, written", () => {
  it("is a text for each variable, in the order of the declaration, and no secret", () => {
    expect(Object.entries(declared.write(values))).toEqual(Object.entries(variables));
  });

  it("takes tokens of the CDK for texts", () => {
    const token = "https://${Token[AWS.Region.4]}/x";
    expect(declared.write({ ...values, table: token })["TABLE"]).toBe(token);
  });

  it("names every value that the program would refuse, or read as another", () => {
    const changed = {
      table: undefined,
      shards: 257,
      order: "any",
      leaseMs: 1500,
      waits: [1.5],
      allowed: ["a:1,b:2"],
      sampling: {},
    };
    const message = writeFaults(changed);
    for (const name of ["TABLE", "SHARDS", "ORDER", "LEASE_SECONDS", "WAITS", "ALLOWED", "SHARE"])
      expect(message).toContain(`  ${name}: `);
    expect(message).not.toContain("BUDGET");
  });

  it("is read as it was written", () => {
    const anyValues = fc.record({
      table: fc.string({ minLength: 1 }),
      shards: fc.integer({ min: 1, max: 256 }),
      budget: fc.nat(),
      order: fc.constantFrom("transaction" as const, "merchant" as const),
      isResent: fc.boolean(),
      sampling: fc.record({ share: fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 10_000) }),
      waits: fc.array(fc.nat()),
      allowed: fc.array(fc.stringMatching(/^[a-z0-9.:[\]]+$/)),
      servers: fc.array(fc.stringMatching(/^[0-9.:]+$/)),
      deadlineMs: fc.integer({ min: 1, max: 1_000_000 }),
      leaseMs: fc.integer({ min: 1, max: 1_000_000 }).map((count) => count * 1000),
      everyMs: fc.nat(100_000).map((count) => count * 3_600_000),
      againMs: fc.nat(100_000).map((count) => count * 86_400_000),
    });
    fc.assert(
      fc.property(anyValues, (given) => {
        expect(declared.read({ ...declared.write(given), MASTER_KEYS: "k" })).toEqual({ ...given, masterKeys: "k" });
      }),
    );
  });
});

describe("names of variables", () => {
  it("are had by meaning, for who sets a single one", () => {
    expect([declared.names.masterKeys, declared.names.sampling.share]).toEqual(["MASTER_KEYS", "SHARE"]);
  });
});
