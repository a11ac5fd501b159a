/** A reader of heads that knows the one before makes of each head what one that knows none makes of it. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { HeadReader } from "../../../core/http/head-reader.ts";
import { parseHead } from "../../../core/http/response-head.ts";

const USUAL = [
  "HTTP/1.1 200 OK",
  "content-type: application/x-amz-json-1.0",
  "content-length: 12",
  "Date: Mon, 30 Nov 2026 12:00:00 GMT",
  "connection: keep-alive",
];
const status = fc.constantFrom(USUAL[0] as string, "HTTP/1.1 204 No Content", "HTTP/1.0 200 OK", "HTTP/1.1 503 No");
const line = fc.constantFrom(
  ...USUAL.slice(1),
  "content-length: 13",
  "content-length: 0",
  "content-length: twelve",
  "Content-Length: 12",
  "Date: Mon, 30 Nov 2026 12:00:01 GMT",
  "date:Mon, 30 Nov 2026 12:00:01 GMT\t",
  "connection: close",
  "keep-alive: timeout=5",
  "keep-alive: timeout=60",
  "transfer-encoding: chunked",
  "retry-after: 5",
  " of the line before",
  "x-control: \u0000",
  "no header",
);
/** Mostly those that servers send, with a line that is another or none. */
const head = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(fc.nat({ max: USUAL.length - 1 }), line).map(([at, other]) => USUAL.with(at, other)),
  },
  { weight: 2, arbitrary: fc.constant(USUAL) },
  { weight: 1, arbitrary: fc.tuple(status, fc.array(line, { maxLength: 6 })).map(([first, rest]) => [first, ...rest]) },
);

function made(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return { error: (error as Error).message };
  }
}

describe("a reader of heads", () => {
  it("makes of each what it would be alone, whatever came before", () => {
    fc.assert(
      fc.property(fc.array(head, { minLength: 2, maxLength: 12 }), (heads) => {
        const reader = new HeadReader();
        for (const lines of heads) {
          const text = lines.join("\r\n");
          expect(made(() => reader.read(text))).toEqual(made(() => parseHead(text)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("keeps what was read of one apart from the next", () => {
    const reader = new HeadReader();
    const first = reader.read(USUAL.join("\r\n"));
    const second = reader.read(USUAL.with(3, "Date: Mon, 30 Nov 2026 12:00:01 GMT").join("\r\n"));
    expect(first.headers["date"]).toBe("Mon, 30 Nov 2026 12:00:00 GMT");
    expect(second.headers["date"]).toBe("Mon, 30 Nov 2026 12:00:01 GMT");
  });

  it("does not read one anew that is the one before", () => {
    const reader = new HeadReader();
    expect(reader.read(USUAL.join("\r\n"))).toBe(reader.read(USUAL.join("\r\n")));
  });
});
