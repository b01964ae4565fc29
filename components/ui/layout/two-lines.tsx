type Props = { title: string; detail: string | null };

/** A name, and under it in small what tells it from others; a very long name goes on in a second line. */
export function TwoLines({ title, detail }: Props) {
  const isLong = title.length > 28;
  return (
    <>
      <span className={isLong ? 'inline-block max-w-52 min-w-44 whitespace-normal' : 'whitespace-nowrap'}>
        {title}
      </span>
      {detail !== null && (
        <span className="block text-label font-medium whitespace-nowrap text-muted">{detail}</span>
      )}
    </>
  );
}
