/** A repo-relative path as a relative URI: a name may hold what a URI gives a meaning to, as `#` and `?`. */
export function pathUri(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
