/**
 * From a file that somebody chose to its import: looked at, a form asked for, sent. The form of a file that did not
 * arrive is used again while it holds, so that one which did arrive, unnoticed, is no second import.
 */
import { SIGNATURE_BYTES, signatureFault } from "../../../../core/imports/file-signature.ts";
import type { Api, Schemas } from "../../api/api.ts";
import type { Sent } from "./send-form.ts";
import { UploadError } from "./upload-error.ts";

export type RowKind = Schemas["ImportJob"]["of"];

export interface Asked {
  readonly file: File;
  readonly reason: string;
  /** What its rows are. */
  readonly of: RowKind;
}

export interface Sending {
  readonly signal: AbortSignal;
  readonly onProgress: (bytes: number, total: number) => void;
}

type Upload = Schemas["Upload"];
/** Resolves once the bucket has the file. */
type Send = (sent: Sent) => Promise<void>;

/** Of the time that a form holds, what is left for the file to begin. */
const LEFT_MS = 60_000;
/** Most rows a second, as the API has it unless somebody says otherwise. */
const RATE = 2000;

export class FileUpload {
  readonly #api: Api;
  readonly #send: Send;
  readonly #now: () => number;
  #held: { readonly asked: Asked; readonly upload: Upload } | undefined;

  constructor(api: Api, send: Send, now: () => number = Date.now) {
    this.#api = api;
    this.#send = send;
    this.#now = now;
  }

  /** @returns the import's id, once its file is there. @throws UploadError or Refusal, by rejecting */
  async send(asked: Asked, { signal, onProgress }: Sending): Promise<string> {
    await requireText(asked.file);
    const upload = await this.#form(asked, signal);
    try {
      await this.#send({ upload, file: asked.file, signal, onProgress });
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      if (error.fault.kind === "expired") this.#held = undefined;
      if (error.fault.kind !== "unknown" || !(await this.#hasArrived(upload.jobId))) throw error;
    }
    return upload.jobId;
  }

  async #form(asked: Asked, signal: AbortSignal): Promise<Upload> {
    if (this.#held !== undefined && isSame(this.#held.asked, asked)) {
      const { upload } = this.#held;
      if (Date.parse(upload.expiresAt) - this.#now() > LEFT_MS) return upload;
    }
    const { file, reason, of } = asked;
    const body = { fileName: file.name, reason, of, ratePerSecond: RATE };
    const made = await this.#api
      .ask((client) => client.POST("/v1/imports/uploads", { body, signal }))
      .catch((cause: unknown) => {
        throw signal.aborted ? new UploadError({ kind: "canceled" }, { cause }) : cause;
      });
    this.#held = { asked, upload: made };
    return made;
  }

  /** One that waits for its file still may have got it all the same: what the bucket tells takes a moment. */
  async #hasArrived(jobId: string): Promise<boolean> {
    const params = { path: { jobId } };
    const job = await this.#api.ask((client) => client.GET("/v1/imports/{jobId}", { params })).catch(() => undefined);
    return job !== undefined && job.state !== "waiting";
  }
}

/** What the importer would refuse whole is not sent. @throws UploadError */
async function requireText(file: File): Promise<void> {
  if (file.size === 0) throw new UploadError({ kind: "empty" });
  const first = await file
    .slice(0, SIGNATURE_BYTES)
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw new UploadError({ kind: "unreadable" }, { cause });
    });
  const fault = signatureFault(new Uint8Array(first));
  if (fault !== undefined) throw new UploadError({ kind: "not text", code: fault.code });
}

function isSame(one: Asked, other: Asked): boolean {
  return one.file === other.file && one.reason === other.reason && one.of === other.of;
}
