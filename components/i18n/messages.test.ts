import { describe, expect, it } from 'vitest';
import en from './messages/en.json';
import zh from './messages/zh.json';

/** Every leaf as `path` → text. */
function leaves(value: object, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, inner] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof inner === 'string') found.set(here, inner);
    else for (const [deep, text] of leaves(inner, here)) found.set(deep, text);
  }
  return found;
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? '').sort();
}

describe('messages', () => {
  const english = leaves(en);
  const chinese = leaves(zh);

  it('has the same keys in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('names the same values in both languages', () => {
    for (const [key, text] of english) {
      const names = new Set(placeholders(text));
      const other = new Set(placeholders(chinese.get(key) ?? ''));
      expect({ key, names: [...other] }).toEqual({ key, names: [...names] });
    }
  });

  it('leaves no message empty and no English sentence in Chinese', () => {
    for (const [key, text] of chinese) {
      expect({ key, empty: text.trim() === '' }).toEqual({ key, empty: false });
      expect({ key, english: /[a-z]{3,} [a-z]{3,} [a-z]{3,}/.test(text) }).toEqual({ key, english: false });
    }
  });
});
