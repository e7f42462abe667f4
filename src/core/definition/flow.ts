/** A step as flow sees it: its id, and the ids that its arms name. */
export interface FlowItem {
  id: string;
  heads: string[];
}

/** Where a step that names no `next` goes: an index in the list (its length: past the end) and what was jumped over on the way. */
export interface Landing {
  index: number;
  skipped: number[];
  /** True when a reader could as well expect another target. */
  doubtful: boolean;
}

export interface Flow {
  /** Falling through from step `index`. */
  after(index: number): Landing;
  /** Leaving step `index` by an arm that it does not name. */
  omitted(index: number): Landing;
}

interface Branch {
  at: number;
  /** Indexes of the steps listed after it that its arms name, ascending. */
  heads: number[];
}

/**
 * Where steps without `next` go, in a flat list. The arms of a branch are written one after the other; the end of one arm goes on behind all of them:
 * `check(then: sms, else: mail), sms, mail, split`: sms goes to split, not into mail.
 *
 * With the heads of a branch h1 < … < hk, block(hi) is hi up to just before h(i+1), and block(hk) is hk alone. Falling from block(hi), i < k, onto a later head
 * lands behind hk instead; the same then holds for the branches around it. A head that two branches name is shared and is not jumped over.
 */
export function flowOf(items: FlowItem[]): Flow {
  const branches = branchesOf(items);
  const byIndex = new Map(branches.map((branch) => [branch.at, branch]));
  const shared = sharedHeads(branches);

  const settle = (from: number, first: number, start: number[]): Landing => {
    let index = first;
    const skipped = [...start];
    let doubtful = false;
    for (let branch = jumped(branches, shared, from, index); branch; branch = jumped(branches, shared, from, index)) {
      const behind = branch.heads.at(-1)! + 1;
      doubtful ||= isDoubtful(branch, from, behind < items.length);
      skipped.push(...range(index, behind));
      index = behind;
    }
    return { index, skipped, doubtful };
  };

  const after = (index: number): Landing => settle(index, index + 1, []);
  const omitted = (index: number): Landing => {
    const branch = byIndex.get(index);
    if (!branch) return after(index);
    const behind = branch.heads.at(-1)! + 1;
    const landing = settle(index, behind, range(index + 1, behind));
    // `then: far_away` with steps in between: whoever wrote it may have meant "otherwise just go on".
    return { ...landing, doubtful: landing.doubtful || branch.heads[0]! > index + 1 };
  };
  return { after, omitted };
}

function branchesOf(items: FlowItem[]): Branch[] {
  const indexes = new Map(items.map((item, index) => [item.id, index]));
  return items.flatMap((item, at) => {
    const heads = [...new Set(item.heads.map((id) => indexes.get(id) ?? -1))].filter((index) => index > at).sort((a, b) => a - b);
    return heads.length === 0 ? [] : [{ at, heads }];
  });
}

function sharedHeads(branches: Branch[]): Set<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  for (const head of branches.flatMap((branch) => branch.heads)) (seen.has(head) ? shared : seen).add(head);
  return shared;
}

/** The branch for which `from` stands in one arm and `onto` is the head of a later one. */
function jumped(branches: Branch[], shared: Set<number>, from: number, onto: number): Branch | undefined {
  if (shared.has(onto)) return undefined;
  return branches.find(({ heads }) => heads[0]! <= from && from < heads.at(-1)! && onto > from && heads.includes(onto));
}

/** Arms of several steps beside each other leave it open where the last arm ends. */
function isDoubtful(branch: Branch, from: number, goesOn: boolean): boolean {
  const own = branch.heads.findLastIndex((head) => head <= from);
  const length = branch.heads[own + 1]! - branch.heads[own]!;
  return length > 1 && goesOn;
}

const range = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset);
