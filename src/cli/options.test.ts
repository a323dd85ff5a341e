import { describe, expect, it } from 'vitest';
import { givenSettings, readList, readObject, readWholeNumber, readWindow } from './options.ts';

describe('options', () => {
  it('reads lists from commas and from repetition, in order', () => {
    expect(readList('a, b,,c', readList('x', undefined))).toEqual(['x', 'a', 'b', 'c']);
  });

  it('reads windows of limits', () => {
    expect(readWindow('minute=10/60', readWindow('hour=1000/3600', undefined))).toEqual([
      { name: 'hour', limit: 1000, seconds: 3600 },
      { name: 'minute', limit: 10, seconds: 60 },
    ]);
    for (const text of ['hour', 'hour=1000', 'hour=x/60', 'HOUR=1/1', '=1/1']) {
      expect(() => readWindow(text, undefined), text).toThrow('NAME=LIMIT/SECONDS');
    }
  });

  it('takes whole numbers and JSON objects, and nothing that only looks like them', () => {
    expect(readWholeNumber('12')).toBe(12);
    for (const text of ['', '-1', '1.5', '1e3', 'x']) expect(() => readWholeNumber(text), text).toThrow('whole number');
    expect(readObject('{"a":1}')).toEqual({ a: 1 });
    for (const text of ['', '[]', 'null', '"a"', '{a:1}']) expect(() => readObject(text), text).toThrow('JSON object');
  });

  it('hands only settings to the configuration', () => {
    expect(givenSettings({ apiPort: '0', insecureHttp: true, json: true, name: 'x' })).toEqual({
      'api-port': '0',
      'insecure-http': 'true',
    });
  });
});
