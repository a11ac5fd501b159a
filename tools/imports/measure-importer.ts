/**
 * `npm run measure-import -- --rows 1000000`: what it takes to look a file through, cut it into blocks and
 * read its rows, without a stack: the pure parts alone, in this process, on a file that is made first.
 */
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cutBlocks } from "../../core/imports/cut-blocks.ts";
import { readBlock } from "../../core/imports/read-block.ts";
import { peakMegabytes } from "../../core/telemetry/peak-memory.ts";
import { HEADER, plannedRows } from "../../local/demo/imports/import-file.ts";

const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
const rows = Number(values.rows);
const directory = await mkdtemp(join(tmpdir(), "measure-importer-"));
const file = join(directory, "rows.csv");
try {
  await write(file);
  const beforeMb = peakMegabytes();
  const beganAt = performance.now();
  const cut = await cutBlocks(createReadStream(file));
  if ("fault" in cut) throw new Error(cut.fault.reason);
  const cutSeconds = (performance.now() - beganAt) / 1000;
  const cutPeakMb = peakMegabytes();
  let rejected = 0;
  const handle = await open(file);
  for (const block of cut.blocks) {
    const bytes = Buffer.alloc(block.to - block.from);
    await handle.read(bytes, 0, bytes.length, block.from);
    rejected += readBlock(bytes, block, cut).filter((row) => "fault" in row).length;
  }
  await handle.close();
  const seconds = (performance.now() - beganAt) / 1000;
  const megabytes = Math.round((await stat(file)).size / 1e6);
  const figures = {
    cutSeconds: round(cutSeconds),
    seconds: round(seconds),
    beforeMb,
    cutPeakMb,
    peakMb: peakMegabytes(),
  };
  console.log(JSON.stringify({ rows: cut.rows, megabytes, blocks: cut.blocks.length, rejected, ...figures }));
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function write(path: string): Promise<void> {
  const stream = createWriteStream(path);
  stream.write(HEADER);
  for (const { line } of plannedRows(rows, 1)) if (!stream.write(line)) await once(stream, "drain");
  stream.end();
  await once(stream, "finish");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
