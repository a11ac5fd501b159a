/** What becomes of a file on its way to the bucket: one import for one file, and each fault by its name. */
import { describe, expect, it } from "@jest/globals";
import type { Api, Schemas } from "../../console/src/api/api.ts";
import { type FormRequest, sendForm } from "../../console/src/jobs/upload/send-form.ts";
import { UploadError, type UploadFault } from "../../console/src/jobs/upload/upload-error.ts";
import { FileUpload } from "../../console/src/jobs/upload/upload-file.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const MINUTE_MS = 60_000;
const URL_OF_BUCKET = "https://imports.s3.eu-west-1.amazonaws.com/";

function uploadOf(jobId: string, nowMs = NOW): Schemas["Upload"] {
  const expiresAt = new Date(nowMs + 15 * MINUTE_MS).toISOString();
  return { jobId, url: URL_OF_BUCKET, fields: { key: `uploads/${jobId}` }, maxBytes: 100, expiresAt };
}

const fileOf = (content: string | Uint8Array<ArrayBuffer>) => new File([content], "november.csv");
const quiet = () => ({ signal: new AbortController().signal, onProgress: () => undefined });

async function faultOf(outcome: Promise<unknown>): Promise<UploadFault | undefined> {
  try {
    await outcome;
    return undefined;
  } catch (error) {
    if (error instanceof UploadError) return error.fault;
    throw error;
  }
}

/** In the place of a browser's: what it is to do once it is sent. */
class FakeRequest extends EventTarget {
  readonly upload = new EventTarget();
  status = 0;
  responseText = "";
  opened: readonly string[] = [];
  form: FormData | undefined;
  readonly #then: (request: FakeRequest) => void;

  constructor(then: (request: FakeRequest) => void) {
    super();
    this.#then = then;
  }

  open(...opened: readonly string[]): void {
    this.opened = opened;
  }

  send(form: FormData): void {
    this.form = form;
    this.#then(this);
  }

  abort(): void {
    this.dispatchEvent(new Event("abort"));
  }

  progress(loaded: number, total: number): void {
    this.upload.dispatchEvent(Object.assign(new Event("progress"), { loaded, total }));
  }

  respond(status: number, responseText = ""): void {
    this.upload.dispatchEvent(new Event("load"));
    Object.assign(this, { status, responseText });
    this.dispatchEvent(new Event("load"));
  }
}

const partsOf = (request: FakeRequest, nowMs = NOW) => ({
  request: () => request as unknown as FormRequest,
  now: () => nowMs,
});

