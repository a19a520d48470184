/** What is to be held, and for whom. */
export interface LeaseWish {
  readonly agent: string;
  /** Repo-relative or absolute paths, or names like `task:T-03`. */
  readonly resources: readonly string[];
  readonly purpose: string;
}

/** Leases, as the runner needs them: held while some work runs, renewed meanwhile, given back after. */
export interface LeaseKeeper {
  /** Waits up to the keeper's own bound; `held` names who has them otherwise. */
  readonly hold: <T>(
    wish: LeaseWish,
    work: () => Promise<T>,
  ) => Promise<{ readonly kind: 'done'; readonly value: T } | { readonly kind: 'held'; readonly by: string }>;
}
