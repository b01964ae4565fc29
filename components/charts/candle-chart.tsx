'use client';

import { useEffect, useEffectEvent, useRef } from 'react';
import type { Candle, Marker } from './candle';
import { CandleView } from './candle-view';
import type { TimeLook } from './chart-times';

type Props = {
  /** Changes when another series is shown: the view goes to its newest bar. */
  seriesKey: string;
  candles: readonly Candle[];
  /** The newest candle as it grows. */
  live: Candle | null;
  markers: readonly Marker[];
  locale: string;
  timeLook: TimeLook;
  onHover: (time: number | null) => void;
  onNeedOlder: () => void;
};

export default function CandleChart(props: Props) {
  const { seriesKey, candles, live, markers, locale, timeLook } = props;
  const element = useRef<HTMLDivElement>(null);
  const view = useRef<CandleView>(null);
  const shownKey = useRef<string>(null);
  const onHover = useEffectEvent((time: number | null) => props.onHover(time));
  const onNeedOlder = useEffectEvent(() => props.onNeedOlder());
  const growLive = useEffectEvent(() => {
    if (live !== null) view.current?.grow(live);
  });

  useEffect(() => {
    if (element.current === null) return undefined;
    const made = new CandleView(element.current, {
      onHover: (time) => onHover(time),
      onNeedOlder: () => onNeedOlder(),
    });
    view.current = made;
    shownKey.current = null;
    return () => {
      view.current = null;
      made.remove();
    };
  }, []);
  useEffect(() => view.current?.applyTimes(locale, timeLook), [locale, timeLook]);
  useEffect(() => {
    view.current?.show(candles);
    growLive();
    if (candles.length > 0 && shownKey.current !== seriesKey) {
      shownKey.current = seriesKey;
      view.current?.scrollToNewest();
    }
  }, [candles, seriesKey]);
  useEffect(() => {
    if (live !== null) view.current?.grow(live);
  }, [live]);
  useEffect(() => view.current?.mark(markers), [markers]);

  // A picture for the eye; the panel gives the same facts as text.
  return <div ref={element} aria-hidden className="absolute inset-0" />;
}
