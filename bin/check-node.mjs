/**
 * Loaded before every program that package.json runs: an older Node would say `ERR_UNKNOWN_FILE_EXTENSION` of the first
 * TypeScript file, which helps nobody. That older Node is the machine's own, found because the package `node`, which
 * brings the right one, has not run its install script.
 */
const OLDEST_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR) {
  process.stderr.write(
    `Node ${OLDEST_MAJOR} is needed, this is ${process.versions.node}: the package \`node\`, which brings the right ` +
      "one, is without its program, as after `npm ci --ignore-scripts`. Run `npm rebuild node`.\n",
  );
  process.exit(1);
}
