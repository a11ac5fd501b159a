/** The fields of a form that uploads a file (`multipart/form-data`): those before the file, and how long it is. */
export interface UploadedForm {
  /** By name, in small letters; S3 knows no other difference. */
  readonly fields: Readonly<Record<string, string>>;
  /** Missing where there is none. */
  readonly fileBytes?: number;
}

const HEADERS_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");
const BOUNDARY = /boundary="?([^";\s]+)"?/i;
const NAME = /content-disposition:\s*form-data;[^\r\n]*?\bname="([^"]*)"/i;

/** @returns undefined for what is no such form */
export function uploadedForm(contentType: string, body: Buffer): UploadedForm | undefined {
  const boundary = BOUNDARY.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const delimiter = Buffer.from(`--${boundary}`);
  const fields: Record<string, string> = {};
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const headersAt = at + delimiter.length + LINE_END.length;
    const headersEnd = body.indexOf(HEADERS_END, headersAt);
    if (headersEnd < 0) return { fields };
    const next = body.indexOf(Buffer.concat([LINE_END, delimiter]), headersEnd);
    if (next < 0) return undefined;
    const name = NAME.exec(body.subarray(headersAt, headersEnd).toString("utf8"))?.[1]?.toLowerCase() ?? "";
    const from = headersEnd + HEADERS_END.length;
    // Fields after the file count for nothing.
    if (name === "file") return { fields, fileBytes: Math.max(0, next - from) };
    fields[name] = body.subarray(from, next).toString("utf8");
    at = next + LINE_END.length;
  }
  return { fields };
}
