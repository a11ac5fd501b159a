/** `npm run check:width`: fails where a line of code is longer than 120 characters, comments too; says where. */
import { globSync, readFileSync } from "node:fs";

const MOST = 120;
/** An address is whole. */
const WHOLE = /https?:\/\/\S{60,}|@sha256:[0-9a-f]{64}$/;
const FILES = [
  "{bin,console,lib,core,lambdas,containers,local,tools,verifier,test}/**/*.{ts,tsx,mts,mjs}",
  "{*.json,containers/*/Dockerfile,.ci/run,.oxlintrc.json}",
];

const files = globSync(FILES, { exclude: ["**/node_modules/**", "package-lock.json"] });
const tooLong = files.flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => (line.length > MOST && !WHOLE.test(line) ? [`${file}:${index + 1}`] : [])),
);
for (const place of tooLong) console.error(`${place}: longer than ${MOST} characters`);
if (tooLong.length > 0) process.exitCode = 1;
else console.log(`No line longer than ${MOST} characters in ${files.length} files.`);
