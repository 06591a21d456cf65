// SPDX-License-Identifier: Apache-2.0
// Builds the web UI into dist/: hashed files under assets/, the page that names them, and what must
// keep its name (service worker, manifest, icons). tools/pack takes the folder into the program.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, 'dist');
const common = {
	bundle: true,
	minify: true,
	format: 'esm',
	target: ['es2022'],
	logLevel: 'warning',
	jsx: 'automatic',
	jsxImportSource: 'preact',
	absWorkingDir: here,
	metafile: true,
	legalComments: 'none',
};

/** entry name -> "assets/main-ABC.js" */
function outputs(result) {
	const found = {};
	for (const [file, o] of Object.entries(result.metafile.outputs))
		if (o.entryPoint) found[basename(o.entryPoint)] = { js: file.slice(5), css: o.cssBundle?.slice(5) };
	return found;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const workers = await build({
	...common,
	format: 'iife',
	entryPoints: ['src/stream.worker.ts', 'src/theme.ts', 'src/style/drafts.css', 'src/style/room.css'],
	outdir: 'dist/assets',
	entryNames: '[name]-[hash]',
});
const small = outputs(workers);
const app = await build({
	...common,
	entryPoints: ['src/main.tsx'],
	outdir: 'dist/assets',
	splitting: true,
	entryNames: '[name]-[hash]',
	chunkNames: '[name]-[hash]',
	define: {
		WORKER_URL: JSON.stringify('/' + small['stream.worker.ts'].js),
		DRAFTS_URL: JSON.stringify('/' + small['drafts.css'].js), // its file, whatever its kind
		ROOM_URL: JSON.stringify('/' + small['room.css'].js),
	},
});
const main = outputs(app)['main.tsx'];

/** What a script imports by name, and what that imports: the page names it, so that all comes at once. */
function needs(file, found = new Set()) {
	for (const i of app.metafile.outputs[file].imports)
		if (i.kind === 'import-statement' && !found.has(i.path)) needs(i.path, found.add(i.path));
	return found;
}
const preloads = [...needs('dist/' + main.js)].map((f) => `<link rel="modulepreload" href="/${f.slice(5)}">`);

// The page is the same for every address, so all of it is known to the service worker.
const files = Object.keys(app.metafile.outputs)
	.map((f) => '/' + f.slice(5))
	.concat(Object.values(small).map((o) => '/' + o.js));
await build({
	...common,
	format: 'iife',
	entryPoints: ['src/sw.ts'],
	outfile: 'dist/sw.js',
	define: { FILES: JSON.stringify(files), VERSION: JSON.stringify(main.js) },
});

// Pages that the server writes ask for it by this name.
await build({ ...common, format: 'iife', entryPoints: ['src/door.ts'], outfile: 'dist/door.js' });

writeFileSync(
	join(out, 'index.html'),
	readFileSync(join(here, 'index.html'), 'utf8')
		.replace('THEME', '/' + small['theme.ts'].js)
		.replace('STYLE', '/' + main.css)
		.replace('<script type="module"', preloads.join('\n') + '\n<script type="module"')
		.replace('SCRIPT', '/' + main.js),
);
cpSync(join(here, 'static'), out, { recursive: true });
