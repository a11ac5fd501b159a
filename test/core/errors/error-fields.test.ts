import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { pipelineLogger } from "../../../core/aws/logger.ts";
import { errorFields, errorLine } from "../../../core/errors/error-fields.ts";
import { PipelineError } from "../../../core/errors/pipeline-error.ts";
import { logError } from "../../../core/telemetry/log-error.ts";

class InnerError extends PipelineError {
  override readonly name = "InnerError";
  readonly code = "INNER_FAILED";
  /** A row: what nobody may read in a log. */
  readonly row = { payload: "Jane Doe, 7 Elm Street" };
}

class OuterError extends PipelineError {
  override readonly name = "OuterError";
  readonly code = "OUTER_FAILED";
}

/** As the SDK throws it. */
function throttled(): Error {
  return Object.assign(new Error("Rate exceeded"), {
    name: "ThrottlingException",
    $fault: "client",
    $metadata: { httpStatusCode: 400, requestId: "REQ-1", attempts: 3 },
    $response: { headers: { authorization: "AWS4-HMAC-SHA256 Credential=x" } },
    Item: { payload: { S: "Jane Doe, 7 Elm Street" } },
  });
}

const written: string[] = [];

beforeEach(() => {
  written.length = 0;
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, "write").mockImplementation((line) => {
      written.push(String(line));
      return true;
    });
});

afterEach(() => {
  jest.restoreAllMocks();
});

function logged(error: unknown, ids?: Parameters<typeof logError>[3]): Record<string, unknown> {
  const logger = pipelineLogger("test");
  logError((text, details) => logger.warn(text, details), "it failed", error, ids);
  expect(written).toHaveLength(1);
  return JSON.parse(written[0] as string) as Record<string, unknown>;
}

describe("an error in a log line", () => {
  it("keeps name, code and ids of itself and of each cause", () => {
    const inner = new InnerError("the row is gone", { transactionId: "t-1", version: 2, cause: throttled() });
    const line = logged(new OuterError("nothing was recorded", { cause: inner, merchantId: "m-1" }), {
      messageId: "q",
    });
    expect(line).toMatchObject({
      level: "WARN",
      message: "it failed",
      transactionId: "t-1",
      version: 2,
      merchantId: "m-1",
      messageId: "q",
      error: {
        name: "OuterError",
        code: "OUTER_FAILED",
        message: "nothing was recorded",
        merchantId: "m-1",
        cause: {
          name: "InnerError",
          code: "INNER_FAILED",
          transactionId: "t-1",
          cause: { name: "ThrottlingException", requestId: "REQ-1", status: 400, fault: "client" },
        },
      },
    });
  });

  it("shows nothing of what else hangs on it: rows, requests, responses", () => {
    logged(new InnerError("the row is gone", { cause: throttled() }));
    expect(written[0]).not.toMatch(/Jane Doe|AWS4|attempts/);
  });

  it("shows no secret of a cause", () => {
    const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    logged(new OuterError("no", { cause: new Error(`cannot open ${secret}`, { cause: `password=${secret}` }) }));
    expect(written[0]).not.toContain("MfKQ9r8GKYqr");
  });

  it("gives the ids of the line the last word", () => {
    expect(logged(new OuterError("no", { merchantId: "m-1" }), { merchantId: "m-2" })).toMatchObject({
      merchantId: "m-2",
    });
  });

  it("has a stack where nobody foresaw it, and none where it has a code", () => {
    const foreseen = errorFields(new OuterError("no"));
    const system = errorFields(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
    const bug = errorFields(new TypeError("x is not a function"));
    expect([foreseen.stack, system.stack, system.code]).toEqual([undefined, undefined, "ECONNREFUSED"]);
    expect(bug.stack).toContain("error-fields.test");
  });

  it("says the class where the name is another", () => {
    class LookupError extends Error {}
    expect(errorFields(new LookupError("no"))).toMatchObject({ name: "Error", class: "LookupError" });
  });

  it("knows the error of a signal that was aborted", () => {
    const { reason } = AbortSignal.abort();
    expect(errorFields(reason)).toMatchObject({ name: "AbortError", message: "This operation was aborted" });
  });

  it("ends where an error is its own cause", () => {
    const own: Error & { cause?: unknown } = new Error("round and round");
    own.cause = own;
    expect(JSON.stringify(errorFields(own)).match(/round and round"/g)?.length).toBeLessThan(10);
    expect(errorLine(own).length).toBeLessThan(500);
  });

  it("keeps the first errors of one that stands for several", () => {
    const several = new AggregateError([1, 2, 3, 4].map((port) => new OuterError(`port ${port}`)));
    expect(errorFields(several).errors?.map(({ code, message }) => [code, message])).toEqual([
      ["OUTER_FAILED", "port 1"],
      ["OUTER_FAILED", "port 2"],
      ["OUTER_FAILED", "port 3"],
    ]);
  });

  it.each([
    [undefined, "undefined"],
    [null, "null"],
    ["text", "text"],
    [7, "7"],
    [{ rows: [] }, "[object Object]"],
  ])("takes %p for an error as well", (thrown, message) => {
    expect(errorFields(thrown)).toEqual({ name: typeof thrown, message });
    expect(errorLine(thrown)).toBe(message);
  });
});

describe("an error as one line of text", () => {
  it("has names, codes and messages down to the first cause", () => {
    const inner = new InnerError("the row is gone", { cause: throttled() });
    expect(errorLine(new OuterError("no", { cause: inner }))).toBe(
      "OuterError OUTER_FAILED: no, caused by InnerError INNER_FAILED: the row is gone, " +
        "caused by ThrottlingException: Rate exceeded",
    );
  });
});
