// Bundles the live pages: one script and one style, named by their content so that browsers may keep them for ever.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build as esbuild } from 'esbuild';

/**
 * @param {string} root the project's folder.
 * @param {string} outdir where to; `index.html` is in it, what it loads in `assets`.
 */
export async function buildDashboard(root, outdir) {
  const from = join(root, 'src', 'dashboard');
  rmSync(outdir, { recursive: true, force: true }); // a bundle of before would be held in memory and served for ever
  const { metafile } = await esbuild({
    absWorkingDir: root,
    entryPoints: [join(from, 'main.tsx'), join(from, 'dashboard.css')],
    outdir: join(outdir, 'assets'),
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022'],
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  const assets = Object.keys(metafile.outputs).map((file) => `/assets/${basename(file)}`);
  const page = readFileSync(join(from, 'index.html'), 'utf8')
    .replace('%SCRIPT%', assets.find((file) => file.endsWith('.js')))
    .replace('%STYLE%', assets.find((file) => file.endsWith('.css')));
  writeFileSync(join(outdir, 'index.html'), page);
}
