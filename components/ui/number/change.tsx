import { classNames } from '../class-names';

type Props = {
  /** Decides on arrow and colour. */
  value: string | null;
  text: string;
  dim?: boolean;
  className?: string;
};

/** A signed number: arrow and sign say the direction, the colour repeats it. */
export function Change({ value, text, dim = false, className }: Props) {
  const number = value === null ? 0 : Number(value);
  const tone = number > 0 ? 'text-up' : number < 0 ? 'text-down' : 'text-muted';
  return (
    <span className={classNames('tabular-nums', dim ? 'text-muted' : tone, className)}>
      <span aria-hidden className="mr-0.5 inline-block w-2.5 text-[0.625rem]">
        {number > 0 ? '▲' : number < 0 ? '▼' : ''}
      </span>
      {text}
    </span>
  );
}
