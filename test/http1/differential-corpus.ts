/** Answers, well-formed and not, that both clients read; and where ours is to differ, with the reason. Latin1, a character a byte. */

/** What ours does where undici does the other; `why` is the rule or the reason. */
export interface Deviation {
  readonly ours: "fails" | "is whole" | "reads something else";
  readonly why: string;
}

export interface Case {
  readonly answer: string;
  readonly deviation?: Deviation;
}

const OK = "HTTP/1.1 200 OK\r\n";
const SMALL = `${OK}content-length: 2\r\n\r\nok`;
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const lengthOf = (value: string): string => `${OK}content-length:${value}\r\n\r\nok`;
const withHeader = (line: string): string => `${OK}${line}\r\ncontent-length: 2\r\n\r\nok`;

/** Each is whole to every client that there is. */
export const WELL_FORMED: Readonly<Record<string, string>> = {
  "a length": SMALL,
  "a length of nothing": `${OK}content-length: 0\r\n\r\n`,
  "a length with zeros before": lengthOf(" 0002"),
  "to the end of the connection": `${OK}\r\nall of it`,
  "nothing to the end of the connection": `${OK}\r\n`,
  "one chunk": `${CHUNKED}2\r\nok\r\n0\r\n\r\n`,
  "many chunks": `${CHUNKED}2\r\nok\r\nA\r\n0123456789\r\nb\r\nhello\r\nworl\r\n0\r\n\r\n`.replace("hello\r\nworl", "hello world"),
  "no chunk": `${CHUNKED}0\r\n\r\n`,
  "chunks with extensions": `${CHUNKED}2;a=b;c="d"\r\nok\r\n0;last\r\n\r\n`,
  "chunks with zeros before": `${CHUNKED}0002\r\nok\r\n000\r\n\r\n`,
  "chunks and a trailer": `${CHUNKED}2\r\nok\r\n0\r\nx-sum: 1\r\ny: 2\r\n\r\n`,
  "chunks in upper case": `${OK}TRANSFER-ENCODING: CHUNKED\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  "204 with a length": "HTTP/1.1 204 None\r\ncontent-length: 5\r\n\r\n",
  "304 with a length": "HTTP/1.1 304 Same\r\ncontent-length: 5\r\n\r\n",
  "205 with a length": "HTTP/1.1 205 Reset\r\ncontent-length: 2\r\n\r\nok",
  "102 before": `HTTP/1.1 102 Processing\r\n\r\n${SMALL}`,
  "103 with headers before": `HTTP/1.1 103 Hints\r\nlink: </a>\r\n\r\n${SMALL}`,
  "several interim ones": `HTTP/1.1 102 P\r\n\r\nHTTP/1.1 103 H\r\na: b\r\n\r\n${SMALL}`,
  "no reason": "HTTP/1.1 200 \r\ncontent-length: 2\r\n\r\nok",
  "no space for a reason": "HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok",
  "a reason in latin1": "HTTP/1.1 200 Gr\xfc\xdfe\r\ncontent-length: 2\r\n\r\nok",
  "HTTP/1.0": "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
  "HTTP/1.0 to the end": "HTTP/1.0 200 OK\r\n\r\nok",
  "HTTP/1.0 with keep-alive": "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok",
  "connection: close": withHeader("connection: close"),
  "a failure": "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 2\r\n\r\nno",
  "a redirect": "HTTP/1.1 302 There\r\nlocation: /x\r\ncontent-length: 0\r\n\r\n",
  "a header twice": withHeader("x: 1\r\nX: 2"),
  "a header three times": withHeader("x: 1\r\nX: 2\r\nx: 3"),
  "an empty header": withHeader("x:"),
  "spaces and tabs around a value": withHeader("x: \t  a \t b\t "),
  "header names with every character": withHeader("!#$%&'*+-.^_`|~09azAZ: x"),
  "names that objects have": withHeader("__proto__: 1\r\nconstructor: 2\r\ntoString: 3"),
  "a head of 15 KB": withHeader(`x: ${"y".repeat(15_000)}`),
  "a body of 200 KB": `${OK}content-length: 200000\r\n\r\n${"z".repeat(200_000)}`,
  "a body that looks like an answer": `${OK}content-length: ${SMALL.length}\r\n\r\n${SMALL}`,
  "a coding that is not chunked, to the end": `${OK}transfer-encoding: gzip\r\n\r\nok`,
  "a coding, then chunked": `${OK}transfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  "more bytes after it": `${SMALL}HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n`,
};

/** None may count as delivered by accident: what ours takes for whole stands with its reason. */
export const MALFORMED: Readonly<Record<string, Case>> = {
  nothing: { answer: "" },
};
