/** `npm run check:words`: fails where code, comments or docs have a replaced word; says where, and the new one. */
import { globSync, readFileSync } from "node:fs";
import { findReplacedWords, type ReplacedWords } from "./find-replaced-words.ts";

const LIST = "tools/docs/replaced-words.json";
const FILES = [
  "{bin,console,lib,core,lambdas,containers,local,tools,verifier,test}/**/*.{ts,tsx,mts,mjs}",
  "{*,docs/**/*}.md",
];
const ITS_TEST = "test/tools/docs/find-replaced-words.test.ts";

const words = JSON.parse(readFileSync(LIST, "utf8")) as ReplacedWords;
const files = globSync(FILES, { exclude: ["**/node_modules/**"] }).filter((file) => file !== ITS_TEST);
const found = files.flatMap((file) => findReplacedWords(file, readFileSync(file, "utf8"), words));
for (const { file, line, word, instead } of found) console.error(`${file}:${line}: ${word} → ${instead}`);
if (found.length > 0) {
  console.error(`${found.length} replaced words. Use the new ones; what must keep an old one is allowed in ${LIST}.`);
  process.exitCode = 1;
} else console.log(`No replaced word in ${files.length} files.`);
