/** What a labelled line, a front matter key or a table column says of a task. */
export type FieldName =
  | 'id'
  | 'title'
  | 'description'
  | 'status'
  | 'files'
  | 'create'
  | 'modify'
  | 'delete'
  | 'read'
  | 'forbidden'
  | 'depends'
  | 'blocks'
  | 'parallel'
  | 'conflicts'
  | 'estimate'
  | 'hours'
  | 'minutes'
  | 'days'
  | 'points'
  | 'size'
  | 'priority'
  | 'agent'
  | 'skills'
  | 'acceptance'
  | 'gate'
  | 'approval'
  | 'phase'
  | 'note';

// Words in use for each field, in the formats measured and in the languages met; compared without case, `_`, `-` and spaces.
const WORDS: Readonly<Record<FieldName, string>> = {
  id: 'id,task id,#,no,nr,number,key,ticket,issue',
  title:
    'title,task,name,summary,todo,work,what,story,タスク,任务,작업,görev,tâche,content,item,step,subtask,activity,action',
  description:
    'description,details,detail,desc,overview,goal,objective,purpose,scope,what to build,說明,描述,説明,implementation details',
  status: 'status,state,done,progress,状态,ステータス,상태,durum',
  files:
    'files,file,path,paths,where,files modified,files to modify or create,modified files,owned files,allowed paths,affected paths,affected files,' +
    'write scope,touches,files affected,code locations,code locations/files affected,files involved,files touched,key files,target files,' +
    'files to create/modify,files to modify/create,files to change,location,locations,file path,file paths,ownership,owns,outputs,output files,' +
    'target,target file,artifacts,ファイル,文件,파일,dosyalar,fichiers,changed files,files changed,code,files to touch,files & modules',
  create:
    'create,creates,files to create,new files,files created,new file,to create,新規,新規ファイル,新建,新增',
  modify:
    'modify,modifies,files to modify,files to edit,files to update,update,edit,edits,existing files,files edited,変更,修改,更新',
  delete: 'delete,deletes,files to delete,remove,removes,files to remove,削除,删除',
  read: 'read,reads,read only,readonly,read first,reads only,context,context files,references,reference,documentation,inputs,input files,参照,参考,reuses,reuse',
  forbidden:
    'forbidden,forbidden paths,disallowed paths,do not touch,dont touch,do not modify,not touching,boundary,boundaries,out of scope files,off limits,never touch,must not touch,not changing',
  depends:
    'depends on,depends,dependencies,dependency,deps,blocked by,after,requires,prerequisites,prerequisite,wait for,waits for,needs,依存,依存関係,依赖,의존성,dépend de,dépendances,bağımlılıklar,abhängig von,depende de,prereqs,prereq,predecessors',
  blocks: 'blocks,before,required by,unblocks,needed by',
  parallel: 'parallel,parallel ok,parallel safe,parallelizable,can parallel,並列,并行',
  conflicts: 'conflicts with,conflicts,mutex,exclusive with,not parallel with',
  estimate:
    'estimate,est,estimation,effort,effort estimate,time,duration,estimated time,estimated effort,time estimate,見積,見積もり,工数,预估,예상,süre,temps,complexity estimate',
  hours: 'hours,estimated hours,effort hours,estimate hours,hrs',
  minutes: 'minutes,estimated minutes,estimate minutes,mins',
  days: 'days,estimated days',
  points: 'points,story points,sp',
  size: 'size,t-shirt,tshirt size,complexity',
  priority: 'priority,prio,severity,urgency,优先级,優先度,우선순위,öncelik,priorité',
  agent:
    'agent,owner,assignee,assigned to,role,agent profile,assigned,responsible,workstream,stream,担当,负责人,담당',
  skills: 'skills,skill,tags,labels,area,category,tech,modules',
  acceptance:
    'acceptance,acceptance criteria,ac,criteria,done when,done criteria,definition of done,dod,success criteria,verify,verification,test strategy,success,exit criteria,验收标准,受け入れ基準,수락 기준,kabul kriterleri',
  gate: 'gate,gates,quality gate,quality gates,required gate,required gates,task gate',
  approval:
    'approval,approvals,approver,approvers,approved by,needs approval,requires approval,approval required,sign off,signoff,checkpoint,go/no go',
  phase: 'phase,wave,milestone,epic,sprint,group,section',
  note: 'requirements,requirement,validates,purpose,why,rationale,note,notes,context,output,outputs,risk,risks,deliverable,deliverables,property,covers,tests,test,maps to capability,responsibility,refs,spec,source,see,example,examples,timeline,coverage,impact,background',
};

const BY_WORD = new Map<string, FieldName>();
for (const [name, words] of Object.entries(WORDS)) {
  for (const word of words.split(',')) {
    const key = canonical(word);
    if (!BY_WORD.has(key)) BY_WORD.set(key, name as FieldName);
  }
}

function canonical(label: string): string {
  return label
    .toLowerCase()
    .replace(/[\s_\-'’*`:：()?]+/gu, '')
    .trim();
}

/** The field a label names, `undefined` for a word that names none. */
export function fieldName(label: string): FieldName | undefined {
  return label.length > 60 ? undefined : BY_WORD.get(canonical(label));
}

/** A labelled line: `**Files**: a.ts`, `_Depends: 1.2_`, `Estimate - 2h`. */
export interface LabelledLine {
  readonly name: FieldName;
  readonly label: string;
  readonly value: string;
}

const BOLD_LABEL = /(?=(?:\*\*|__)\p{L}[\p{L} _-]{1,30}(?::(?:\*\*|__)|(?:\*\*|__)\s?:))/u;

/** `**Size**: M | **Depends on**: T1` as two texts; a text with one label or none as it is. */
export function labelledParts(text: string): readonly string[] {
  if (!text.startsWith('**') && !text.startsWith('__')) return [text];
  return text
    .split(new RegExp(BOLD_LABEL, 'gu'))
    .map((part) => part.replace(/[\s|·;,—–-]+$/u, ''))
    .filter((part) => part !== '');
}

const LABELLED =
  /^[*_`]{0,3}([\p{L}#][\p{L}\p{N} /&_'’-]{0,50}?)(?:\s?\([^()]{0,40}\))?[*_`]{0,3}\s?[:：][*_`]{0,3}(?:\s+|$|(?<=：)|(?=[[`]))(.*)$/u;

/** The field of a line, when it begins with a label that names one. */
export function labelledLine(text: string): LabelledLine | undefined {
  const match = LABELLED.exec(text.slice(0, 2000));
  if (match === null) return undefined;
  const [, label = '', rest = ''] = match;
  const name = fieldName(label);
  if (name === undefined) return undefined;
  const value = text.startsWith('_') ? rest.replace(/_+\s*$/u, '') : rest.replace(/^\*\*\s*/u, '');
  return { name, label, value: value.trim() };
}
