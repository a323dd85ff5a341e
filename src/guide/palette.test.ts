import { describe, expect, it } from 'vitest';
import { presets } from '../profile/index.ts';
import { contrast, palettesOf, themeOf } from './palette.ts';

const COLOURS = [
  ...Object.values(presets).map(({ company }) => company.accentColour),
  ...['#000000', '#ffffff', '#ffff00', '#00ff00', '#0000ff', '#808080', '#777777', '#FFC0CB'],
];

describe.each(COLOURS)('the accent %s', (accentColour) => {
  const { light, dark } = palettesOf(accentColour);

  it.each([
    ['light', light],
    ['dark', dark],
  ] as const)('can be read in the %s look, and so can everything else', (_name, palette) => {
    for (const background of ['paper', 'raised', 'code']) {
      for (const ink of ['accent', 'ink', 'soft']) {
        expect(
          contrast(String(palette[ink]), String(palette[background])),
          `${ink} on ${background}`,
        ).toBeGreaterThanOrEqual(4.5);
      }
    }
    expect(contrast(String(palette.accent), String(palette['on-accent']))).toBeGreaterThanOrEqual(4.5);
  });
});

describe('the colours of a company', () => {
  it('keep an accent that can be read as it is', () => {
    expect(palettesOf('#1d4ed8').light.accent).toBe('#1d4ed8');
    expect(palettesOf('#e0ac57').dark.accent).toBe('#e0ac57');
  });

  it('are plain custom properties, whatever the accent is', () => {
    for (const accent of ['#1d4ed8', 'red; } body { display: none', '#12345']) {
      for (const line of themeOf(accent).split('\n')) {
        expect(line).toMatch(/^(?:|\s*--[a-z-]+: #[0-9a-f]{6};|\s*:root \{|@media [\w ():-]+ \{|\s*\})$/);
      }
    }
  });

  it('know black from white', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });
});
