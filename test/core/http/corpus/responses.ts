/** What answers in the corpora are made of. Latin1, a character a byte. */
export const OK = "HTTP/1.1 200 OK\r\n";
export const SMALL = `${OK}content-length: 2\r\n\r\nok`;
export const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
export const IN_CHUNKS = "2\r\nok\r\n0\r\n\r\n";
export const lengthOf = (value: string): string => `${OK}content-length:${value}\r\n\r\nok`;
export const withHeader = (line: string): string => `${OK}${line}\r\ncontent-length: 2\r\n\r\nok`;
export const coded = (lines: string, version = "1.1"): string =>
  `HTTP/${version} 200 OK\r\n${lines}\r\n\r\n${IN_CHUNKS}`;
export const begun = (begin: string): string => SMALL.replace("HTTP/1.1 200 OK", begin);
