/** Codes of problems found in documents. Each is listed in the README and asserted by a test. */
export type DiagnosticCode =
  // any document
  | 'FRONT_MATTER_INVALID'
  | 'YAML_INVALID'
  | 'JSON_INVALID'
  | 'FIELD_INVALID'
  | 'FORMAT_VERSION_UNSUPPORTED'
  // planning documents
  | 'NO_TASKS'
  | 'TASK_ID_DUPLICATE'
  | 'TASK_ID_UNKNOWN'
  | 'DEPENDENCY_SHORTENED'
  | 'INPUT_POOR'
  | 'TASK_CYCLE'
  | 'TASK_UNOWNED'
  | 'TASK_TOO_EARLY'
  | 'FILE_TWO_WRITERS'
  | 'FILE_MISSING'
  | 'FILE_MOVED'
  | 'HISTORY_CUT'
  | 'PATH_INVALID'
  | 'BARRIER_LIFTED'
  | 'PLAN_BODY_DIFFERS'
  | 'AGENT_UNKNOWN'
  // ownership
  | 'OWNERSHIP_AMBIGUOUS'
  | 'PATTERN_INVALID'
  | 'RULE_MATCHES_NOTHING'
  | 'RULE_SHADOWED'
  | 'RULE_NAMES_FOLDER'
  | 'RULE_IS_LITERAL'
  | 'CODEOWNERS_INVALID'
  | 'CODEOWNERS_INEXPRESSIBLE'
  // comm files
  | 'COMM_BLOCK_INVALID'
  | 'COMM_BLOCK_TORN';
