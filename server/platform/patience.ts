/** The answer, or `otherwise` when it fails or takes longer than `ms`; what is late is not cancelled. */
export function patiently<Answer, Other>(
  answer: Promise<Answer>,
  ms: number,
  otherwise: Other,
): Promise<Answer | Other> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(otherwise), ms);
    const settle = (value: Answer | Other) => {
      clearTimeout(late);
      resolve(value);
    };
    answer.then(settle, () => settle(otherwise));
  });
}
