/** Colours of the guide by their name in the style sheet, for one of its two looks. */
export type Palette = Readonly<Record<string, string>>;

const LIGHT: Palette = {
  paper: '#ffffff',
  raised: '#f6f7f9',
  ink: '#1d2128',
  soft: '#5a6270',
  line: '#dfe3e8',
  code: '#f3f5f8',
};

const DARK: Palette = {
  paper: '#14171c',
  raised: '#1b1f26',
  ink: '#e8eaee',
  soft: '#a2abb8',
  line: '#323945',
  code: '#1f242c',
};

/** What the Web Content Accessibility Guidelines (1.4.3) ask of text. */
const CONTRAST_MIN = 4.5;

/** Both looks of a company: its accent colour, moved as far from its own as reading needs and no further. */
export function palettesOf(accentColour: string): { readonly light: Palette; readonly dark: Palette } {
  return { light: withAccent(LIGHT, accentColour, '#000000'), dark: withAccent(DARK, accentColour, '#ffffff') };
}

/** The palettes as a style sheet of custom properties. */
export function themeOf(accentColour: string): string {
  const { light, dark } = palettesOf(accentColour);
  return `:root {\n${properties(light)}}\n\n@media (prefers-color-scheme: dark) {\n  :root {\n${properties(dark)}  }\n}\n\n@media print {\n  :root {\n${properties(light)}  }\n}\n`;
}

/**
 * The accent of both looks as a style sheet of custom properties (`--accent-light`, `--on-accent-light`, and the same for dark),
 * for pages that have papers of their own, as light and dark as these.
 */
export function accentsOf(accentColour: string): string {
  const named = Object.entries(palettesOf(accentColour)).flatMap(([look, { accent, 'on-accent': onAccent }]) => [
    `  --accent-${look}: ${accent};\n`,
    `  --on-accent-${look}: ${onAccent};\n`,
  ]);
  return `:root {\n${named.join('')}}\n`;
}

function withAccent(palette: Palette, accentColour: string, away: string): Palette {
  const backgrounds = [palette.paper, palette.raised, palette.code].map(String);
  const accent = readable(/^#[0-9a-f]{6}$/i.test(accentColour) ? accentColour : '#1f5f8b', backgrounds, away);
  const onAccent = contrast(accent, '#ffffff') >= contrast(accent, '#000000') ? '#ffffff' : '#000000';
  return { ...palette, accent, 'on-accent': onAccent };
}

/** The colour nearest to this one on the way to black or white that can be read on all of the backgrounds. */
function readable(colour: string, backgrounds: readonly string[], away: string): string {
  for (let step = 0; step <= 100; step++) {
    const mixed = mix(colour, away, step / 100);
    if (backgrounds.every((background) => contrast(mixed, background) >= CONTRAST_MIN)) return mixed;
  }
  return away;
}

function mix(from: string, to: string, part: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `#${a
    .map((value, index) =>
      Math.round(value + ((b[index] ?? 0) - value) * part)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function properties(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `    --${name}: ${colour};\n`)
    .join('');
}
