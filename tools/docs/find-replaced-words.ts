/**
 * Looks for words that were replaced by the field's: identifiers as a whole, phrases as they are read, over a line's
 * end too. What users already see may keep an old word; each such place is allowed with its reason.
 */
export interface ReplacedWords {
  /** Identifiers, old to new. */
  readonly identifiers: Readonly<Record<string, string>>;
  /** Phrases of comments and pages, old to new. */
  readonly phrases: Readonly<Record<string, string>>;
  readonly allowed: readonly { readonly word: string; readonly file: string; readonly reason: string }[];
}

export interface Found {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly instead: string;
}

export function findReplacedWords(file: string, text: string, words: ReplacedWords): Found[] {
  const allowed = new Set(words.allowed.filter((entry) => isIn(file, entry.file)).map(({ word }) => word));
  const found = (all: Readonly<Record<string, string>>, where: string, pattern: (old: string) => string): Found[] =>
    Object.entries(all)
      .filter(([old]) => !allowed.has(old))
      .flatMap(([old, instead]) =>
        [...where.matchAll(new RegExp(pattern(old), "g"))].map(({ index }) => ({
          file,
          line: where.slice(0, index).split("\n").length,
          word: old,
          instead,
        })),
      );
  return [
    ...found(words.identifiers, text, (old) => String.raw`(?<![\w$])${old}(?![\w$])`),
    ...found(words.phrases, proseOf(file, text), (old) => {
      const overLines = old.replaceAll(" ", String.raw`\s+(?:(?:\*|//) )?`);
      return String.raw`(?<![\w\`])${overLines}(?![\w\`])`;
    }),
  ].toSorted((a, b) => a.line - b.line);
}

/** Pages as they are; of code the comments alone, at their places: what a string says users may already see. */
function proseOf(file: string, text: string): string {
  if (file.endsWith(".md")) return text;
  let prose = "";
  let from = 0;
  for (const { 0: comment, index } of text.matchAll(/\/\*.*?\*\/|(?<![:"'`\w])\/\/[^\n]*/gs)) {
    prose += blank(text.slice(from, index)) + comment;
    from = index + comment.length;
  }
  return prose + blank(text.slice(from));
}

/** @param place a file, or a folder with a slash at its end */
function isIn(file: string, place: string): boolean {
  return place.endsWith("/") ? file.startsWith(place) : file === place;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