const refusal = (code: string, message = "") => `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

describe("a form", () => {
  const sent = (then: (request: FakeRequest) => void, nowMs = NOW) =>
    faultOf(
      sendForm(
        { upload: uploadOf("j-1"), file: fileOf("0123456789"), ...quiet() },
        partsOf(new FakeRequest(then), nowMs),
      ),
    );

  it("is sent to the bucket, its fields first, and says how much of it was sent", async () => {
    const progress: number[] = [];
    const request = new FakeRequest((one) => {
      one.progress(50, 200);
      one.progress(200, 200);
      one.respond(204);
    });
    await sendForm(
      { ...quiet(), upload: uploadOf("j-1"), file: fileOf("a"), onProgress: (bytes) => progress.push(bytes) },
      partsOf(request),
    );
    expect(request.opened).toEqual(["POST", URL_OF_BUCKET]);
    expect([...(request.form?.keys() ?? [])]).toEqual(["key", "file"]);
    expect(progress).toEqual([50, 200]);
  });

  it.each([
    ["too large", 400, refusal("EntityTooLarge"), { kind: "too large", bytes: 10, maxBytes: 100 }],
    ["empty", 400, refusal("EntityTooSmall"), { kind: "empty" }],
    ["late", 403, refusal("AccessDenied", "Invalid according to Policy: Policy expired."), { kind: "expired" }],
    ["late, of a session that is over", 400, refusal("ExpiredToken"), { kind: "expired" }],
    [
      "of others",
      403,
      refusal("AccessDenied", "Access Denied"),
      { kind: "refused", status: 403, code: "AccessDenied" },
    ],
    ["nothing known", 503, "busy", { kind: "refused", status: 503, code: "" }],
  ])("that the bucket refuses as %s has that fault", async (_what, status, text, fault) => {
    expect(await sent((request) => request.respond(status, text))).toEqual(fault);
  });

  it("whose connection is lost half-way was not taken, and after all of it nobody knows", async () => {
    const half = await sent((request) => {
      request.progress(4, 200);
      request.dispatchEvent(new Event("error"));
    });
    expect(half).toEqual({ kind: "connection lost", sentBytes: 4, bytes: 10 });
    const all = await sent((request) => {
      request.upload.dispatchEvent(new Event("load"));
      request.dispatchEvent(new Event("error"));
    });
    expect(all).toEqual({ kind: "unknown", jobId: "j-1" });
    const late = await sent((request) => request.dispatchEvent(new Event("error")), NOW + 16 * MINUTE_MS);
    expect(late).toEqual({ kind: "expired" });
  });

  it("is ended by whoever sends it, and not begun where it is too large", async () => {
    const ending = new AbortController();
    const request = new FakeRequest(() => ending.abort());
    const canceled = sendForm(
      { ...quiet(), upload: uploadOf("j-1"), file: fileOf("a"), signal: ending.signal },
      partsOf(request),
    );
    expect(await faultOf(canceled)).toEqual({ kind: "canceled" });
    const large = new FakeRequest(() => undefined);
    const refused = sendForm({ ...quiet(), upload: uploadOf("j-1"), file: fileOf("a".repeat(101)) }, partsOf(large));
    expect(await faultOf(refused)).toEqual({ kind: "too large", bytes: 101, maxBytes: 100 });
    expect(large.form).toBeUndefined();
  });
});

describe("an upload", () => {
  const file = fileOf("transactionId\nt-1\n");
  const asked = { file, reason: "of the old system", of: "transactions" } as const;

  /** @param faults of one attempt after the other. @param state of the import, as the API has it */
  function world(faults: readonly (UploadFault | undefined)[], state = "waiting") {
    const made: string[] = [];
    const sentWith: string[] = [];
    const left = [...faults];
    const clock = { nowMs: NOW };
    const client = {
      async POST() {
        made.push(`j-${made.length + 1}`);
        return { data: uploadOf(made.at(-1) ?? "", clock.nowMs) };
      },
      GET: async () => ({ data: { state } }),
    };
    const api = { ask: async (call: (one: typeof client) => Promise<{ data: unknown }>) => (await call(client)).data };
    const send = async ({ upload }: { readonly upload: Schemas["Upload"] }) => {
      sentWith.push(upload.jobId);
      const fault = left.shift();
      if (fault !== undefined) throw new UploadError(fault);
    };
    return { upload: new FileUpload(api as unknown as Api, send, () => clock.nowMs), made, sentWith, clock };
  }

  it("has the import that its form was given for", async () => {
    const { upload, made } = world([]);
    expect(await upload.send(asked, quiet())).toBe("j-1");
    expect(made).toEqual(["j-1"]);
  });

  it("is sent again with the same form, so that a file is no second import", async () => {
    const { upload, sentWith } = world([{ kind: "canceled" }, { kind: "connection lost", sentBytes: 1, bytes: 2 }]);
    for (let attempt = 0; attempt < 2; attempt += 1) await faultOf(upload.send(asked, quiet()));
    expect(await upload.send(asked, quiet())).toBe("j-1");
    expect(sentWith).toEqual(["j-1", "j-1", "j-1"]);
  });

  it("has another form once the first is over, or nearly, and for another file or reason", async () => {
    const { upload, sentWith, clock } = world([{ kind: "expired" }]);
    await faultOf(upload.send(asked, quiet()));
    await upload.send(asked, quiet());
    clock.nowMs += 14.5 * MINUTE_MS;
    await upload.send(asked, quiet());
    await upload.send({ ...asked, reason: "again" }, quiet());
    await upload.send({ ...asked, file: fileOf("other\n"), reason: "again" }, quiet());
    expect(sentWith).toEqual(["j-1", "j-2", "j-3", "j-4", "j-5"]);
  });

  it("of which nobody knows whether it arrived is there where its import has begun", async () => {
    const unknown = { kind: "unknown", jobId: "j-1" } as const;
    expect(await world([unknown], "running").upload.send(asked, quiet())).toBe("j-1");
    expect(await faultOf(world([unknown], "waiting").upload.send(asked, quiet()))).toEqual(unknown);
  });

  it("is not asked for where the file is none, or surely no text", async () => {
    const { upload, made } = world([]);
    expect(await faultOf(upload.send({ ...asked, file: fileOf("") }, quiet()))).toEqual({ kind: "empty" });
    for (const [bytes, code] of [
      [[0x50, 0x4b, 0x03, 0x04], "file_compressed"],
      [[0x1f, 0x8b, 8], "file_compressed"],
      [[0xd0, 0xcf, 0x11, 0xe0], "file_workbook"],
      [[0xff, 0xfe, 0x61], "file_utf16"],
      [[0x61, 0], "file_utf16"],
    ] as const) {
      const outcome = upload.send({ ...asked, file: fileOf(Uint8Array.from(bytes)) }, quiet());
      expect(await faultOf(outcome)).toEqual({ kind: "not text", code });
    }
    expect(made).toEqual([]);
  });
});
