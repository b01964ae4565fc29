const YEAR_S = 365 * 24 * 3600;

/** Keeps a choice of look or language in a cookie that the server reads; it holds nothing secret. */
export function rememberFor(cookie: string, value: string): void {
  document.cookie = `${cookie}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}
