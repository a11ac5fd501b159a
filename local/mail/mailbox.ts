/**
 * The mailbox of this machine: an SMTP server on loopback that takes whatever it is handed and keeps each mail as a
 * file, `<time>-<recipient>.eml`, that any mail program opens. It sends nothing on.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { LOOPBACK } from "../machine.ts";
import { portError } from "../processes/ports.ts";

export interface Mailbox {
  /** `smtp://127.0.0.1:<port>`. */
  readonly smtpUrl: string;
  /** Where the files are. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** Bytes of a mail; SES takes 40 MB. */
const MOST_BYTES = 40_000_000;
/** Files that are kept, the newest. */
const MOST_KEPT = 2000;
const PORT_OPTION = "--port-smtp";

/** @param options.mostBytes of a mail. @default MOST_BYTES */
export async function startMailbox(options: {
  readonly port: number;
  readonly directory: string;
  readonly mostBytes?: number;
}): Promise<Mailbox> {
  const { port, directory, mostBytes = MOST_BYTES } = options;
  mkdirSync(directory, { recursive: true });
  let count = 0;
  const keep = (recipient: string, mail: Buffer): void => {
    count += 1;
    const time = new Date().toISOString().replaceAll(":", "-");
    const whom = recipient.replaceAll(/[^\w.@+-]/g, "_").slice(0, 80);
    const name = `${time}-${String(count).padStart(4, "0")}-${whom}.eml`;
    // Whoever looks into the directory never sees half a mail.
    writeFileSync(join(directory, `.${name}`), mail);
    renameSync(join(directory, `.${name}`), join(directory, name));
    if (count % (MOST_KEPT / 10) === 0) forgetOldest(directory);
  };
  const server = new SMTPServer({
    banner: "the mailbox of this machine",
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: mostBytes,
    // With 552, as SES and everybody else does; not every client says beforehand how large its mail is.
    rejectOversized: true,
    logger: false,
    onData(stream, session, done) {
      let chunks: Buffer[] = [];
      // It is handed out to its end, however large it is.
      stream.on("data", (chunk: Buffer) => void (stream.sizeExceeded ? (chunks = []) : chunks.push(chunk)));
      stream.on("error", done);
      stream.on("end", () => {
        try {
          if (stream.sizeExceeded) return done();
          for (const { address } of session.envelope.rcptTo) keep(address, Buffer.concat(chunks));
          done();
        } catch (error) {
          done(error as Error);
        }
      });
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (cause) => reject(portError(cause, port, "the mailbox", PORT_OPTION)));
  const listening = server.listen(port, LOOPBACK, resolve);
  await promise;
  // A connection that broke off is no reason to end.
  server.on("error", () => undefined);
  const address = listening.address();
  return {
    smtpUrl: `smtp://${LOOPBACK}:${typeof address === "object" && address !== null ? address.port : port}`,
    directory,
    stop: () => new Promise((done) => server.close(done)),
  };
}

function forgetOldest(directory: string): void {
  const files = readdirSync(directory).filter((name) => name.endsWith(".eml"));
  for (const name of files.toSorted().slice(0, -MOST_KEPT)) rmSync(join(directory, name), { force: true });
}
