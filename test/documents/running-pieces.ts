/**
 * The tests that every document has: each printed piece runs with its declared repairs and not without any one of them,
 * and the test data is what the original prints. Prevents a repair that is not needed, and test data that has drifted.
 */
import { expect, it } from 'vitest';
import { type Piece, type PrintedDocument, pieceOf, repaired, repairsOf } from './printed-document.ts';

/** Does with the text of a piece what the document does with it. Throws unless everything comes out as printed. */
export type Run = (text: string, piece: Piece) => Promise<void>;

/** By id of the piece. */
export type Runs = Readonly<Record<string, Run>>;

/** The text of a piece with all of its repairs. */
export function runnableOf(document: PrintedDocument, id: string): string {
  const piece = pieceOf(document, id);
  return repaired(piece, repairsOf(document, piece));
}

/** A piece runs with all of its repairs, and with any one of them left out it does not. */
export function itRunsPiece(document: PrintedDocument, runs: Runs, title: string, id: string): void {
  const piece = pieceOf(document, id);
  const repairs = repairsOf(document, piece);
  const run = runs[id] as Run;
  it(title, () => run(repaired(piece, repairs), piece));
  for (const left of repairs) {
    it(`${id} does not run without the repair of ${JSON.stringify(left.original.slice(0, 40))}: ${left.reason}`, async () => {
      const others = repairs.filter((repair) => repair !== left);
      await expect(run(repaired(piece, others), piece)).rejects.toThrow();
    });
  }
}

/** Every line of the original, or null where it does not lie beside this checkout, which is said. */
export function linesOf({ original }: PrintedDocument): readonly string[] | null {
  if (!('missing' in original)) return original;
  console.log(`left out: comparing with the original, because ${original.missing}`);
  return null;
}

export function declaresRepairs(document: PrintedDocument): void {
  it('declares each repair for a piece that exists, with a reason, and indents without changing anything else', () => {
    for (const { place, original: printed, replacement, reason } of document.repairs) {
      expect(pieceOf(document, place).lines.join('\n')).toContain(printed);
      expect(reason).not.toBe('');
      if (/indentation/.test(reason)) expect(replacement.replace(/^ +/gm, '')).toBe(printed);
    }
  });
}

/** A piece that begins or ends within a line of the original says so: there the document was flattened. */
export function printsItsPieces(document: PrintedDocument): void {
  const { original } = document;
  it.skipIf('missing' in original)('is what the original prints, line for line', () => {
    for (const { at, lines: printed, within } of document.pieces) {
      const lines = original as readonly string[];
      if (within === true)
        expect(lines.slice(at - 1, at - 1 + printed.length).join('\n')).toContain(printed.join('\n'));
      else expect(lines.slice(at - 1, at - 1 + printed.length)).toEqual(printed);
    }
  });
}
