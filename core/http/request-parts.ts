/** A request's text taken apart: for who shows it, and for transports that write it in another form. */
export interface RequestParts {
  /** In their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly path: string;
  readonly body: string;
}

/** @param text as `postRequest` makes it */
export function requestParts(text: string): RequestParts {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [, path = ""] = first.split(" ");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
  });
  return { headers, path, body: text.slice(end + 4) };
}
