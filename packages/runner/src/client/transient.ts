const TRANSIENT =
  /\b(?:429|502|503|504|529)\b|overloaded|rate.?limit|too many requests|temporarily unavailable|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|socket hang up|connection (?:reset|closed)/iu;

/** True for words of a failure that may pass by itself: overload, rate limits, lost connections. */
export function isTransientText(text: string): boolean {
  return TRANSIENT.test(text);
}
