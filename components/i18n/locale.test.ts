import { describe, expect, it } from 'vitest';
import { pickLocale } from './locale';

describe('pickLocale', () => {
  it('takes the chosen language before the browser', () => {
    expect(pickLocale('zh', 'en-US,en;q=0.9')).toBe('zh');
  });

  it('takes the heaviest language of the browser that it knows', () => {
    expect(pickLocale(undefined, 'fr-FR,en;q=0.5,zh-CN;q=0.8')).toBe('zh');
  });

  it('leaves out a language that the browser refuses', () => {
    expect(pickLocale(undefined, 'zh;q=0,fr')).toBe('en');
  });

  it('falls back to English for an unknown cookie and no header', () => {
    expect(pickLocale('xx', null)).toBe('en');
  });
});
