// SPDX-License-Identifier: Apache-2.0
// How strong a new password is, while it is typed. Whether it is taken is the server's to say: what
// src/access/weak.c refuses is judged here by the same rule and the same words, so that nothing is called
// strong that would be refused. What is above that is ranked by what it costs to guess.
import { common, countMin, lengthMax, lengthMin, namesMax, rows, runMin, wordMin } from './guessed';

export type Level = 'none' | 'short' | 'long' | 'weak' | 'fair' | 'good' | 'strong';

/** What is said of each, and how far the meter goes: 0 to 4. */
export const verdicts: Record<Level, { value: number; word: string; says: string }> = {
	none: { value: 0, word: '', says: `At least ${lengthMin} characters; a sentence is best.` },
	short: { value: 1, word: 'Too short', says: `: at least ${lengthMin} characters.` },
	long: { value: 1, word: 'Too long', says: `: at most ${lengthMax} characters.` },
	weak: {
		value: 1,
		word: 'Too weak',
		says: ': words that many use, your own names, runs and repetitions count little. Take a sentence.',
	},
	fair: { value: 2, word: 'Fair', says: ': another word would make it better.' },
	good: { value: 3, word: 'Good', says: ': hard to guess.' },
	strong: { value: 4, word: 'Strong', says: ': very hard to guess.' },
};

// Bits that a guesser has to find. A sentence has 1.5 to a letter; what argon2id makes of a guess leaves 50
// out of reach of who has stolen the hashes.
const bitsOf = { known: 6, again: 1, blank: 1, within: 1.5, other: 4 };
const goodFrom = 30;
const strongFrom = 50;

/** Bytes, as the server has them: a character of a string for each. */
function bytesOf(text: string): string {
	return Array.from(new TextEncoder().encode(text), (b) => String.fromCharCode(b)).join('');
}

const lower = (s: string): string => s.replace(/[A-Z]/g, (c) => c.toLowerCase());
/** As guessers write it too: "p4$$w0rd". */
const plain = (s: string): string =>
	lower(s).replace(/[@4031!$57]/g, (c) => 'aaoeiisst'['@4031!$57'.indexOf(c)]!);

/** A text, such as a name or an address, and its words. */
function wordsOf(text: string): string[] {
	const all = [text, ...text.split(/[ .@\-_/]/)].map((w) => lower(bytesOf(w)));
	return all.filter((w) => w.length >= wordMin);
}

/** The letter of a word, or the letter that stands for it. */
function longest(rest: string, words: string[]): number {
	const [as, by] = [lower(rest), plain(rest)];
	const fits = (w: string): boolean =>
		w.length <= rest.length && [...w].every((c, i) => as[i] === c || by[i] === c);
	return Math.max(0, ...words.filter((w) => w.length >= wordMin && fits(w)).map((w) => w.length));
}

type Step = (a: string, b: string) => number | null;
const inAlphabet: Step = (a, b) => {
	const step = b.charCodeAt(0) - a.charCodeAt(0);
	return Math.abs(step) <= 1 ? step : null;
};
const onKeyboard: Step = (a, b) => {
	const row = rows.find((r) => r.includes(a) && Math.abs(r.indexOf(b) - r.indexOf(a)) === 1 && r.includes(b));
	return row ? row.indexOf(b) - row.indexOf(a) : null;
};

/** "aaaa", "1234", "dcba", "qwert": how long, in one direction. */
function runBy(rest: string, step: Step): number {
	const first = rest.length > 1 ? step(rest[0]!, rest[1]!) : null;
	let n = 1;
	while (first !== null && n < rest.length && step(rest[n - 1]!, rest[n]!) === first) n++;
	return n >= runMin ? n : 0;
}

/** The same again as just before: "abcabcabc" is "abc" once. */
function again(whole: string, at: number): number {
	for (let len = Math.min(at, whole.length - at); len >= 2; len--)
		if (whole.startsWith(whole.slice(at - len, at), at)) return len;
	return 0;
}

function known(rest: string, names: string[]): number {
	const low = lower(rest);
	const year = /^(19|20)\d\d/.test(rest) ? 4 : 0;
	return Math.max(
		longest(rest, common),
		longest(rest, names),
		runBy(low, inAlphabet),
		runBy(low, onKeyboard),
		year,
	);
}

/** Letters are those of alphabets, which UTF-8 has in one byte or two; a sign of Chinese says more. */
function bitsOfOne(before: string, c: string): number {
	if (c === ' ') return bitsOf.blank;
	const inWord = /[a-zA-Z\x80-\xbf]/.test(before) && /[a-zA-Z\xc3-\xdf]/.test(c);
	const newCase = /[a-z]/.test(before) && /[A-Z]/.test(c);
	return inWord && !newCase ? bitsOf.within : bitsOf.other;
}

/** What a guesser has to hit: its pieces, which the server counts, and about how many bits they are. */
export function guesses(text: string, own: string[] = []): { pieces: number; bits: number } {
	const whole = bytesOf(text);
	const names = own.flatMap(wordsOf).slice(0, namesMax);
	let [at, pieces, bits] = [0, 0, 0];
	while (at < whole.length) {
		const same = again(whole, at);
		const heard = same ? 0 : known(whole.slice(at), names);
		bits += same ? bitsOf.again : heard ? bitsOf.known : bitsOfOne(whole[at - 1] ?? '', whole[at]!);
		pieces += same ? 0 : 1;
		at += same || heard || 1;
		while (!same && /[\x80-\xbf]/.test(whole[at] ?? '')) at++; // the rest of a character
	}
	return { pieces, bits };
}

/** own: names that belong to the person. */
export function judge(text: string, own: string[] = []): Level {
	const length = [...text].length;
	if (length === 0) return 'none';
	if (length < lengthMin) return 'short';
	if (length > lengthMax) return 'long';
	const { pieces, bits } = guesses(text, own);
	if (pieces < countMin) return 'weak';
	return bits >= strongFrom ? 'strong' : bits >= goodFrom ? 'good' : 'fair';
}
