// What a run of jest came to, from its results in JSON: `passed failed`, then each failed test in a line of its own.
import { readFileSync } from "node:fs";
import { relative } from "node:path";

const FIRST_LINE = /^.*$/m;

const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(`${numPassedTests} ${numFailedTests}`);
for (const { name, status, message, assertionResults } of testResults) {
  const failed = assertionResults.filter((one) => one.status === "failed");
  const file = relative("", name);
  for (const { fullName, failureMessages } of failed) say(`${file} › ${fullName}: ${failureMessages[0] ?? ""}`);
  if (status === "failed" && failed.length === 0) say(`${file}: ${message.trim()}`);
}

function say(text) {
  // oxlint-disable-next-line no-control-regex
  console.log(FIRST_LINE.exec(text.replaceAll(/\u001B\[[\d;]*m/g, ""))[0]);
}
