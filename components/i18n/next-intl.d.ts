import type { Locale } from './locale';
import type en from './messages/en.json';

// The English messages are the type of all messages: an unknown key fails the type check.
declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof en;
  }
}
