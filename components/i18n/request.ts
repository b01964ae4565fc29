import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { LOCALE_COOKIE, pickLocale } from './locale';
import en from './messages/en.json';
import zh from './messages/zh.json';

const MESSAGES = { en, zh };

export default getRequestConfig(async () => {
  const chosen = (await cookies()).get(LOCALE_COOKIE)?.value;
  const locale = pickLocale(chosen, (await headers()).get('accept-language'));
  return { locale, messages: MESSAGES[locale], timeZone: 'America/New_York' };
});
