/**
 * Gives the kept database of DynamoDB Local SQLite's write-ahead log: as durable, and about five times as many writes a
 * second, as each waits once for the disk instead of several times. Log and page size are properties of the file, which
 * DynamoDB Local leaves alone; but it never moves the log's content into the database, so that is done from here, in a
 * way that makes no writer wait.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** The name that DynamoDB Local gives the one database of `-sharedDb`. */
const DATABASE_FILE = "shared-local-instance.db";
/** A commit logs whole pages; rows are small. Before there is content it may be chosen, later it stays as it is. */
const PAGE_BYTES = 1024;
const MOVE_EVERY_MS = 500;

/** To be called before DynamoDB Local has the database open. */
export function prepareDatabase(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, DATABASE_FILE));
  // Without any change nothing would be written, the mode included. The last one to close empties a log that was left
  // over.
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA journal_mode = WAL; CREATE TABLE made (at); DROP TABLE made`);
  database.close();
}

/** Keeps the log short while DynamoDB Local writes it. */
export function keepLogShort(directory: string): void {
  const database = new DatabaseSync(join(directory, DATABASE_FILE));
  const move = database.prepare("PRAGMA wal_checkpoint(PASSIVE)");
  setInterval(() => {
    try {
      move.get();
    } catch {
      // Somebody else has the log in hand; the next time comes soon.
    }
  }, MOVE_EVERY_MS).unref();
}
