/**
 * Pearson's chi-square test of counts against expected proportions.
 * @param weights relative and positive, one for each count
 * @returns the statistic and the chance of one at least as great when the proportions hold; null with fewer than two counts or nobody counted
 */
export function chiSquareTest(counts: number[], weights: number[]): { statistic: number; pValue: number } | null {
  const total = sum(counts);
  const weight = sum(weights);
  if (counts.length < 2 || total === 0) return null;
  const statistic = sum(counts.map((count, index) => {
    const expected = (total * (weights[index] ?? 0)) / weight;
    return (count - expected) ** 2 / expected;
  }));
  return { statistic, pValue: upperGamma((counts.length - 1) / 2, statistic / 2) };
}

const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

const MOST_TERMS = 1_000;
const PRECISE = 1e-15;

/** The regularised upper incomplete gamma function Q(a, x): a series below a + 1, a continued fraction above (Abramowitz & Stegun 6.5.29 and 6.5.31). */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let total = term;
  for (let n = 1; n < MOST_TERMS && term > total * PRECISE; n += 1) {
    term *= x / (a + n);
    total += term;
  }
  return total;
}

/** By Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < MOST_TERMS; n += 1) {
    const factor = -n * (n - a);
    b += 2;
    d = 1 / (b + factor * d);
    c = b + factor / c;
    value *= c * d;
    if (Math.abs(c * d - 1) < PRECISE) break;
  }
  return value;
}

/** ln Γ(a) for a > 0 by Lanczos' approximation (g = 7, 9 terms), exact to 15 digits. */
function logGamma(a: number): number {
  if (a < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * a)) - logGamma(1 - a);
  const x = a - 1;
  const total = LANCZOS.reduce((sofar, coefficient, index) => sofar + (index === 0 ? coefficient : coefficient / (x + index)), 0);
  const t = x + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(total);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];
