/** A number as it was meant: 13.44, not 13.440000000000001. */
export const figure = (value: number): string => String(Number(value.toPrecision(12)))
