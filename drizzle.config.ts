import { defineConfig } from 'drizzle-kit';

/** Used to write migrations only (`npx drizzle-kit generate --name …`); the server runs them at boot. */
export default defineConfig({ dialect: 'turso', schema: './db/schema/index.ts', out: './db/migrations' });
