/** What is refused of a response, what is said of it then, and what it says of its connection. */
import { describe, expect, it } from "@jest/globals";
import { parseHead } from "../../../core/http/response-head.ts";
import { ResponseParser } from "../../../core/http/response-parser.ts";
import { readIn } from "./read-in.ts";

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

  const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
  const MOST_BYTES = 65_536;

  it.each([
    ["a size", "0".repeat(2000)],
    ["an extension", `1;${"x".repeat(2000)}\r\na\r\n`],
    ["a trailer", `0\r\nx: ${"y".repeat(2000)}\r\n\r\n`],
  ])("is %s longer than a kilobyte: the status counts, and no more is read", (_, chunked) => {
    for (const cut of PIECES) expect(readIn(cut, CHUNKED + chunked)).toMatchObject({ status: 200, isCut: true });
  });

  it.each([
    ["a body of a length", "HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n", "x"],
    ["a body without one", "HTTP/1.1 200 OK\r\n\r\n", "x"],
    ["chunks", CHUNKED, `1000\r\n${"x".repeat(4096)}\r\n`],
    ["chunks of a byte", CHUNKED, "1\r\nx\r\n"],
    ["zeros before sizes", CHUNKED, `${"0".repeat(1000)}1\r\nx\r\n`],
    ["sizes in large letters", CHUNKED, `0A\r\n${"x".repeat(10)}\r\n`],
    ["extensions", CHUNKED, `1;${"x".repeat(900)}\r\nx\r\n`],
    ["extensions with values", CHUNKED, `1${';a="b c"'.repeat(100)}\r\nx\r\n`],
    ["trailers", `${CHUNKED}0\r\n`, `x: ${"y".repeat(900)}\r\n`],
    ["empty trailers", `${CHUNKED}0\r\n`, "x:\r\n"],
  ])("is what follows a head, of 64 KiB as it comes over the wire, whatever it is: %s", (_, head, piece) => {
    const room = MOST_BYTES - (head.endsWith("\r\n0\r\n") ? 3 : 0);
    const within = head + piece.repeat(Math.floor(room / piece.length));
    const beyond = within + piece;
    for (const cut of [[1000], [65_536], [7, 1460]]) {
      expect(readIn(cut, within, new ResponseParser(), MOST_BYTES)).toMatchObject({ status: 200 });
      expect(readIn(cut, within, new ResponseParser(), MOST_BYTES).isCut).toBeUndefined();
      expect(readIn(cut, beyond, new ResponseParser(), MOST_BYTES)).toMatchObject({ status: 200, isCut: true });
    }
  });

  it("is no body of 64 KiB, and is one of a byte more, though it came whole", () => {
    const of = (bytes: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${bytes}\r\n\r\n${"x".repeat(bytes)}`;
    for (const cut of [[1000], [65_536], [200_000]]) {
      expect(readIn(cut, of(MOST_BYTES), new ResponseParser(), MOST_BYTES)).toMatchObject({ isWhole: true });
      expect(readIn(cut, of(MOST_BYTES + 1), new ResponseParser(), MOST_BYTES)).toMatchObject({ isCut: true });
    }
  });

  it("of a response is counted anew for the next", () => {
    const reader = new ResponseParser();
    const response = `HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n${"x".repeat(60_000)}`;
    for (let nth = 0; nth < 3; nth += 1)
      expect(readIn([65_536], response, reader, MOST_BYTES)).toMatchObject({ isWhole: true });
  });
});

describe("the status of a head that did not come whole, or cannot be read", () => {
  it.each<[string, number | undefined]>([
    ["HTTP/1.1 200 OK\r\nx", 200],
    ["HTTP/1.1 503\r", 503],
    ["HTTP/1.1 503 ", 503],
    ["HTTP/1.1 503", undefined],
    ["HTTP/1.1 100 Continue\r\n", undefined],
    ["HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 N", 404],
    ["HTTP/1.1 200 OK\r\nno colon\r\n\r\n", 200],
    ["HTTP/1.1 2000 OK\r\n\r\n", undefined],
    [`HTTP/1.1 200 OK\r\nx: ${"y".repeat(20_000)}`, 200],
    ["SSH-2.0-x\r\n", undefined],
    ["", undefined],
  ])("%j is %s", (text, status) => {
    for (const cut of [1, 10, 65_536]) {
      const reader = new ResponseParser();
      readIn([cut], text, reader);
      expect(reader.statusSoFar).toBe(status);
    }
  });
});

describe("what a response says of its connection", () => {
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

describe("what is said of a response that is no HTTP", () => {
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
      const reader = new ResponseParser();
      reader.expect(1000);
      const bytes = Buffer.from(text, "latin1");
      const listener = { onHead: () => undefined, onData: () => undefined, onCut: () => undefined };
      expect(() => reader.read(bytes, bytes.length, listener, () => true)).toThrow(said);
    },
  );
});
