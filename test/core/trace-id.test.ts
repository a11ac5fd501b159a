import { describe, expect, it } from "@jest/globals";
import { traceIdOf } from "../../core/trace-id.ts";

const ROOT = "1-5759e988-bd862e3fe1be46a994272793";

describe("the id of a trace", () => {
  it.each([`Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1`, `Self=1-67891234-12456789abcdef012345678; Root=${ROOT}`])(
    "is the root of the header %s",
    (header) => {
      expect(traceIdOf(header)).toBe(ROOT);
    },
  );

  it.each([undefined, "", "Root=1-5759e988", "hello", `XRoot=${ROOT}`])("is not in %j", (header) => {
    expect(traceIdOf(header)).toBeUndefined();
  });
});
