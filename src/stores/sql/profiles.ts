import { sql } from 'kysely';
import type { ProfileReads, ProfileVersion, ProfileWrites } from '../../ports/index.ts';
import type { ImportedForm } from '../../token/index.ts';
import type { Schema } from './schema.ts';
import type { Session } from './session.ts';

export function profileReads({ db }: Session): ProfileReads {
  const newest = db.selectFrom('profile_version').selectAll().orderBy('version', 'desc').limit(1);

  return {
    async inForce() {
      const row = await newest.executeTakeFirst();
      return row === undefined ? null : toVersion(row);
    },

    async findByDigest(digest) {
      const row = await newest.where('digest', '=', digest).executeTakeFirst();
      return row === undefined ? null : toVersion(row);
    },
  };
}

export function profileWrites(session: Session): ProfileWrites {
  const { db, rowLocks } = session;

  return {
    ...profileReads(session),

    async append({ name, digest, document, appliedAt, imports }) {
      // There may be no row to lock yet, and two processes start with the same file.
      if (rowLocks) await sql`lock table profile_version in share row exclusive mode`.execute(db);
      const before = await db
        .selectFrom('profile_version')
        .select('imports')
        .orderBy('version', 'desc')
        .executeTakeFirst();
      const kept = imports === undefined ? (before?.imports ?? null) : JSON.stringify(imports);
      const { version } = await db
        .insertInto('profile_version')
        .columns(['version', 'name', 'digest', 'document', 'applied_at', 'imports'])
        .expression((select) =>
          select
            .selectFrom('profile_version')
            .select([
              sql<number>`coalesce(max(version), 0) + 1`.as('version'),
              sql<string>`cast(${name} as text)`.as('name'),
              sql<string>`cast(${digest} as text)`.as('digest'),
              sql<string>`cast(${document} as text)`.as('document'),
              sql<number>`cast(${appliedAt} as bigint)`.as('applied_at'),
              sql<string | null>`cast(${kept} as text)`.as('imports'),
            ]),
        )
        .returning('version')
        .executeTakeFirstOrThrow();
      return version;
    },
  };
}

function toVersion(row: Schema['profile_version']): ProfileVersion {
  return {
    version: row.version,
    name: row.name,
    digest: row.digest,
    document: row.document,
    appliedAt: row.applied_at,
    ...(row.imports !== null && { imports: JSON.parse(row.imports) as readonly ImportedForm[] }),
  };
}
