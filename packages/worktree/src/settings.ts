/** What a repository decides about its worktrees; the part of `.squad/config.yaml` named `worktree`. */
export interface WorktreeSettings {
  /** Folder for worktrees; relative paths start at the repository's root. Empty: beside the repository. */
  readonly folder: string;
  /** Put before a worktree's name to get its branch. */
  readonly branchPrefix: string;
  /** Ignored or untracked files and folders that are copied into each worktree. */
  readonly copy: readonly string[];
  /** Files and folders that each worktree shares with the main one through a link. */
  readonly link: readonly string[];
  /** Names of ignored folders that can be made anew at any time: backups leave them out. */
  readonly disposable: readonly string[];
  /** A port range per service: `web: 4000-4099` becomes `SQUAD_PORT_WEB`. */
  readonly ports: Readonly<Record<string, string>>;
  /** A database name per purpose, `{name}` standing for the worktree: `main: app_{name}` becomes `SQUAD_DB_MAIN`. */
  readonly databases: Readonly<Record<string, string>>;
}
