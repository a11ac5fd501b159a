import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseHead } from "../../http1/answer-head.ts";
import { AnswerReader } from "../../http1/answer-reader.ts";

interface Read {
  readonly status?: number;
  readonly headers: Record<string, unknown>;
  readonly keptMs?: number;
  readonly body: string;
  /** Bytes that belong to the answer. */
  readonly bytes: number;
  readonly isWhole: boolean;
  readonly code?: string;
}

/** What is read of bytes in pieces of these sizes, over and over, up to the end of the connection. Each piece lies before old bytes. */
function readIn(sizes: readonly number[], text: string, reader = new AnswerReader()): Read {
  const all = Buffer.from(text, "latin1");
  let read: Read = { headers: {}, body: "", bytes: 0, isWhole: false };
  let at = 0;
  const listener = {
    onHead: ({ status, headers, keptMs }: ReturnType<typeof parseHead>) => {
      if (read.status !== undefined) throw new Error("a second head");
      read = { ...read, status, headers: { ...headers }, keptMs };
    },
    onData: (bytes: Buffer, from: number, to: number) => {
      if (read.status === undefined) throw new Error("data before the head");
      read = { ...read, body: read.body + bytes.toString("latin1", from, to) };
    },
  };
  reader.expect();
  try {
    for (let index = 0; at < all.length && !reader.hasEnded; index += 1) {
      const piece = all.subarray(at, at + (sizes[index % sizes.length] ?? 1));
      const buffer = Buffer.concat([piece, OLD_BYTES]);
      at += reader.read(buffer, piece.length, listener, () => true);
    }
    const isWhole = reader.hasEnded || reader.finish();
    return { ...read, bytes: at, isWhole };
  } catch (error) {
    // How far it had read by then depends on the cut.
    return { headers: {}, body: "", bytes: 0, isWhole: false, code: (error as { code: string }).code };
  }
}

const OLD_BYTES = Buffer.from("\r\n\r\nHTTP/1.1 500 Old\r\n0\r\n\r\n");
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

describe("any answer in any pieces", () => {
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
        const reader = new AnswerReader();
        for (const [status, lines, body] of [...all, ...all]) {
          const text = headText(status, lines, `content-length: ${body.length}\r\n`) + body;
          expect(readIn(cut, text, reader)).toEqual(readIn(WHOLE, text));
        }
      }),
    );
  });
});

describe("what is too large", () => {
  const PIECES = [[1], [1000], [65_536]];

  it.each([
    ["a header", (bytes: number) => `HTTP/1.1 200 OK\r\nx: ${"y".repeat(bytes - 24)}\r\n\r\n`],
    ["a reason", (bytes: number) => `HTTP/1.1 200 ${"y".repeat(bytes - 17)}\r\n\r\n`],
    [
      "what comes before it",
      (bytes: number) => `HTTP/1.1 100 C${"y".repeat(bytes - 37)}\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`,
    ],
  ])("is a head of more than 16 KB, however it is cut: %s", (_, head) => {
    expect([head(16_384).length, head(20_000).length]).toEqual([16_384, 20_000]);
    for (const cut of PIECES) {
      expect(readIn(cut, head(16_384)).status).toBe(200);
      for (const bytes of [16_385, 20_000, 200_000]) expect(readIn(cut, head(bytes)).code).toBe("HEAD_TOO_LARGE");
    }
  });

  it.each([
    ["a size", "0".repeat(2000)],
    ["an extension", `1;${"x".repeat(2000)}\r\na\r\n`],
    ["extensions", `1;${"x".repeat(1000)}\r\na\r\n`.repeat(17)],
    ["a trailer", `0\r\nx: ${"y".repeat(2000)}\r\n\r\n`],
    ["trailers", `0\r\n${"x:\r\n".repeat(5000)}\r\n`],
    ["trailers with long values", `0\r\n${`x: ${"y".repeat(1000)}\r\n`.repeat(17)}\r\n`],
  ])("is %s of chunks beyond a bound", (_, chunked) => {
    for (const cut of PIECES) {
      const text = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunked}`;
      expect(readIn(cut, text).code).toBe("HEAD_TOO_LARGE");
    }
  });
});

describe("what an answer says of its connection", () => {
  it.each<[string, string, number]>([
    ["nothing", "HTTP/1.1 200 OK\r\n", Number.POSITIVE_INFINITY],
    ["close", "HTTP/1.1 200 OK\r\nConnection: Close\r\n", 0],
    ["close among others", "HTTP/1.1 200 OK\r\nconnection: x, \tclose ,y\r\n", 0],
    ["close in a second header", "HTTP/1.1 200 OK\r\nconnection: keep-alive\r\nconnection: close\r\n", 0],
    ["what only looks like close", "HTTP/1.1 200 OK\r\nconnection: closed\r\n", Number.POSITIVE_INFINITY],
    ["so many seconds", "HTTP/1.1 200 OK\r\nkeep-alive: max=5, timeout=7\r\n", 7000],
    ["no second", "HTTP/1.1 200 OK\r\nkeep-alive: timeout=0\r\n", 0],
    ["no number", "HTTP/1.1 200 OK\r\nkeep-alive: timeout=soon\r\n", Number.POSITIVE_INFINITY],
    ["plainly chunked", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n", Number.POSITIVE_INFINITY],
    ["coded and chunked", "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n", 0],
    ["chunked twice", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", 0],
    ["204 and no body", "HTTP/1.1 204 None\r\ncontent-length: 0\r\n", Number.POSITIVE_INFINITY],
    ["204 and a body", "HTTP/1.1 204 None\r\ncontent-length: 5\r\n", 0],
    ["204 and two lengths", "HTTP/1.1 204 None\r\ncontent-length: 0\r\ncontent-length: 0\r\n", 0],
    ["204 and chunks", "HTTP/1.1 204 None\r\ntransfer-encoding: chunked\r\n", 0],
    ["nothing in HTTP/1.0", "HTTP/1.0 200 OK\r\n", 0],
    ["keep-alive in HTTP/1.0", "HTTP/1.0 200 OK\r\nconnection: Keep-Alive\r\n", Number.POSITIVE_INFINITY],
    ["keep-alive in HTTP/1.0, close too", "HTTP/1.0 200 OK\r\nconnection: keep-alive, close\r\n", 0],
    [
      "keep-alive in HTTP/1.0, in chunks that it does not know",
      "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n",
      0,
    ],
  ])("%s, is how long it is kept", (_, head, keptMs) => {
    expect(parseHead(head.slice(0, -2)).keptMs).toBe(keptMs);
  });
});

describe("what is said of an answer that is no HTTP", () => {
  it.each<[string, string]>([
    ["SSH-2.0-\x1b[31m\r\n", 'expected HTTP/1., got "SSH-2.0-?[31m\\r\\n"'],
    [
      "HTTP/1.1 200 OK\r\nset-cookie: token=hidden\0\r\n\r\n",
      'expected no control characters in a header, got "set-cookie"',
    ],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", 'expected a header, got "no colon"'],
    [`HTTP/1.1 ${"2".repeat(100)}\r\n\r\n`, `expected a status line, got "HTTP/1.1 ${"2".repeat(31)}"`],
  ])(
    "%j: what was expected and what came, in a few printable characters and without values of headers",
    (text, said) => {
      const reader = new AnswerReader();
      reader.expect();
      const bytes = Buffer.from(text, "latin1");
      const listener = { onHead: () => undefined, onData: () => undefined };
      expect(() => reader.read(bytes, bytes.length, listener, () => true)).toThrow(said);
    },
  );
});
