/**
 * A lock table: shared and exclusive locks, first come, first served, except that whoever turns a
 * shared lock into an exclusive one stands at the front (Gray and Reuter 1993, §7.8).
 */

export type Mode = 'shared' | 'exclusive';

/** Orders transactions: the smaller `at`, then the smaller name, is the older one. */
export type Age = { readonly at: number; readonly name: string };

/** A transaction that holds a lock, or waits for it. */
export type Claim = { readonly transaction: string; readonly age: Age; readonly mode: Mode };

export type Lock = { readonly key: string; holders: Claim[]; queue: Claim[] };

/** A claim that has got what it waited for. */
export type Grant = { readonly key: string; readonly claim: Claim };

export function isOlder(a: Age, b: Age): boolean {
  return a.at === b.at ? a.name < b.name : a.at < b.at;
}

export function conflicts(a: Claim, b: Claim): boolean {
  return a.transaction !== b.transaction && (a.mode === 'exclusive' || b.mode === 'exclusive');
}

/** Claims a lock; true when it is held now, false when the claim waits. */
export function acquire(locks: Lock[], key: string, claim: Claim): boolean {
  const lock = lockOf(locks, key);
  const own = lock.holders.find(({ transaction }) => transaction === claim.transaction);
  if (own !== undefined && (own.mode === 'exclusive' || claim.mode === 'shared')) return true;
  if (own === undefined) lock.queue.push(claim);
  else lock.queue.unshift(claim);
  return grant(lock).some(({ claim: granted }) => granted === claim);
}

/** Gives back all that a transaction holds or waits for; who gets what by that. */
export function release(locks: Lock[], transaction: string): readonly Grant[] {
  const isOther = (claim: Claim) => claim.transaction !== transaction;
  const granted: Grant[] = [];
  for (const lock of locks) {
    const before = lock.holders.length + lock.queue.length;
    lock.holders = lock.holders.filter(isOther);
    lock.queue = lock.queue.filter(isOther);
    if (lock.holders.length + lock.queue.length < before) granted.push(...grant(lock));
  }
  forgetFree(locks);
  return granted;
}

/** Gives back shared locks only: what a transaction may do once it asks for no more. */
export function releaseShared(locks: Lock[], transaction: string): readonly Grant[] {
  const granted: Grant[] = [];
  for (const lock of locks) {
    const stays = ({ transaction: holder, mode }: Claim) =>
      holder !== transaction || mode === 'exclusive';
    if (lock.holders.every(stays)) continue;
    lock.holders = lock.holders.filter(stays);
    granted.push(...grant(lock));
  }
  forgetFree(locks);
  return granted;
}

/** Whom a waiting claim waits for: holders and earlier waiters that it conflicts with. */
export function blockersOf({ holders, queue }: Lock, claim: Claim): readonly Claim[] {
  const earlier = queue.slice(0, queue.indexOf(claim));
  return [...holders, ...earlier].filter((other) => conflicts(claim, other));
}

function lockOf(locks: Lock[], key: string): Lock {
  const known = locks.find((lock) => lock.key === key);
  if (known !== undefined) return known;
  const lock: Lock = { key, holders: [], queue: [] };
  locks.push(lock);
  return lock;
}

/** From the front of the queue, as many as are compatible with all who hold. */
function grant(lock: Lock): Grant[] {
  const granted: Grant[] = [];
  for (;;) {
    const [claim] = lock.queue;
    if (claim === undefined || lock.holders.some((holder) => conflicts(claim, holder))) break;
    lock.queue.shift();
    lock.holders = [
      ...lock.holders.filter(({ transaction }) => transaction !== claim.transaction),
      claim,
    ];
    granted.push({ key: lock.key, claim });
  }
  return granted;
}

function forgetFree(locks: Lock[]): void {
  for (let i = locks.length - 1; i >= 0; i--) {
    const lock = locks[i] as Lock; // i < length
    if (lock.holders.length === 0 && lock.queue.length === 0) locks.splice(i, 1);
  }
}
