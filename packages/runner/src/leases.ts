/** Leases, as the runner needs them: held while some work runs, renewed meanwhile, given back after. */
export interface LeaseKeeper {
  /** Waits up to the keeper's own bound for the paths; `held` names who has them otherwise. */
  readonly hold: <T>(
    paths: readonly string[],
    purpose: string,
    work: () => Promise<T>,
  ) => Promise<{ readonly kind: 'done'; readonly value: T } | { readonly kind: 'held'; readonly by: string }>;
}
