/** A file to where the API said that it may be uploaded: read as it is sent, whatever its size. */
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { errorLine } from "../../../../core/errors/error-fields.ts";
import { shortly } from "../../../../core/settings/settings-faults.ts";
import type { components } from "../../api/api-types.ts";
import { CommandFailure, wrongLine } from "../../frame/command-failure.ts";
import type { Session } from "../../frame/session.ts";
import { printable } from "../../show/printable.ts";

type Upload = components["schemas"]["Upload"];

/** In the body of S3's response. */
const ERROR_CODE = /<Code>(\w+)<\/Code>/;

/** @throws CommandFailure for a file that cannot be read */
export async function openedFile(file: string): Promise<Blob> {
  try {
    return await openAsBlob(file);
  } catch (cause) {
    throw wrongLine(`The file ${shortly(file)} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? "?"}`);
  }
}

/** @throws CommandFailure for what the bucket does not take */
export async function uploadFile(session: Session, blob: Blob, file: string, upload: Upload): Promise<void> {
  const { url, fields, maxBytes, expiresAt } = upload;
  if (blob.size > maxBytes)
    throw new CommandFailure("refused", `The file has ${blob.size} bytes, expected at most ${maxBytes}; split it`);
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // Last: whatever follows the file counts for nothing.
  form.append("file", blob, basename(file));
  const signal = AbortSignal.timeout(Math.max(1, Date.parse(expiresAt) - session.around.nowMs()));
  const response = await session.around
    .fetch(url, { method: "POST", body: form, redirect: "manual", signal })
    .catch((cause: unknown) => {
      throw new CommandFailure("unreachable", `The bucket cannot be reached (${errorLine(cause)}); import it again`, {
        cause,
      });
    });
  if (response.ok) return;
  const code = ERROR_CODE.exec(await response.text())?.[1] ?? "";
  throw new CommandFailure(
    "refused",
    `The bucket refused the file: ${response.status} ${printable(code)}; import it again`,
  );
}
