/** A value with one thing wrong: of another type, missing, one too many, twice, or hostile. */
import fc from "fast-check";
import { hostileText, hostileValue, noJson, numberLiteral } from "./hostile-values.ts";
import { Members, type ValueTree } from "./value-tree.ts";

type Spoil = (tree: ValueTree) => ValueTree;

/** Anything in the place of anything. */
const instead: fc.Arbitrary<Spoil> = fc
  .oneof(
    { arbitrary: hostileValue, weight: 4 },
    { arbitrary: hostileText, weight: 4 },
    { arbitrary: numberLiteral, weight: 2 },
    { arbitrary: noJson, weight: 1 },
  )
  .map((value) => () => value);

const missing: fc.Arbitrary<Spoil> = fc
  .nat()
  .map((index) => onMembers((entries) => entries.toSpliced(at(index, entries), 1)));

/** What most clients get wrong that mean well: a member that nobody knows. */
export const oneMore: fc.Arbitrary<Spoil> = fc
  .tuple(hostileText, hostileValue)
  .map((entry) => onMembers((entries) => [...entries, entry]));

const twice: fc.Arbitrary<Spoil> = fc
  .tuple(fc.nat(), hostileValue)
  .map(([index, value]) => onMembers((entries) => [...entries, [entries[at(index, entries)]?.[0] ?? "twice", value]]));

const inside: fc.Arbitrary<Spoil> = fc.tuple(fc.nat(), fc.nat(), instead).map(([index, deeper, spoil]) =>
  onMembers((entries) => {
    const chosen = at(index, entries);
    return entries.map(([name, value], position) => [name, position === chosen ? within(value, deeper, spoil) : value]);
  }),
);

/** Another value of the same kind, somewhere in the tree. */
export const otherLeaf: fc.Arbitrary<Spoil> = fc
  .tuple(fc.nat(), hostileText, numberLiteral, fc.constantFrom<ValueTree>(null, true, false))
  .map(([index, text, literal, other]) => (tree) => {
    const leaves = leavesOf(tree);
    if (leaves.length === 0) return tree;
    const chosen = leaves[index % leaves.length];
    const replacement = typeof chosen === "string" ? text : typeof chosen === "number" ? literal : other;
    let passed = 0;
    const visit = (value: ValueTree): ValueTree => {
      if (value instanceof Members) return new Members(value.entries.map(([name, one]) => [name, visit(one)]));
      if (Array.isArray(value)) return value.map(visit);
      passed += 1;
      return passed - 1 === index % leaves.length ? replacement : value;
    };
    return visit(tree);
  });

function leavesOf(tree: ValueTree): ValueTree[] {
  if (tree instanceof Members) return tree.entries.flatMap(([, value]) => leavesOf(value));
  if (Array.isArray(tree)) return tree.flatMap(leavesOf);
  return [tree];
}

export const spoil: fc.Arbitrary<Spoil> = fc.oneof(
  { arbitrary: inside, weight: 6 },
  { arbitrary: otherLeaf, weight: 5 },
  { arbitrary: missing, weight: 3 },
  { arbitrary: oneMore, weight: 3 },
  { arbitrary: twice, weight: 1 },
  { arbitrary: instead, weight: 1 },
);

function within(tree: ValueTree, index: number, spoiled: Spoil): ValueTree {
  if (tree instanceof Members && tree.entries.length > 0 && index % 2 === 0) {
    const chosen = at(index >> 1, tree.entries);
    return new Members(
      tree.entries.map(([name, value], position) => [name, position === chosen ? spoiled(value) : value]),
    );
  }
  if (Array.isArray(tree) && tree.length > 0 && index % 4 !== 1) {
    const chosen = (index >> 2) % tree.length;
    return tree.map((value: ValueTree, position) => (position === chosen ? within(value, index >> 3, spoiled) : value));
  }
  return spoiled(tree);
}

function onMembers(change: (entries: Members["entries"]) => Members["entries"]): Spoil {
  return (tree) => (tree instanceof Members ? new Members(change(tree.entries)) : tree);
}

function at(index: number, entries: readonly unknown[]): number {
  return entries.length === 0 ? 0 : index % entries.length;
}
