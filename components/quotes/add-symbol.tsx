'use client';

import { useTranslations } from 'next-intl';
import { type KeyboardEvent, useId, useState } from 'react';
import type { Asset } from '@/domain/market/asset';
import { classNames } from '../ui/class-names';
import { Input } from '../ui/form/input';
import { useAssetSearch } from './use-asset-search';

type Props = {
  known: readonly string[];
  isFull: boolean;
  onAdd: (symbol: string) => void;
  onSelect: (symbol: string) => void;
};

/** A search field that adds a listed symbol, or goes to it when the list has it. */
export function AddSymbol({ known, isFull, onAdd, onSelect }: Props) {
  const t = useTranslations('quotes');
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const { assets, isSettled, findNow } = useAssetSearch(text);
  const isOpen = text.trim() !== '';

  function choose(asset: Asset | undefined) {
    if (asset === undefined) return;
    if (known.includes(asset.symbol)) onSelect(asset.symbol);
    else if (isFull) return;
    else onAdd(asset.symbol);
    setText('');
    setActive(0);
  }
  function keyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && assets.length > 0) {
      event.preventDefault();
      setActive((active + step + assets.length) % assets.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (isSettled) choose(assets[active]);
      // Enter may come before the answer: then the first match is taken once it is there.
      else if (isOpen) void findNow().then((found) => choose(found[0]));
    } else if (event.key === 'Escape') {
      setText('');
    }
  }
  return (
    <div className="relative w-40">
      <Input
        role="combobox"
        aria-label={t('add')}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && assets[active] ? `${id}-${active}` : undefined}
        placeholder={t('add')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={keyDown}
        onBlur={() => setText('')}
        className="h-7 max-md:h-10"
      />
      {isOpen && (
        <div className="absolute top-full right-0 z-30 mt-1 w-64 rounded-md border border-line bg-raised p-1 shadow-lg">
          <p role="status" className="px-2 py-1 text-table text-muted empty:hidden">
            {statusText()}
          </p>
          <div id={`${id}-list`} role="listbox" aria-label={t('matches')}>
            {assets.map((asset, index) => (
              <Option
                key={asset.symbol}
                id={`${id}-${index}`}
                asset={asset}
                isActive={index === active}
                isKnown={known.includes(asset.symbol)}
                onChoose={() => choose(asset)}
              />
            ))}
          </div>
        </div>
      )}
    </div>
  );

  function statusText(): string {
    if (isFull) return t('full');
    if (assets.length > 0) return '';
    return isSettled ? t('unknownSymbol', { text: text.trim() }) : t('searching');
  }
}

type OptionProps = { id: string; asset: Asset; isActive: boolean; isKnown: boolean; onChoose: () => void };

function Option({ id, asset, isActive, isKnown, onChoose }: OptionProps) {
  const t = useTranslations('quotes');
  return (
    // The combobox holds the focus and the keys; an option is only pointed at.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      // On mousedown, before the field loses the focus and the list goes.
      onMouseDown={(event) => {
        event.preventDefault();
        onChoose();
      }}
      className={classNames(
        'flex min-h-8 cursor-pointer items-baseline gap-2 rounded px-2 py-1 text-table max-md:min-h-11 max-md:items-center',
        isActive && 'bg-accent-tint',
      )}
    >
      <span className="font-semibold">{asset.symbol}</span>
      <span className="min-w-0 flex-1 truncate text-muted">{asset.name}</span>
      {isKnown && <span className="text-label text-muted">{t('inList')}</span>}
    </div>
  );
}
