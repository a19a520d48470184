const TRANSIENT =
  /\b(?:429|502|503|504|529)\b|\b(?:status|error|code)\W{0,3}500\b|internal server error|overloaded|high demand|rate.?limit|too many requests|temporar(?:ily unavailable|y (?:errors?|failure))|stream disconnected|fetch failed|ECONNRESET|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|socket hang up|connection (?:reset|closed)/iu;

/** True for words of a failure that may pass by itself: overload, rate limits, lost connections. */
export function isTransientText(text: string): boolean {
  return TRANSIENT.test(text);
}
