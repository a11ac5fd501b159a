import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ResponseParser } from "../../../core/http/response-parser.ts";
import { readIn } from "./read-in.ts";

const WHOLE = [1_000_000];
const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 200 })), {
  minLength: 1,
  maxLength: 8,
});

const FRAMING = new Set(["content-length", "transfer-encoding", "connection", "keep-alive"]);
const token = fc.stringMatching(/^[a-z][a-z0-9!#$%&'*+.^_`|~-]{0,12}$/).filter((name) => !FRAMING.has(name));

const visible = fc.stringMatching(/^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]{0,30}[!-~\x80-\xff])?)?$/);
const ows = fc.constantFrom("", " ", "\t", "  \t ");
const headers = fc.array(fc.tuple(token, visible, ows, ows), { maxLength: 6 });
const interims = fc.array(
  fc.constantFrom(
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nlink: </b>\r\n\r\n",
    "HTTP/1.0 102 \r\n\r\n",
    "HTTP/1.1 199\r\n\r\n",
  ),
  { maxLength: 4 },
);
const bodies = fc.oneof(
  fc.constantFrom("", "\r\n", "\r\n\r\n", "0\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
);
const chunks = fc.array(
  fc.record({
    data: bodies.filter((data) => data !== ""),
    zeros: fc.constantFrom("", "0", "000"),
    isUpper: fc.boolean(),
    extension: fc.constantFrom("", ";a", ";a=b;c", ' ; a = "b\t;\\"c"'),
  }),
  { maxLength: 5 },
);
const statuses = fc.integer({ min: 200, max: 999 }).filter((status) => status !== 204 && status !== 304);

function headText(status: number, lines: readonly (readonly [string, string, string, string])[], framing: string) {
  const text = lines.map(([name, value, before, after]) => `${name}:${before}${value}${after}\r\n`).join("");
  return `HTTP/1.1 ${status} A reason\r\n${text}${framing}\r\n`;
}

function expectedHeaders(lines: readonly (readonly [string, string, string, string])[]): Record<string, unknown> {
  const expected: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, value] of lines) {
    const known = expected[name];
    expected[name] = known === undefined ? value : [known, value].flat();
  }
  return expected;
}

describe("any response in any pieces", () => {
  it("by length is its head and so many bytes, whatever follows", () => {
    fc.assert(
      fc.property(statuses, headers, bodies, interims, bodies, sizes, (status, lines, body, before, after, cut) => {
        const text = before.join("") + headText(status, lines, `Content-Length: ${body.length}\r\n`) + body;
        expect(readIn(cut, text + after)).toMatchObject({ status, body, bytes: text.length, isWhole: true });
        expect(readIn(cut, text).headers).toEqual({ ...expectedHeaders(lines), "content-length": `${body.length}` });
      }),
    );
  });

  it("by chunks is what they hold, without sizes, extensions and trailers", () => {
    fc.assert(
      fc.property(statuses, headers, chunks, headers, interims, sizes, (status, lines, parts, trailer, before, cut) => {
        const coded = parts.map(({ data, zeros, isUpper, extension }) => {
          const size = zeros + data.length.toString(16);
          return `${isUpper ? size.toUpperCase() : size}${extension}\r\n${data}\r\n`;
        });
        const end = trailer.map(([name, value]) => `${name}: ${value}\r\n`).join("");
        const head = headText(status, lines, "Transfer-Encoding: gzip, Chunked\r\n");
        const text = `${before.join("")}${head}${coded.join("")}00;last\r\n${end}\r\n`;
        const body = parts.map(({ data }) => data).join("");
        expect(readIn(cut, `${text}HTTP/1.1 200 OK`)).toMatchObject({
          status,
          body,
          bytes: text.length,
          isWhole: true,
        });
      }),
    );
  });

  it("to the end of the connection is all of it", () => {
    fc.assert(
      fc.property(statuses, headers, bodies, interims, sizes, (status, lines, body, before, cut) => {
        const text = before.join("") + headText(status, lines, "") + body;
        expect(readIn(cut, text)).toMatchObject({ status, body, bytes: text.length, isWhole: true });
      }),
    );
  });

  it("that cannot have a body has none, whatever its headers say", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(204, 304),
        fc.constantFrom("Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""),
        interims,
        sizes,
        (status, framing, before, cut) => {
          const text = before.join("") + headText(status, [], framing);
          expect(readIn(cut, `${text}HTTP/1.1 200 OK\r\n\r\n`)).toMatchObject({ status, body: "", bytes: text.length });
        },
      ),
    );
  });

  it("is whole with its last byte and not before", () => {
    const whole = [
      "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x\r\nok\r\n0\r\na: b\r\n\r\n",
      "HTTP/1.1 204 None\r\n\r\n",
    ];
    for (const text of whole) {
      for (let end = 0; end <= text.length; end += 1) {
        expect([text.slice(0, end), readIn([3], text.slice(0, end)).isWhole]).toEqual([
          text.slice(0, end),
          end === text.length,
        ]);
      }
    }
  });

  it("of whatever bytes is read the same as in one piece", () => {
    const noise = fc.array(
      fc.oneof(
        fc.constantFrom(
          "HTTP/1.1 200 OK\r\n",
          "HTTP/1.1 100 C\r\n\r\n",
          "\r\n",
          "\n",
          "\r",
          "content-length: 3\r\n",
          " ",
          ":",
        ),
        fc.constantFrom("transfer-encoding: chunked\r\n", "3\r\nabc\r\n", "0\r\n", "connection: close\r\n", "\0", "é"),
        visible,
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(noise, sizes, (parts, cut) => {
        const text = `HTTP/1.${parts.join("")}`;
        const [pieces, whole] = [readIn(cut, text), readIn(WHOLE, text)];
        expect({ ...pieces, code: undefined }).toEqual({ ...whole, code: undefined });
        expect(pieces.code === undefined).toBe(whole.code === undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it("follows another on the same connection as if it were the first", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(statuses, headers, bodies), { minLength: 2, maxLength: 5 }), sizes, (all, cut) => {
        const reader = new ResponseParser();
        for (const [status, lines, body] of [...all, ...all]) {
          const text = headText(status, lines, `content-length: ${body.length}\r\n`) + body;
          expect(readIn(cut, text, reader)).toEqual(readIn(WHOLE, text));
        }
      }),
    );
  });
});
