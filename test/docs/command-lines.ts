/**
 * Lines of the AWS CLI in a page of the docs, as a shell would take them apart, so that tests can do the same with an
 * SDK client.
 */
export interface CommandLine {
  /** Such as `dynamodb update-item`. */
  readonly command: string;
  /** Values by option, `--table-name` for example. */
  readonly options: Readonly<Record<string, string>>;
}

export function commandLinesOf(page: string): CommandLine[] {
  const shell = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = ""]) => block.replaceAll("\\\n", " "));
  const lines = shell.flatMap((block) => block.split("\n")).filter((line) => line.startsWith("aws "));
  return lines.map((line) => {
    const words = [...line.matchAll(/'([^']*)'|([^\s']+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
    const [, service, operation, ...rest] = words;
    const options = Object.fromEntries(
      rest.flatMap((word, index) => (word.startsWith("--") ? [[word, rest[index + 1] ?? ""]] : [])),
    );
    return { command: `${service} ${operation}`, options };
  });
}
