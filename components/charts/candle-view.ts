import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type SeriesMarker,
  type Time,
} from 'lightweight-charts';
import type { Candle, Marker } from './candle';
import { onColours, readColours } from './chart-colours';
import { type TimeLook, timeLabels } from './chart-times';
import { seconds } from './seconds';

/** How close to the oldest bar, in bars, a reader may come before older ones are asked for. */
const NEAR_EDGE = 40;

type Events = { onHover: (time: number | null) => void; onNeedOlder: () => void };

/** The chart itself: candles over volume, drawn on canvas; nothing of React in here. */
export class CandleView {
  private readonly chart;
  private readonly prices;
  private readonly volume;
  private readonly markers;
  private readonly stopColours;
  private colours = readColours();
  private candles: readonly Candle[] = [];
  private own: readonly Marker[] = [];
  private wasSeen = false;

  constructor(element: HTMLElement, events: Events) {
    this.chart = createChart(element, { autoSize: true, layout: { attributionLogo: false } });
    this.prices = this.chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.volume = this.chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceFormat: { type: 'volume' },
      lastValueVisible: false,
      priceLineVisible: false,
    });
    this.chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.prices.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
    this.markers = createSeriesMarkers<Time>(this.prices, []);
    this.chart.subscribeCrosshairMove(({ time }) => events.onHover(typeof time === 'number' ? time : null));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (range !== null && range.from < NEAR_EDGE && this.candles.length > 0) events.onNeedOlder();
    });
    this.chart.timeScale().subscribeSizeChange((width) => this.sized(width));
    this.paint();
    this.stopColours = onColours(() => this.paint());
  }

  applyTimes(locale: string, look: TimeLook): void {
    const labels = timeLabels(locale, look);
    this.chart.applyOptions({
      localization: { locale, timeFormatter: labels.crosshair },
      timeScale: {
        timeVisible: look === 'clock',
        secondsVisible: false,
        rightOffset: 6,
        minBarSpacing: 1,
        tickMarkFormatter: labels.tick,
      },
    });
  }

  show(candles: readonly Candle[]): void {
    this.candles = candles;
    this.prices.setData(candles.map((candle) => ({ ...candle, time: seconds(candle.time) })));
    this.volume.setData(candles.map((candle) => this.bar(candle)));
    this.mark(this.own);
  }

  /** Draws the newest candle anew; an older one than the newest is not drawn. */
  grow(candle: Candle): void {
    const newest = this.candles.at(-1);
    if (newest === undefined || candle.time < newest.time) return;
    this.prices.update({ ...candle, time: seconds(candle.time) });
    this.volume.update(this.bar(candle));
  }

  mark(markers: readonly Marker[]): void {
    this.own = markers;
    const first = this.candles[0]?.time ?? Number.POSITIVE_INFINITY;
    this.markers.setMarkers(
      markers
        .filter((marker) => marker.time >= first)
        .map(
          (marker): SeriesMarker<Time> => ({
            time: seconds(marker.time),
            position: marker.side === 'buy' ? 'belowBar' : 'aboveBar',
            shape: marker.side === 'buy' ? 'arrowUp' : 'arrowDown',
            color: this.colours.accent,
            text: marker.text,
            size: 1.5,
          }),
        ),
    );
  }

  // A chart made out of sight (another room of the phone is shown) squeezes all its bars into no width.
  private sized(width: number): void {
    if (width === 0 || this.wasSeen) return;
    this.wasSeen = true;
    this.scrollToNewest();
  }

  scrollToNewest(): void {
    this.chart.timeScale().resetTimeScale();
  }

  remove(): void {
    this.stopColours();
    this.chart.remove();
  }

  private bar(candle: Candle) {
    const colour = candle.close >= candle.open ? this.colours.up : this.colours.down;
    return { time: seconds(candle.time), value: candle.volume, color: `${colour}55` };
  }

  private paint(): void {
    this.colours = readColours();
    const { ink, muted, line, surface, up, down } = this.colours;
    this.chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: surface },
        textColor: muted,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
        attributionLogo: false,
      },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
      rightPriceScale: { borderVisible: false },
      timeScale: { borderColor: line },
      crosshair: {
        mode: CrosshairMode.Normal,
        vertLine: { color: muted, labelBackgroundColor: ink },
        horzLine: { color: muted, labelBackgroundColor: ink },
      },
    });
    this.prices.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    this.show(this.candles);
  }
}
