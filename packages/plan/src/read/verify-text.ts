const VERIFY =
  /^(?:\*\*)?(?:(?:re-?)?(?:confirm|verif(?:y|ied|ication)|validat(?:e|ion)|run|check|ensure (?:that )?(?:all |the |every |no )?(?:existing |new |full |whole )?(?:tests?|suites?|build|lint|types|regressions?|everything|coverage)|review|smoke|manual(?:ly)? test|perform|test that|execute|audit|inspect|measure|observe)\b|(?:確認|検証|验证|检查|実行))/iu;
const VERIFY_END = /(?:確認|検証|テスト実行|확인|검증|验证通过)(?:する|します|した|하기|한다)?[。.✅\s]*$/u;
const CHANGES_CJK = /追加|作成|実装|更新|修正|編集|추가|작성|구현|수정|创建|添加|实现|更新|修改/u;
const CHANGES =
  /\b(?:add|adds|update|updates|write|writes|create|creates|implement|fix|extend|refactor|document|record|modify|remove|delete|rewrite|replace|append|edit)\b/iu;

/** True for a task that only checks: it begins so and says nothing of a change in its first 60 characters. */
export function isVerifyOnly(text: string): boolean {
  const plainText = text.replace(/^(?:\[[^\]]{1,20}\]|\([A-Z]\)|[*_`\s])+/u, '');
  if (VERIFY_END.test(plainText)) return !CHANGES_CJK.test(plainText);
  return VERIFY.test(plainText) && !CHANGES.test(plainText.slice(0, 60));
}

/** True for an item that is a checkpoint by its first word. */
export function isCheckpoint(text: string): boolean {
  return /^(?:\*\*)?(?:(?:final |phase |\d+ )?checkpoint\b|チェックポイント|检查点|체크포인트)/iu.test(text);
}

/** True where a text says within its first words that something is changed. */
export function saysChange(text: string): boolean {
  return CHANGES.test(text.slice(0, 60)) || CHANGES_CJK.test(text);
}
