import createNextIntlPlugin from 'next-intl/plugin';

const withNextIntl = createNextIntlPlugin('./components/i18n/request.ts');

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  typedRoutes: true,
  // Native or stateful packages: they are loaded by Node, not bundled.
  serverExternalPackages: ['@libsql/client', 'libsql', '@node-rs/argon2', 'ioredis', 'pino', 'ws'],
  // Nothing on the desk needs the image optimiser, so its route is off.
  images: { unoptimized: true },
};

export default withNextIntl(config);
