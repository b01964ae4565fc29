import { gzipSync } from 'node:zlib';
import type { BenchDesk } from './desk';

const PAGES = ['/', '/sign-in', '/sign-up'];

/** Signs in as a browser does and answers the cookies. */
async function browserCookies(url: string): Promise<string> {
  const jar = new Map<string, string>();
  const keep = (answer: Response) => {
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';', 1);
      const at = pair.indexOf('=');
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
  };
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const csrf = await fetch(`${url}/api/auth/csrf`);
  keep(csrf);
  const csrfToken = /"csrfToken":"([^"]+)"/.exec(await csrf.text())?.[1] ?? '';
  const form = new URLSearchParams({
    csrfToken,
    login: 'bench',
    password: 'correct horse battery',
    json: 'true',
  });
  keep(
    await fetch(`${url}/api/auth/callback/credentials`, {
      method: 'POST',
      headers: { cookie: cookies(), origin: url, 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
      redirect: 'manual',
    }),
  );
  return cookies();
}

/** The scripts a modern browser fetches for a page, gzipped; the user `bench` must exist. */
export async function benchPages(desk: BenchDesk, print: (line: string) => void): Promise<void> {
  const cookie = await browserCookies(desk.url);
  print('first-load JavaScript, gzip');
  for (const path of PAGES) {
    const page = await fetch(desk.url + path, { headers: { cookie, accept: 'text/html' } });
    const html = await page.text();
    if (!page.ok) {
      print(`  ${path.padEnd(10)} no such page (${page.status})`);
      continue;
    }
    const tags = html.match(/<script\b[^>]*>/g) ?? [];
    const sources = tags.flatMap((tag) =>
      /nomodule/i.test(tag) ? [] : (/\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []),
    );
    let bytes = 0;
    for (const source of new Set(sources)) {
      const script = await fetch(new URL(source, desk.url));
      bytes += gzipSync(Buffer.from(await script.arrayBuffer())).length;
    }
    const where = new URL(page.url).pathname;
    print(
      `  ${path.padEnd(10)} ${(bytes / 1000).toFixed(1)} kB in ${new Set(sources).size} files (${where})`,
    );
  }
}
