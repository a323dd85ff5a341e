/** What an upload may be. Sizes are bytes, a megabyte being a million of them. */
export interface Limits {
  readonly uploadBytesMax: number;
  /** Of all files of an archive together, counted while they are inflated. */
  readonly inflatedBytesMax: number;
  /** How many times its own size an archive may inflate to. */
  readonly ratioMax: number;
  readonly entriesMax: number;
  /** Uploads that are received and unpacked at the same time; further ones are asked to come back. */
  readonly installsAtOnceMax: number;
  /** How many of those may be of one workspace: whoever sends slowly keeps nobody else from installing. */
  readonly installsOfOneMax: number;
  /** How long a client may send nothing before its upload is given up. */
  readonly stallMs: number;
}

export const LIMITS: Limits = {
  uploadBytesMax: 50_000_000,
  inflatedBytesMax: 200_000_000,
  ratioMax: 100,
  entriesMax: 5_000,
  installsAtOnceMax: 4,
  installsOfOneMax: 3,
  stallMs: 30_000,
};

/** A size as a sentence names it. */
export function megabytes(bytes: number): string {
  return `${bytes / 1_000_000} MB`;
}
