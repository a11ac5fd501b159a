/**
 * Finds the calls of AWS that a program can make, in the types of its own sources. A command counts when it is made
 * outside of a class, or in a method whose name the program asks for on that class or on anything structural: shared
 * modules bring methods that not every program uses, and a bundler does not drop those.
 */
import { readFileSync } from "node:fs";
import { API, type Project } from "typescript/unstable/sync";
import { type Node, type SourceFile, SyntaxKind } from "typescript/unstable/ast";
import {
  isCallExpression,
  isClassDeclaration,
  isIdentifier,
  isMethodDeclaration,
  isNewExpression,
  isPropertyAccessExpression,
} from "typescript/unstable/ast/is";
import { join } from "node:path";
import { PROJECT_ROOT } from "./program-sources.ts";

interface Made {
  /** The class of the AWS SDK, or its function: `QueryCommand`, `paginateQuery`. */
  readonly call: string;
  readonly source: string;
  /** The method of a class of ours that makes it, if one does. */
  readonly method?: string;
}

/** Functions of the SDK that make calls by themselves. */
const CALLING_FUNCTION = /^(paginate|waitUntil|waitFor)/;
const PARTIQL_VERB = /["'`](UPDATE(?=\s+\W)|INSERT(?=\s+INTO\s)|DELETE(?=\s+FROM\s)|SELECT(?=\s))/g;
const CLASS_MEMBERS: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.MethodDeclaration,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.GetAccessor,
]);

export class AwsCalls implements Disposable {
  readonly #api = new API({ cwd: PROJECT_ROOT });
  readonly #project: Project;

  constructor() {
    const configuration = join(PROJECT_ROOT, "tsconfig.json");
    const project = this.#api.updateSnapshot({ openProject: configuration }).getProject(configuration);
    if (project === undefined) throw new Error(`TypeScript knows no project ${configuration}`);
    this.#project = project;
  }

  [Symbol.dispose](): void {
    this.#api.close();
  }

  /** @returns names of SDK commands, and `PartiQL <verb>` for each verb of the statements in these files */
  in(files: readonly string[]): ReadonlySet<string> {
    const sources = files.map((file) => this.#source(file));
    const made = sources.flatMap((source) => this.#madeIn(source));
    const asked = this.#askedFor(sources, new Set(made.flatMap(({ method }) => method ?? [])));
    const calls = made.filter(
      ({ method, source }) => method === undefined || asked.has(keyOf(source, method)) || asked.has(method),
    );
    const verbs = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(PARTIQL_VERB)].map(([, verb]) => `PartiQL ${verb}`),
    );
    return new Set([...calls.map(({ call }) => call), ...verbs]);
  }

  #source(file: string): SourceFile {
    const source = this.#project.program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is in a bundle but not in tsconfig.json`);
    return source;
  }

  #madeIn(source: SourceFile): Made[] {
    return nodesOf(source).flatMap((node) => {
      if (!(isNewExpression(node) || isCallExpression(node)) || !isIdentifier(node.expression)) return [];
      const call = node.expression.text;
      const isCalling = isNewExpression(node) ? !call.endsWith("Client") : CALLING_FUNCTION.test(call);
      if (!isCalling || !this.#isOfAwsSdk(node.expression)) return [];
      const method = enclosingMethod(node);
      return [{ call, source: source.fileName, ...(method !== undefined && { method }) }];
    });
  }

  #isOfAwsSdk(identifier: Node): boolean {
    const symbol = this.#project.checker.getSymbolAtLocation(identifier);
    const target =
      symbol &&
      (symbol.declarations.some(({ kind }) => kind === SyntaxKind.ImportSpecifier)
        ? this.#project.checker.getAliasedSymbol(symbol)
        : symbol);
    return target?.declarations.some(({ path }) => path.includes("/node_modules/@aws-sdk/")) ?? false;
  }

  /**
   * Methods of our classes that are asked for, by file and name; and by name alone what is asked for on other types of
   * ours.
   */
  #askedFor(sources: readonly SourceFile[], names: ReadonlySet<string>): ReadonlySet<string> {
    const accesses = sources
      .flatMap(nodesOf)
      .filter(isPropertyAccessExpression)
      .filter(({ name }) => names.has(name.text));
    return new Set(
      accesses.flatMap(({ name }) => {
        const symbol = this.#project.checker.getSymbolAtLocation(name);
        return (symbol?.declarations ?? [])
          .filter(({ path }) => !path.includes("/node_modules/"))
          .map(({ path, kind }) => (CLASS_MEMBERS.has(kind) ? keyOf(path, name.text) : name.text));
      }),
    );
  }
}

function keyOf(file: string, method: string): string {
  return `${file.toLowerCase()} ${method}`;
}

function enclosingMethod(node: Node): string | undefined {
  for (let outer: Node | undefined = node.parent; outer !== undefined; outer = outer.parent) {
    if (isMethodDeclaration(outer) && isClassDeclaration(outer.parent) && isIdentifier(outer.name))
      return outer.name.text;
  }
  return undefined;
}

function nodesOf(root: Node): Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    node.forEachChild((child) => {
      visit(child);
    });
  };
  visit(root);
  return nodes;
}
